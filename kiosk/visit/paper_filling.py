"""Filling a page of the form from a paper under the camera."""

from collections.abc import Callable

from devices.errors import DeviceFault
from devices.ocr.fields import Paper
from kiosk.reading import Unfit, fill_from, fillable, read_paper
from kiosk.rooms import Rooms
from kiosk.scanning import Captured, Scanning
from kiosk.steps import Step
from kiosk.views import FormView, ReadingView
from kiosk.visit.handing_in import HandingIn
from kiosk.visit.papers import Papers

_ABOUT_SECONDS = 5
"""How long reading takes on a kiosk with two cores, the engine's start included."""


class PaperFilling(Papers, HandingIn):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._fills_form = False
        """The camera is open to fill the form, not for a material."""
        self._reading: Scanning | None = None
        """Whose picture is being read."""
        self._reading_fault: str | None = None
        self._filled: tuple[int, int] | None = None
        """(page, how many of its fields were just filled)."""

    @property
    def form(self) -> FormView:
        view = super().form
        if self._rooms.text_reader is None or self._rooms.camera is None:
            return view
        note = ""
        if self._filled is not None and self._filled[0] == view.page:
            note = self.words.plural(
                "{n} answer was read from the paper. Please check it.",
                "{n} answers were read from the paper. Please check them.",
                self._filled[1],
            )
        able = bool(fillable(self._app, [field.id for field in view.fields]))
        return FormView(**{**vars(view), "paper": able, "note": note})

    def fill_from_paper(self) -> None:
        """Open the camera; the page that lies still under it fills this page of the form."""
        self._need(Step.FORM)
        if self._rooms.camera is None or self._rooms.text_reader is None:
            self._fail_step("camera.gone")
            return
        self._rooms.text_reader.warm_up()
        self._open_camera(self._rooms.camera)
        self._fills_form = True
        self._reading_fault = None
        self._go(Step.SCAN)

    @property
    def reading(self) -> ReadingView | None:
        """What the scan screen says when it fills a form; None when it scans a material."""
        if not self._fills_form:
            return None
        fault = None
        if self._reading_fault is not None:
            fault = self._view(self._reading_fault)
        return ReadingView(self._reading is not None, _ABOUT_SECONDS, fault)

    def scan_material(self, material_id: str) -> None:
        self._fills_form = False
        super().scan_material(material_id)

    def skip(self) -> None:
        """Back to the form, to type what the paper would have said."""
        if self.step is Step.SCAN and self._fills_form:
            self._close_scanning()
            self._go(Step.FORM)
        else:
            super().skip()

    def retake(self) -> None:
        self._reading_fault = None
        super().retake()

    def read_captured(self) -> None:
        """Read the page that was taken (by itself for a good one; a poor one when the person
        insists)."""
        self._need(Step.SCAN)
        captured, scanning, reader = self._captured, self._scanning, self._rooms.text_reader
        if captured is None or scanning is None or reader is None or self._reading is not None:
            return
        image, today = captured.image, self._rooms.clock.now().astimezone().date()
        self._reading, self._reading_fault = scanning, None
        self._rooms.workers.submit(
            "ocr", lambda: read_paper(reader, image, today),
            lambda paper: self._was_read(paper, scanning),
            lambda error: self._not_read(error, scanning),
        )
        self._changed()

    def _has_captured(self, captured: Captured) -> None:
        super()._has_captured(captured)
        if self._fills_form and captured.code is None:
            self.read_captured()

    def _turn_upright(self, captured: Captured) -> None:
        if not self._fills_form:  # the reader reads it whichever way it lies
            super()._turn_upright(captured)

    def _was_read(self, paper: Paper, scanning: Scanning) -> None:
        if scanning is not self._reading:
            return  # they went away meanwhile
        try:
            filled = fill_from(paper, self._app, [field.id for field in self.form.fields])
        except Unfit as unfit:
            self._not_read(unfit, scanning)
            return
        self._close_scanning()
        self._filled = (self._page, filled)
        self._go(Step.FORM)

    def _not_read(self, error: Exception, scanning: Scanning) -> None:
        if scanning is not self._reading:
            return
        self._reading = None
        self._reading_fault = (
            error.code if isinstance(error, Unfit | DeviceFault) else "unexpected"
        )
        self._changed()

    def _close_scanning(self) -> None:
        super()._close_scanning()
        self._reading = None

    def _forget_reading(self) -> None:
        """Nothing of what was read stays: the engine's process ends."""
        self._filled = None
        if self._rooms.text_reader is not None:
            self._rooms.text_reader.rest()
