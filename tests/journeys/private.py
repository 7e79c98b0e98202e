"""What must not be left of a person, and where to look for it."""

import gc
import types
from collections.abc import Iterable, Iterator

from devices.testbed.cards import sample_card

ENTERED = ("13900001234", "changchunshichaoyangqu")
_CLOSED = (types.ModuleType, type, types.FrameType)
_ROOMS = ("kiosk.", "screens.", "devices.", "builtins", "collections", "functools")


def personal(card: str) -> tuple[str, ...]:
    """Words that tell about the owner of a sample card who filled in what Resident fills in."""
    document = sample_card(card).document
    assert document is not None
    said = (document.number, document.name, document.address, *ENTERED)
    return tuple(words for words in said if words)


def found(words: Iterable[str], text: str) -> list[str]:
    return [word for word in words if word in text]


def texts_within(*roots: object) -> Iterator[str]:
    """Every string that can be reached from here through objects of ours; the rooms themselves
    (store, workers, wires) and code are not entered."""
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, str):
            yield thing
        elif isinstance(thing, types.FunctionType):
            waiting.extend(cell.cell_contents for cell in thing.__closure__ or () if _full(cell))
        elif not isinstance(thing, _CLOSED) and type(thing).__module__.startswith(_ROOMS):
            waiting.extend(gc.get_referents(thing))


def _full(cell: types.CellType) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True
