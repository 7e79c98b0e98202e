"""Take it with you: an application kept for later, with a slip that alone opens it.

What is kept opens with the slip's key; whose it is shows only when somebody identified. The draft
stays until the application is handed in, its owner deletes it, or its time is over. How it is
taken up again: ``resuming.py``.
"""

from collections.abc import Callable
from datetime import datetime

from kiosk.application import Application
from kiosk.contract.draft_keys import DraftKey
from kiosk.contract.drafts import DraftError
from kiosk.draft_paper import draft_layout
from kiosk.draft_views import DraftPhase, DraftView
from kiosk.drafts import Taken, keep_with_slip
from kiosk.printing import PrintJob
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.visit.resuming import Resuming
from offline_store.connections import Connection

_FROM = (Step.FORM, Step.MATERIAL, Step.SIGN, Step.REVIEW)
"""Where an application can be taken along."""


class Taking(Resuming):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._taken_from = Step.FORM
        self._draft_phase = DraftPhase.OFFER
        self._draft_fault: str | None = None
        self._draft_until: datetime | None = None
        self._keeping = False

    # ---- taking it along

    @property
    def can_take(self) -> bool:
        """The application can be kept, and this kiosk can print a slip."""
        return (
            self.step in _FROM
            and self._application is not None
            and bool(self._rooms.config.devices.printer)
            and self._rooms.hub.identity is not None
        )

    def take_with_you(self) -> None:
        """Say what that means; nothing is kept yet."""
        self._need(*_FROM)
        if self.can_take:
            self._taken_from = self.step
            self._draft_phase, self._draft_fault = DraftPhase.OFFER, None
            self._draft_until = None
            self._go(Step.DRAFT)

    @property
    def draft(self) -> DraftView:
        assert self._service is not None
        rooms = self._rooms
        until = self._draft_until or datetime.fromtimestamp(
            rooms.clock.now().timestamp() + rooms.timings.draft_kept
        ).astimezone()
        fault = self._draft_fault
        application = self._application
        return DraftView(
            phase=self._draft_phase,
            service=self.words.pick(self._service["name"]),
            until=self.words.moment(until),
            fault=None if fault is None else self._view(fault, ("help",)),
            came_from_slip=application is not None and application.draft is not None,
        )

    def keep_draft(self) -> None:
        """Keep it and print the slip. On the printer's lane: one thing after another."""
        self._need(Step.DRAFT)
        if self._draft_phase is not DraftPhase.OFFER:
            return
        self._draft_phase, self._draft_fault, self._keeping = DraftPhase.KEEPING, None, True
        application, rooms, visit_id = self._app.snapshot(), self._rooms, self.id
        words, place, identity = self.words, rooms.config.place, rooms.hub.identity
        assert identity is not None
        name = words.pick(application.service["name"])

        def print_slip(key: DraftKey, expires: datetime) -> None:
            layout = draft_layout(words, words.pick(place.hall), name, key, expires, place.phone)
            rooms.printing.print(PrintJob(visit_id, "slip", layout), visit_id)

        def work() -> Taken:
            if (fault := rooms.printing.paper_fault()) is not None:
                raise DraftError("draft.not_printed", fault)
            taken = keep_with_slip(
                application, words.language, identity, rooms.clock.now(), rooms.timings.draft_kept,
                rooms.store.drafts, print_slip,
            )
            if application.draft is not None:  # the new slip stands for the old one
                rooms.store.drafts.drop(*application.draft, "taken again")
            rooms.hub.drafts.wake()
            return taken

        rooms.workers.submit("printer", work, self._is_kept, self._not_kept)
        self._changed()

    def discard_draft(self) -> None:
        """Delete what the slip stands for; what is on the screen stays."""
        self._need(Step.DRAFT)
        draft = self._app.draft
        if draft is None or self._keeping:
            return
        self._app.draft = None
        rooms = self._rooms

        def work() -> None:
            rooms.store.drafts.drop(*draft, "not wanted")
            rooms.hub.drafts.wake()

        def failed(error: Exception) -> None:
            if self._application is not None:
                self._application.draft = draft
            self._draft_fault = "unexpected"
            self._changed()

        rooms.workers.submit("store", work, lambda _: self._changed(), failed)
        self._changed()

    def _is_kept(self, taken: Taken) -> None:
        self._keeping = False
        self._draft_phase, self._draft_until = DraftPhase.KEPT, taken.expires
        self._forget_person()
        self._changed()

    def _not_kept(self, error: Exception) -> None:
        self._keeping = False
        self._draft_phase = DraftPhase.OFFER
        self._draft_fault = str(getattr(error, "code", "draft.not_saved"))
        self._changed()

    def _taken_steps(self) -> tuple[Step, ...]:
        """The farewell's step once the slip is in the person's hand."""
        return (Step.DRAFT,) if self._draft_phase is DraftPhase.KEPT else ()

    def _in_the_same_commit(
        self, application: Application
    ) -> Callable[[Connection], None] | None:
        """What was handed in is no draft any more."""
        if application.draft is None:
            return None
        return self._rooms.store.drafts.dropping(*application.draft, "handed in")

    def _back_from_draft(self) -> Step | None:
        if self.step is Step.CONSENT:
            return Step.RESUME if self._found is not None else Step.SERVICE
        return self._taken_from if self._draft_phase is DraftPhase.OFFER else None
