"""The settings as a technician sees them: what holds here, who says so, and the next values."""

from dataclasses import dataclass
from typing import Any

from kiosk.contract.settings import InForce, Layer, Option, SettingError, check, options
from kiosk.views import FaultView
from kiosk.words import Words

_LAYER_WORDS = {
    Layer.DEFAULT: "As delivered",
    Layer.CITY: "Set for the city",
    Layer.COUNTY: "Set for the county",
    Layer.STREET: "Set for the street",
    Layer.KIOSK: "Set at this kiosk",
}


@dataclass(frozen=True)
class SettingRow:
    """One option."""

    name: str
    text: str
    """What it is for."""
    value: str
    said_by: str
    here: bool
    """This kiosk's own file says it, so it can be taken back."""
    less: Any = None
    more: Any = None
    """The values one touch away; None at a bound, and where nothing is stepped."""


@dataclass(frozen=True)
class SettingsView:
    rows: tuple[SettingRow, ...]
    said: str
    fault: FaultView | None
    busy: bool


def setting_rows(words: Words, held: InForce) -> tuple[SettingRow, ...]:
    """Every option that is not about one kiosk's wires."""
    return tuple(
        _row(words, option, held) for option in options().values() if option.shared
    )


def _row(words: Words, option: Option, held: InForce) -> SettingRow:
    value, layer = held.value(option.name), held.layer(option.name)
    return SettingRow(
        name=option.name,
        text=words(option.text),
        value=words.pick(value) if isinstance(value, dict) else _number(value),
        said_by=words(_LAYER_WORDS[layer]),
        here=layer is Layer.KIOSK,
        less=_next(option, value, -1),
        more=_next(option, value, 1),
    )


def _number(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _next(option: Option, value: Any, way: int) -> Any:
    """The next whole step up or down; None where that would be out of bounds."""
    step = option.step
    if step is None:
        return None
    number = (value // step + way) * step
    if way < 0 and number + step < value:  # it stood between two steps
        number += step
    try:
        return check(option.name, number)
    except SettingError:
        return None
