"""The named states at which a life may end, and how a process is told to end there.

Those of the store and of the hub are in their own code (crash_points, crashpoints). The others lie
between two steps of code that knows nothing of it: the real function runs to its end (or is not
entered), and then the process dies by SIGKILL.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from hub import crashpoints
from offline_store import crash_points

Who = Literal["kiosk", "hub"]
When = Literal["before", "after", "midway"]
_MIDWAY_ITEMS = 6
"""A receipt has some forty lines; this many of them are on paper."""


@dataclass(frozen=True)
class State:
    """who: which process ends there. stage: what it is doing. place: "module:name" of the function
    and when around it; None for a point of the code's own."""

    name: str
    who: Who
    stage: str
    place: tuple[str, When] | None = None


def _of_the_store() -> Iterator[State]:
    stages = {"outbox.commit": "commit", "outbox.confirm": "delete", "outbox.printed": "print",
              "catalog": "catalog swap", "migrate": "migrate"}  # fmt: skip
    for point in crash_points.POINTS:
        found = [stage for start, stage in stages.items() if point.startswith(start)]
        yield State(point, "kiosk", found[0] if found else "store")


STATES: tuple[State, ...] = (
    *_of_the_store(),
    State("print.begin", "kiosk", "print",
          ("devices.printers.receipt_printer:ReceiptPrinter.print", "before")),
    State("print.midway", "kiosk", "print",
          ("devices.printers.receipt_printer:encode_parts", "midway")),
    State("print.cut", "kiosk", "print",
          ("devices.printers.receipt_printer:ReceiptPrinter.print", "after")),
    State("upload.announced", "kiosk", "upload", ("kiosk.hub_line:HubLine.announce", "after")),
    State("upload.noted", "kiosk", "upload", ("offline_store.outbox:Outbox.announced", "after")),
    State("upload.chunk", "kiosk", "upload", ("kiosk.hub_line:HubLine.upload_chunk", "after")),
    State("upload.receipt", "kiosk", "upload", ("kiosk.hub_line:HubLine.receipt", "after")),
    State("enrol.key", "kiosk", "enrol", ("kiosk.device_identity:_new_key", "after")),
    State("enrol.answered", "kiosk", "enrol", ("kiosk.device_identity:_save", "before")),
    State("enrol.saved", "kiosk", "enrol", ("kiosk.device_identity:_save", "after")),
    State("hub.announced", "hub", "upload", ("hub.intake:announce", "after")),
    State("hub.chunk", "hub", "upload", ("hub.durable:sync_folder", "after")),
    State("hub.move", "hub", "file", ("hub.durable:move", "after")),
    State("hub.case", "hub", "file", ("hub.filing:make_case", "after")),
    *(State(point, "hub", "file") for point in crashpoints.POINTS),
)  # fmt: skip
BY_NAME = {state.name: state for state in STATES}


def arm(name: str) -> None:
    """End this process by SIGKILL when it reaches the state. Raises KeyError for an unknown one."""
    state = BY_NAME[name]
    if state.place is None:
        variable = crash_points.VARIABLE if state.who == "kiosk" else crashpoints.VARIABLE
        os.environ[variable] = name
        return
    place, when = state.place
    owner, attribute, function = found(place)
    setattr(owner, attribute, _deadly(function, when))


def found(place: str) -> tuple[Any, str, Callable[..., Any]]:
    """What holds the function at "module:name", by which name, and the function itself."""
    module, _, name = place.partition(":")
    owner: Any = importlib.import_module(module)
    *owners, attribute = name.split(".")
    for part in owners:
        owner = getattr(owner, part)
    return owner, attribute, getattr(owner, attribute)


def die() -> None:
    """As a power cut would: nothing is flushed, closed or told."""
    os.kill(os.getpid(), signal.SIGKILL)


def _deadly(function: Callable[..., Any], when: When) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def later(*arguments: Any, **named: Any) -> None:
            await function(*arguments, **named)
            die()

        return later

    @functools.wraps(function)
    def at_once(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die()
        answer = function(*arguments, **named)
        if when == "midway":
            return _some_of(answer)
        die()
        return answer

    return at_once


def _some_of(parts: Any) -> Iterator[Any]:
    for number, part in enumerate(parts):
        if number == _MIDWAY_ITEMS:
            die()
        yield part
