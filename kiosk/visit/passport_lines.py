"""The printed lines of a passport: shown to the camera, or typed."""

from collections.abc import Callable
from datetime import date

from kiosk.line_reading import LineReading
from kiosk.printed_lines import PrintedLines, SeenLines, Way
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import LinesView, LiveView
from kiosk.visit.core import VisitCore

_NOT_YET = 2
"""After so many pictures without the lines the screen says how to lay the page."""


class PassportLines(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._line_reading: LineReading | None = None
        self.printed_lines = PrintedLines(
            words=lambda: self.words,
            today=self._today,
            done=self._lines_known,
            changed=self._changed,
        )

    @property
    def lines(self) -> LinesView:
        part = self.printed_lines
        # Typed lines are tried again by "next"; the camera is by touching "try again".
        actions = ("retry", "help") if part.way is Way.CAMERA else ("help",)
        fault = None if part.fault_code is None else self._view(part.fault_code, actions)
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

    def lines_live(self) -> LiveView:
        """The newest picture; called once a frame, cheap."""
        reading, words = self._line_reading, self.words
        seen = reading.seen if reading is not None else None
        fault = self.lines.fault
        if reading is None or seen is None:
            return LiveView(None, -1, None, words("One moment, the camera is starting…"), fault,
                            0.0)
        height, width = seen.frame.image.shape[:2]
        corners = None
        if seen.quad is not None:
            corners = tuple((float(x) / width, float(y) / height) for x, y in seen.quad.corners)
        if reading.under_way and corners is not None:
            advice = words("I am looking for the lines…")
        elif reading.tries >= _NOT_YET and corners is not None:
            advice = words("I cannot find the lines yet. Please lay the page flat, without glare.")
        else:
            advice = words("Lay the open photo page flat under the camera.")
        return LiveView(
            seen.frame.image[..., ::-1], seen.frame.number, corners, advice, fault, seen.steady
        )

    # ---- inside

    def _lines_known(self) -> None:
        """Both ways lead here: now the chip can be opened. `Identifying` says it."""

    def _today(self) -> date:
        return self._rooms.clock.now().astimezone().date()

    @property
    def _sees_lines(self) -> bool:
        return self._rooms.camera is not None and self._rooms.text_reader is not None

    def _ask_for_lines(self) -> None:
        """Begin with the easier way this kiosk has; after a refusal by hand, to compare."""
        part = self.printed_lines
        if part.fault_code is None and not part.started and self._sees_lines:
            part.way = Way.CAMERA
        if part.way is Way.CAMERA:
            self._open_line_reading()
        self._go(Step.PRINTED_LINES)

    def _open_line_reading(self) -> None:
        self._close_line_reading()
        camera, reader = self._rooms.camera, self._rooms.text_reader
        assert camera is not None
        assert reader is not None
        self._line_reading = LineReading(
            camera(), reader, self._rooms.workers, self._today(), self._lines_seen,
            self._lines_failed, self._rooms.desk_mat,
        )

    def _lines_seen(self, lines: SeenLines) -> None:
        self._close_line_reading()
        self.printed_lines.seen(lines)

    def _lines_failed(self, code: str) -> None:
        self.printed_lines.fault_code = code
        self._changed()

    def _tick_lines(self) -> None:
        reading = self._line_reading
        if reading is None:
            return
        reading.tick()
        gone = self.printed_lines.fault_code == "camera.gone"
        if reading.camera_gone != gone and (gone or self.printed_lines.fault_code is None):
            self.printed_lines.fault_code = "camera.gone" if reading.camera_gone else None
            self._changed()

    def _retry_lines(self) -> None:
        self.printed_lines.calm()
        if self.printed_lines.way is Way.CAMERA:
            self._open_line_reading()

    def _close_line_reading(self) -> None:
        if self._line_reading is not None:
            self._line_reading.close()
            self._line_reading = None
