"""Advice before any identity: "Can I do this?", the guide on paper, the paper forms."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from devices.printers.page_printer import PagesCancelled
from kiosk.drawn_sheets import as_pdf, draw_sheet
from kiosk.guide_paper import guide_layout
from kiosk.guide_views import (
    CheckOutcome,
    CheckView,
    PaperState,
    ServiceView,
    SheetPicture,
    SheetView,
)
from kiosk.printing import PageJob, PrintJob, WrongVisit
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.visit.finding import Finding


class Advising(Finding):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._check = 0
        """How many questions were answered rightly; nothing else is kept of them."""
        self._check_failed = False
        self._sheet_id = ""
        self._sample = False
        self._sheet_picture: SheetPicture | None = None
        self._slip = PaperState.NONE
        """Of the guide or the form on the present step."""
        self._papers = self._drawings = 0
        """Numbers of the newest: what comes back late for an older one is dropped."""

    # ---- can I do this?

    def open_checks(self) -> None:
        self._need(Step.SERVICE)
        if self.service.checks:
            self._go(Step.CHECK)

    @property
    def check_view(self) -> CheckView:
        assert self._service is not None
        checks = self._service["checks"]
        outcome, sentence = CheckOutcome.CAN, ""
        if self._check < len(checks):
            check = checks[self._check]
            outcome = CheckOutcome.CANNOT if self._check_failed else CheckOutcome.ASKING
            sentence = self.words.pick(
                check["otherwise"] if self._check_failed else check["question"]
            )
        return CheckView(
            service=self.words.pick(self._service["name"]),
            outcome=outcome,
            number=min(self._check + 1, len(checks)),
            total=len(checks),
            sentence=sentence,
        )

    def answer_check(self, yes: bool) -> None:
        """The answer itself is not kept, only whether the next question follows."""
        self._need(Step.CHECK)
        assert self._service is not None
        if self.check_view.outcome is CheckOutcome.ASKING:
            right = self._service["checks"][self._check]["right"]
            if yes == (right == "yes"):
                self._check += 1
            else:
                self._check_failed = True
            self._changed()

    def leave_checks(self) -> None:
        """Back to the guide from any question."""
        self._need(Step.CHECK)
        self._go(Step.SERVICE)

    def _back_in_checks(self) -> bool:
        """To the question before; False when there is none."""
        if self._check_failed:
            self._check_failed = False
        elif self._check:
            self._check -= 1
        else:
            return False
        self._changed()
        return True

    # ---- the guide on paper

    @property
    def service(self) -> ServiceView:
        return replace(
            super().service,
            can_print=bool(self._rooms.config.devices.printer),
            paper=self._slip,
        )

    def print_guide(self) -> None:
        """The guide as a slip to take along; faults stand on the step."""
        self._need(Step.SERVICE)
        rooms, visit_id = self._rooms, self.id
        if self._slip is PaperState.PRINTING or not rooms.config.devices.printer:
            return
        assert self._service is not None
        place = rooms.config.place
        layout = guide_layout(
            self.words, self._service, self.words.pick(place.hall), place.phone,
            rooms.clock.now(), rooms.store.catalog.version(),
        )
        job = PrintJob(visit_id, f"guide {self._service['code']}", layout, receipt=False)

        def work() -> str | None:
            fault = rooms.printing.paper_fault()
            if fault is None:
                rooms.printing.print(job, visit_id)
            return fault

        self._put_on_paper("printer", work)

    # ---- paper forms

    def open_sheet(self, sheet_id: str) -> None:
        self._need(Step.SERVICE)
        if sheet_id in self._sheets:
            self._sheet_id, self._sample = sheet_id, False
            self._go(Step.SHEET)

    def show_sample(self, sample: bool) -> None:
        """The form filled in as a sample, or blank."""
        self._need(Step.SHEET)
        if sample != self._sample:
            self._sample = sample
            self._draw_sheet()
            self._changed()

    @property
    def sheet_view(self) -> SheetView:
        return SheetView(
            title=self.words.pick(self._sheets[self._sheet_id]["title"]),
            sample=self._sample,
            picture=self._sheet_picture,
            can_print=self._rooms.printing.has_pages,
            paper=self._slip,
        )

    def print_sheet(self) -> None:
        """The page as it is shown, on the A4 printer; faults stand on the step."""
        self._need(Step.SHEET)
        rooms, visit_id = self._rooms, self.id
        if self._slip is PaperState.PRINTING or not rooms.printing.has_pages:
            return
        sheet, language, sample = self._sheets[self._sheet_id], self.language, self._sample

        def work() -> str | None:
            document = as_pdf(draw_sheet(sheet, language, sample))
            job = PageJob(visit_id, f"form {sheet['id']}", document)
            # Cancelled when the visit is over: nobody is here for the page.
            with suppress(PagesCancelled, WrongVisit):
                rooms.printing.print_pages(job, visit_id)
            return None

        self._put_on_paper("pages", work)

    def _draw_sheet(self) -> None:
        self._drawings += 1
        number = self._drawings
        sheet, language, sample = self._sheets[self._sheet_id], self.language, self._sample
        self._sheet_picture = None
        if not self._paper_busy:
            self._slip = PaperState.NONE

        def drawn(picture: SheetPicture) -> None:
            if number == self._drawings and self.step is Step.SHEET:
                self._sheet_picture = picture
                self._changed()

        def not_drawn(error: Exception) -> None:
            if number == self._drawings and self.step is Step.SHEET:
                self._fail_step("unexpected")

        self._rooms.workers.submit(
            "drawing", lambda: SheetPicture(np.asarray(draw_sheet(sheet, language, sample))),
            drawn, not_drawn,
        )

    # ---- inside

    def _put_on_paper(self, lane: str, work: Callable[[], str | None]) -> None:
        """`work` returns a fault code or None, or raises with one."""
        self._papers += 1
        number = self._papers

        def ended(fault: str | None) -> None:
            if number == self._papers:  # else the person has gone on to something else
                self._slip = PaperState.PRINTED if fault is None else PaperState.NONE
                self._step_fault = fault
                self._changed()

        self._slip = PaperState.PRINTING
        self._step_fault = None
        self._rooms.workers.submit(
            lane, work, ended, lambda error: ended(str(getattr(error, "code", "unexpected")))
        )
        self._changed()

    @property
    def _paper_busy(self) -> bool:
        return self._slip is PaperState.PRINTING

    def _advice_again(self) -> None:
        """The way on that a fault offers."""
        if self.step is Step.SERVICE:
            self.print_guide()
        elif self._sheet_picture is None:
            self._draw_sheet()
        else:
            self.print_sheet()

    def _enter_advice(self, step: Step) -> None:
        """Nothing of the step before is left over."""
        self._papers += 1
        self._slip = PaperState.NONE
        if step is not Step.CHECK:
            self._check, self._check_failed = 0, False
        if step is Step.SHEET:
            self._draw_sheet()
        else:
            self._sheet_picture = None
