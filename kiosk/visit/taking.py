"""Take it with you: an application kept for later, and taken up again with its slip.

What is kept opens with the slip's key alone; whose it is shows only when somebody identified. The
draft stays until the application is handed in, its owner deletes it, or its time is over.
"""

from collections.abc import Callable
from datetime import datetime

from devices.code_readers.events import CodeEvent, CodeScanned
from kiosk.application import Application
from kiosk.contract.draft_keys import DraftCodeError, DraftKey, is_slip_code
from kiosk.contract.drafts import DraftError
from kiosk.draft_paper import draft_layout
from kiosk.draft_views import DraftPhase, DraftView, ResumePhase, ResumeView
from kiosk.drafts import FoundDraft, Taken, find, keep_with_slip
from kiosk.person import Person
from kiosk.printing import PrintJob
from kiosk.rooms import Rooms
from kiosk.slip_code import SlipCode
from kiosk.steps import Step
from kiosk.visit.finding import Finding
from kiosk.visit.identifying import Identifying
from kiosk.visit.returning import CODE_STEPS, Returning
from offline_store.connections import Connection

_FROM = (Step.FORM, Step.MATERIAL, Step.SIGN, Step.REVIEW)
"""Where an application can be taken along."""
_ON_THE_WAY = (Step.LANGUAGE, Step.RESUME, Step.CONSENT, Step.IDENTIFY, Step.PRINTED_LINES)
"""From the slip to the form; whoever goes elsewhere has put the slip away."""


class Taking(Finding, Identifying, Returning):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._taken_from = Step.FORM
        self._draft_phase = DraftPhase.OFFER
        self._draft_fault: str | None = None
        self._draft_until: datetime | None = None
        self._keeping = False
        self._wanted: DraftKey | None = None
        self._found: FoundDraft | None = None
        self._searching = False
        self._resume_fault: str | None = None
        self.slip_code = SlipCode(lambda: self.words, self._look_for, self._changed)
        """The code of a slip, as it is typed."""

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

    def _forget_person(self) -> None:
        """Nothing of who was here is left; `Visit` says it."""
        raise NotImplementedError

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

    # ---- taking it up again

    def code_event(self, event: CodeEvent) -> None:
        """A slip's code; every other one is a receipt's."""
        if not (isinstance(event, CodeScanned) and is_slip_code(event.text)):
            super().code_event(event)
        elif self.step in CODE_STEPS or (self.step is Step.RESUME and not self._searching):
            self._last_touch = self._now()
            try:
                key = DraftKey.parse(event.text)
            except DraftCodeError as error:
                self._found = self._wanted = None
                self._resume_fault = error.code
                self._go(Step.RESUME)
                return
            if self.step in (Step.ATTRACT, Step.LANGUAGE):
                self._wanted = key
                self._go(Step.LANGUAGE)
            else:
                self._look_for(key)

    def choose_language(self, language: str) -> None:
        """As ever; whoever held a slip to the reader before goes straight to what they began."""
        wanted = self._wanted
        super().choose_language(language)
        if wanted is not None:
            self._look_for(wanted)

    def open_resume(self) -> None:
        """Ask for the slip's code."""
        self._need(Step.HOME)
        self._found, self._wanted, self._resume_fault = None, None, None
        self.slip_code.wipe()
        self._go(Step.RESUME)

    @property
    def resume(self) -> ResumeView:
        words, found, fault = self.words, self._found, self._resume_fault
        service = begun = until = ""
        phase = ResumePhase.CODE
        if self._searching:
            phase = ResumePhase.SEARCHING
        elif fault is not None:
            phase = ResumePhase.FAULT
        elif found is not None:
            phase = ResumePhase.FOUND
            service = words.pick(found.service["name"])
            begun, until = words.moment(found.header.created), words.moment(found.header.expires)
            missing = self._missing(dict(found.service))
            fault = missing[0] if missing else None
        again = ("retry", "help") if self._wanted is not None else ("help",)
        return ResumeView(
            phase, service, begun, until, None if fault is None else self._view(fault, again)
        )

    def type_slip_code(self) -> None:
        """Another code, after one that led nowhere."""
        self._need(Step.RESUME)
        if not self._searching:
            self._found, self._wanted, self._resume_fault = None, None, None
            self._changed()

    def go_on_with_draft(self) -> None:
        """Towards the form; nothing happens while something the service needs is missing."""
        self._need(Step.RESUME)
        found = self._found
        if found is None or self._missing(dict(found.service)):
            return
        self._application = None
        self._service = dict(found.service)
        self._origin = Step.HOME
        self._purpose = "apply"
        self._go(Step.CONSENT)

    def _look_for(self, key: DraftKey) -> None:
        """Search here, then at the hub."""
        rooms, identity = self._rooms, self._rooms.hub.identity
        self._go(Step.RESUME)
        self._wanted, self._found, self._resume_fault = key, None, None
        if identity is None:
            self._not_found(key, DraftError("draft.line"))
            return
        self._searching = True
        rooms.workers.submit(
            "hub",
            lambda: find(
                key, rooms.store.drafts, rooms.store.catalog, rooms.hub.line, identity,
                rooms.clock.now(),
            ),
            lambda found: self._is_found(key, found),
            lambda error: self._not_found(key, error),
        )
        self._changed()

    def _search_again(self) -> None:
        if self._wanted is not None and not self._searching:
            self._look_for(self._wanted)

    def _is_found(self, key: DraftKey, found: FoundDraft) -> None:
        self._searching = False
        if key is self._wanted:  # they may have gone away meanwhile
            self._found = found
            self._changed()

    def _not_found(self, key: DraftKey, error: Exception) -> None:
        self._searching = False
        if key is self._wanted:
            self._resume_fault = str(getattr(error, "code", "unexpected"))
            self._changed()

    def _judge(self, person: Person) -> str | None:
        """Only the owner gets it opened."""
        problem = super()._judge(person)
        if problem is None and self._purpose == "apply" and self._found is not None:
            try:
                self._found.application(person)
            except DraftError as error:
                return error.code
        return problem

    def _open_application(self, person: Person) -> None:
        if self._found is None:
            super()._open_application(person)
            return
        try:
            self._application = self._found.application(person)
        except DraftError as error:  # who identified in this visit before the slip was shown
            self._fail_step(error.code)
            return
        self._page = 0
        self._go(Step.FORM)

    # ---- moves, and what is forgotten

    def _go(self, step: Step) -> None:
        if step not in _ON_THE_WAY:
            self._forget_drafts()
        super()._go(step)

    def _back_from_draft(self) -> Step | None:
        if self.step is Step.CONSENT:
            return Step.RESUME if self._found is not None else Step.SERVICE
        return self._taken_from if self._draft_phase is DraftPhase.OFFER else None

    def _forget_drafts(self) -> None:
        self._wanted = self._found = None
        self._resume_fault = None
        self.slip_code.wipe()
