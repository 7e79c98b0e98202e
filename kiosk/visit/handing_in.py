"""Signature, review, and the way from commit to receipt."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from devices.printers.draw import draw
from devices.printers.layout import Layout
from kiosk import guide
from kiosk.application import Application
from kiosk.contract.messages import SignedReceipt
from kiosk.printing import PrintJob
from kiosk.promise import Promise
from kiosk.receipt_paper import receipt_layout
from kiosk.rooms import Rooms
from kiosk.sending import STAGES, Sending
from kiosk.steps import Step
from kiosk.submission import Committed, commit
from kiosk.views import (
    DrawnPaper,
    FaultView,
    ReceiptView,
    ReviewSection,
    SignView,
    Stage,
    Stroke,
)
from kiosk.visit.filling import Filling
from offline_store.connections import Connection


class HandingIn(Filling):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._paper_fault: str | None = None
        self._paper_checked = 0.0
        self._without_paper = False
        self._sending: Sending | None = None
        self._drawn: DrawnPaper | None = None

    # ---- signing

    @property
    def sign_view(self) -> SignView:
        fault = None
        if self._paper_fault is not None:
            fault = self._view(self._paper_fault, ("retry", "skip", "help"))
        return SignView(
            declaration=guide.declaration(self._app.service, self.words),
            summary=self._app.summary(self.words),
            signed=bool(self._app.strokes),
            fault=fault,
        )

    def sign(self, strokes: tuple[Stroke, ...]) -> None:
        """Bind the strokes to what is shown. Not while there is no paper for the receipt."""
        self._need(Step.SIGN)
        if self._paper_fault is None:
            self._app.sign(strokes, guide.declaration(self._app.service, self.words))
            self._step_fault = None
            self._changed()

    def clear_signature(self) -> None:
        self._need(Step.SIGN)
        self._app.sign((), ())
        self._changed()

    def _next_signed(self) -> None:
        if not self._app.strokes:
            self._fail_step("signature.missing")
        elif self._paper_fault is None:
            self._go(Step.REVIEW)

    def skip(self) -> None:
        """Go on without a printed receipt: number and code will stand on the screen."""
        if self.step is Step.SIGN:
            self._without_paper = True
            self._paper_fault = None
            self._changed()

    def _check_paper(self) -> None:
        """Look at the printer before anyone signs (decision 5)."""
        if self._without_paper:
            return
        self._paper_checked = self._now()
        self._rooms.workers.submit(
            "printer",
            self._rooms.printing.paper_fault,
            self._paper_looked_at,
            lambda _: self._paper_looked_at("printer.error"),
        )

    def _paper_looked_at(self, code: str | None) -> None:
        self._paper_checked = self._now()
        if self.step is Step.SIGN and not self._without_paper and code != self._paper_fault:
            self._paper_fault = code
            self._changed()

    def _tick_paper(self) -> None:
        """While the paper is missing, look again and again: staff may be filling it up."""
        waited = self._now() - self._paper_checked
        if self.step is Step.SIGN and self._paper_fault and (
            waited > self._rooms.timings.status_poll
        ):
            self._check_paper()

    # ---- review

    @property
    def review(self) -> tuple[ReviewSection, ...]:
        return self._app.review(self.words)

    def edit(self, section_id: str) -> None:
        """Back to one part; what is changed there takes the signature away."""
        self._need(Step.REVIEW)
        kind, _, index = section_id.partition(":")
        if kind == "form":
            self._page = int(index)
            self._editing = True
            self._go(Step.FORM)
        elif kind == "materials":
            self._go(Step.MATERIAL)
        else:
            self._app.sign((), ())
            self._go(Step.SIGN)

    # ---- handing in

    def submit(self) -> None:
        """Commit, then print, then send."""
        self._need(Step.REVIEW)
        if not self._app.strokes:
            self._go(Step.SIGN)
            return
        # Frozen here: the language may still be switched while the store works, which takes the
        # signature off the application, not off what is being handed in.
        application, consent, rooms = self._app.snapshot(), self._consent, self._rooms
        identity = rooms.hub.identity
        assert consent is not None
        assert identity is not None
        language, service = self.language, application.service
        self._drawn = None
        also = self._in_the_same_commit(application)

        def committed() -> None:
            rooms.hub.sync.wake()
            self._draw_receipt(service)

        self._sending = Sending(
            commit=lambda: commit(
                application, consent, language, rooms.clock.now(), identity, rooms.store.outbox,
                also,
            ),
            paper=lambda committed: self._receipt_job(
                self._paper(service["name"], committed, self._promise(service, committed)),
                committed,
            ),
            visit_id=self.id,
            print_wanted=not self._without_paper,
            outbox=rooms.store.outbox,
            printing=rooms.printing,
            workers=rooms.workers,
            clock=rooms.clock,
            timings=rooms.timings,
            committed=committed,
            changed=self._sending_changed,
        )
        self._go(Step.SENDING)

    def _in_the_same_commit(
        self, application: Application
    ) -> Callable[[Connection], None] | None:
        """What else the store does in the commit; `Taking` deletes the draft it came from."""
        return None

    @property
    def stages(self) -> tuple[Stage, ...]:
        assert self._sending is not None
        titles = {
            "committing": self.words("Keeping your application safe"),
            "printing": self.words("Printing your receipt"),
            "sending": self.words("Sending it to the city"),
        }
        return tuple(
            Stage(stage, titles[stage], self._sending.states[stage], self._note(stage))
            for stage in STAGES
        )

    @property
    def receipt(self) -> ReceiptView:
        sending = self._sending
        assert sending is not None
        assert sending.committed is not None
        assert self._service is not None
        return ReceiptView(
            number=sending.committed.receipt_number,
            qr=sending.committed.receipt_qr,
            service=self.words.pick(self._service["name"]),
            confirmed=sending.confirmed,
            printed=sending.printed,
            print_fault=self._not_on_paper(sending.print_fault),
            next_steps=(
                self._where_it_is(sending),
                self._promise(self._service, sending.committed).sentence(self.words),
                self.words("Hold the receipt's code to any kiosk to see how far it is."),
                self.words("With your card you see the whole case."),
            ),
            drawn=self._drawn,
        )

    def _draw_receipt(self, service: Mapping[str, Any]) -> None:
        """The paper for the screen, in the language it is printed in; beside the printing."""
        assert self._sending is not None
        assert self._sending.committed is not None
        committed = self._sending.committed
        layout = self._paper(service["name"], committed, self._promise(service, committed))
        columns = self._rooms.config.devices.printer_columns

        def drawn(paper: DrawnPaper) -> None:
            self._drawn = paper
            self._changed()

        self._rooms.workers.submit(
            "drawing", lambda: DrawnPaper(np.asarray(draw(layout, columns))), drawn,
            lambda _: None,  # the screen then says the same in its own letters
        )

    def _not_on_paper(self, code: str | None) -> FaultView | None:
        """What kept the receipt from the paper, and where it is to be had instead: nobody need
        wait for the printer any more."""
        if code is None:
            return None
        later = self._view("printer.interrupted", ())
        return replace(self._view(code, ()), way_on=later.way_on)

    def _where_it_is(self, sending: Sending) -> str:
        """Honest about the line: what came back from the hub, if anything."""
        if sending.confirmed:
            return self.words("The department looks at your application.")
        if sending.hub_fault is not None:
            fault = self._view(sending.hub_fault)
            return f"{fault.sentence} {fault.way_on}"
        return self.words("The kiosk sends it to the city by itself, you need not wait.")

    def receipt_came(self, receipt: SignedReceipt) -> None:
        """A signed receipt arrived from the hub, for this visit or an older one."""
        if self._sending is not None:
            self._sending.receipt_came(receipt)

    def sync_failed(self, code: str) -> None:
        """The newest attempt to hand something in to the hub failed."""
        if self._sending is not None:
            self._sending.sync_failed(code)

    def _sending_changed(self) -> None:
        if self._sending is not None and self._sending.fault_code is not None:
            self._step_fault = self._sending.fault_code
        self._changed()

    def _note(self, stage: str) -> str:
        sending = self._sending
        assert sending is not None
        if stage == "printing" and sending.committed is not None and not sending.printed:
            if sending.print_fault is not None:
                return self._view(sending.print_fault).sentence
            if self._without_paper:
                return self.words("Your receipt will stand on the screen.")
        if stage == "sending" and sending.hub_fault is not None and not sending.confirmed:
            return self._view(sending.hub_fault).sentence
        return ""

    def _promise(self, service: Mapping[str, Any], committed: Committed) -> Promise:
        return Promise.of_service(service, committed.committed, self._rooms.hub.catalog.calendar)

    def _paper(
        self, name: dict[str, str], committed: Committed, promise: Promise | None
    ) -> Layout:
        place = self._rooms.config.place
        return receipt_layout(
            self.words, self.words.pick(place.hall), self.words.pick(name),
            committed.receipt_number, committed.receipt_qr, committed.committed, place.phone,
            promise,
        )

    def _receipt_job(self, layout: Layout, committed: Committed) -> PrintJob:
        return PrintJob(self.id, f"receipt {committed.receipt_number}", layout)
