"""A slip at the kiosk: the application it stands for is looked for here, then at the hub, and taken
up again once its owner identified."""

from collections.abc import Callable

from devices.code_readers.events import CodeEvent, CodeScanned
from kiosk.contract.draft_keys import DraftCodeError, DraftKey, is_slip_code
from kiosk.contract.drafts import DraftError
from kiosk.draft_views import ResumePhase, ResumeView
from kiosk.drafts import FoundDraft, find
from kiosk.person import Person
from kiosk.rooms import Rooms
from kiosk.slip_code import SlipCode
from kiosk.steps import Step
from kiosk.visit.finding import Finding
from kiosk.visit.identifying import Identifying
from kiosk.visit.returning import CODE_STEPS, Returning

_ON_THE_WAY = (Step.LANGUAGE, Step.RESUME, Step.CONSENT, Step.IDENTIFY, Step.PRINTED_LINES)
"""From the slip to the form; whoever goes elsewhere has put the slip away."""


class Resuming(Finding, Identifying, Returning):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._wanted: DraftKey | None = None
        self._found: FoundDraft | None = None
        self._searching = False
        self._resume_fault: str | None = None
        self.slip_code = SlipCode(lambda: self.words, self._look_for, self._changed)
        """The code of a slip, as it is typed."""

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

    def _forget_drafts(self) -> None:
        self._wanted = self._found = None
        self._resume_fault = None
        self.slip_code.wipe()
