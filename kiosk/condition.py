"""How the parts of this kiosk stand right now, looked at again and again while staff watch.

Each part is asked on the lane that works with it, so nothing is looked at twice at once and
nobody waits. No card is read and no picture kept: readers are only asked whether they answer.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from devices.cards.events import CardReader
from devices.errors import DeviceFault
from devices.vision.mat_taking import frames_of
from devices.vision.pages import find_page
from kiosk.desk_mat import FRAMES, MatState
from kiosk.hub_line import HubFault
from kiosk.rooms import Rooms
from kiosk.scanning import CameraSource
from offline_store.outbox import OutboxItem

T = TypeVar("T")

_CARD_LOOK = 0.05
"""Seconds a reader is given to say whether a card lies there; it answers in any case."""
_CAMERA_GONE = 2.5
"""Seconds without a new picture after which the camera counts as gone."""
_MAT_SECONDS = 4.0
"""Seconds in which the pictures for a new mat must have come."""
_LINE_EVERY = 5.0
"""Seconds between two questions to the hub."""


@dataclass
class Known:
    """What is known by now; None: not yet looked at."""

    readers: dict[str, bool] = field(default_factory=dict)
    camera: bool | None = None
    mat: MatState | None = None
    """How the picture of the empty mat stands."""
    printer_looked: bool = False
    printer_fault: str | None = None
    receipts_left: int | None = None
    """About how many the roll still gives; None: not known."""
    pages_looked: bool = False
    pages_fault: str | None = None
    line_fault: str | None = None
    line_ms: int | None = None
    waiting: tuple[OutboxItem, ...] | None = None
    shelf: tuple[OutboxItem, ...] = ()


class Condition:
    """Lives on the UI thread, from entering the staff's page to leaving it."""

    def __init__(self, rooms: Rooms, changed: Callable[[], None]) -> None:
        self.known = Known()
        self._rooms = rooms
        self._changed = changed
        self._closed = False
        self._next = self._next_line = 0.0
        self._under_way: set[str] = set()
        self._readers: Sequence[CardReader] = rooms.readers(lambda: None)
        self._camera: CameraSource | None = rooms.camera() if rooms.camera else None
        self._last_frame = -1
        self._frame_at = rooms.clock.monotonic()
        if self._camera is not None:
            self._do("vision", "start", self._camera.start, lambda _: None)
        self.tick()

    def tick(self) -> None:
        """Look again when it is time; what is still being asked is not asked twice."""
        if self._closed:
            return
        self._look_at_camera()
        now = self._rooms.clock.monotonic()
        if now >= self._next:
            self._next = now + self._rooms.timings.status_poll
            self._look()
        if now >= self._next_line:
            self._next_line = now + _LINE_EVERY
            self._do("hub", "line", self._ask_hub, self._hub_said)

    def look_at_outbox(self) -> None:
        """Something was done to it: look now."""
        rooms = self._rooms
        self._do(
            "store", "outbox",
            lambda: (tuple(rooms.store.outbox.waiting()), tuple(rooms.store.outbox.shelf())),
            self._store_said,
        )

    def _look(self) -> None:
        self._do("cards", "readers", self._ask_readers, self.known.readers.update)
        self._do("printer", "printer", self._ask_printer, self._printer_said)
        if self._rooms.config.devices.page_printer:
            self._do("pages", "pages", self._rooms.printing.page_fault, self._pages_said)
        self.look_at_mat()
        self.look_at_outbox()

    def take_mat(self) -> None:
        """Learn the empty mat from what the camera sees now (on the "vision" lane).

        Raises DeviceFault, OSError.
        """
        mat = self._rooms.desk_mat
        if self._camera is None or mat is None:
            raise DeviceFault("camera.gone")
        mat.take(frames_of(self._camera, FRAMES, _MAT_SECONDS))

    def look_at_mat(self) -> None:
        """It was taken: look now."""
        if self._camera is not None and self._rooms.desk_mat is not None:
            self._do("vision", "mat", self._ask_mat, self._mat_said)

    def close(self) -> None:
        """Let go of readers and camera."""
        if self._closed:
            return
        self._closed = True
        readers, camera = self._readers, self._camera

        def let_go() -> None:
            for reader in readers:
                reader.close()

        submit = self._rooms.workers.submit
        submit("cards", let_go, lambda _: None, lambda _: None, must=True)
        if camera is not None:
            submit("vision", camera.stop, lambda _: None, lambda _: None, must=True)

    # ---- inside

    def _do(
        self, lane: str, what: str, work: Callable[[], T], done: Callable[[T], None]
    ) -> None:
        if what in self._under_way:
            return
        self._under_way.add(what)

        def came(result: T) -> None:
            self._under_way.discard(what)
            if not self._closed:
                before = self._state()
                done(result)
                if self._state() != before:
                    self._changed()

        def failed(_: Exception) -> None:
            self._under_way.discard(what)

        self._rooms.workers.submit(lane, work, came, failed)

    def _state(self) -> str:
        return repr(self.known)

    def _ask_readers(self) -> dict[str, bool]:
        said = {}
        for reader in self._readers:
            try:
                reader.wait_for_card(_CARD_LOOK)
                said[reader.name] = True
            except DeviceFault:
                said[reader.name] = False
        return said

    def _look_at_camera(self) -> None:
        """The camera's own thread brings pictures; here only their number is looked at."""
        if self._camera is None:
            return
        frame, now = self._camera.latest(), self._rooms.clock.monotonic()
        alive = self.known.camera
        if frame is not None and frame.number != self._last_frame:
            self._last_frame, self._frame_at = frame.number, now
            alive = True
        elif now - self._frame_at > _CAMERA_GONE:
            alive = False
        if alive is not self.known.camera:
            self.known.camera = alive
            self._changed()

    def _ask_mat(self) -> MatState:
        camera, mat = self._camera, self._rooms.desk_mat
        assert camera is not None
        assert mat is not None
        frame = camera.latest()
        if frame is not None:
            mat.saw(frame, find_page(frame.image, mat.current()) is not None)
        return mat.state

    def _mat_said(self, state: MatState) -> None:
        self.known.mat = state

    def _ask_printer(self) -> tuple[str | None, int | None]:
        printing = self._rooms.printing
        return printing.paper_fault(), printing.paper.receipts

    def _printer_said(self, said: tuple[str | None, int | None]) -> None:
        known = self.known
        known.printer_looked = True
        known.printer_fault, known.receipts_left = said

    def _pages_said(self, fault: str | None) -> None:
        self.known.pages_looked, self.known.pages_fault = True, fault

    def _ask_hub(self) -> tuple[str | None, int]:
        began = time.monotonic()
        try:
            self._rooms.hub.line.get("/v1/health")
        except HubFault as fault:
            return fault.code, 0
        return None, round((time.monotonic() - began) * 1000)

    def _hub_said(self, said: tuple[str | None, int]) -> None:
        fault, took = said
        # In steps: a number that trembles by a millisecond would draw the page anew each time.
        self.known.line_fault = fault
        self.known.line_ms = None if fault else max(10, round(took, -1))

    def _store_said(self, said: tuple[tuple[OutboxItem, ...], tuple[OutboxItem, ...]]) -> None:
        self.known.waiting, self.known.shelf = said


def oldest(items: Sequence[OutboxItem]) -> datetime | None:
    """When the oldest of these was handed in."""
    return min((datetime.fromisoformat(item.created) for item in items), default=None)
