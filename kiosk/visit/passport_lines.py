"""The printed lines of a passport: shown to the camera, or typed."""

from collections.abc import Callable

from kiosk.printed_lines import PrintedLines, Way
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import LinesView
from kiosk.visit.core import VisitCore


class PassportLines(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self.printed_lines = PrintedLines(
            words=lambda: self.words,
            today=lambda: rooms.clock.now().astimezone().date(),
            done=self._lines_known,
            changed=self._changed,
        )

    @property
    def lines(self) -> LinesView:
        part = self.printed_lines
        fault = None if part.fault_code is None else self._view(part.fault_code)
        return LinesView(part.way.value, self._sees_lines, fault, part.started)

    def show_lines(self) -> None:
        """To the camera."""
        self._need(Step.PRINTED_LINES)
        if self._sees_lines:
            self.printed_lines.way = Way.CAMERA
            self.printed_lines.calm()
            self._open_line_reading()
            self._changed()

    def type_lines(self) -> None:
        """By hand; what the camera read stands there already."""
        self._need(Step.PRINTED_LINES)
        self._close_line_reading()
        self.printed_lines.way = Way.TYPED
        self.printed_lines.calm()
        self._changed()

    # ---- inside

    def _lines_known(self) -> None:
        """Both ways lead here: now the chip can be opened. `Identifying` says it."""

    @property
    def _sees_lines(self) -> bool:
        return False

    def _ask_for_lines(self) -> None:
        """Begin with the easier way this kiosk has; after a refusal by hand, to compare."""
        part = self.printed_lines
        if part.fault_code is None and not part.started and self._sees_lines:
            part.way = Way.CAMERA
        if part.way is Way.CAMERA:
            self._open_line_reading()
        self._go(Step.PRINTED_LINES)

    def _open_line_reading(self) -> None:
        """The camera is not asked yet."""

    def _tick_lines(self) -> None:
        """The camera is not asked yet."""

    def _retry_lines(self) -> None:
        self.printed_lines.calm()

    def _close_line_reading(self) -> None:
        """The camera is not asked yet."""
