"""Consent, then the card: who is here, for an application or for their own cases."""

import hashlib
from collections.abc import Callable

from kiosk import guide
from kiosk.contract.messages import Consent
from kiosk.identification import Identification
from kiosk.person import Person
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import ConsentView, IdentifyView
from kiosk.visit.core import VisitCore


class Identifying(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._identification: Identification | None = None

    @property
    def consent(self) -> ConsentView:
        assert self._service is not None
        return guide.consent_view(self._service, self.words)

    def agree(self) -> None:
        self._need(Step.CONSENT)
        assert self._service is not None
        view = self.consent
        shown = "\n".join((*view.paragraphs, *(f"{what}: {why}" for what, why in view.items)))
        self._consent = Consent(
            text_digest=hashlib.sha256(shown.encode()).hexdigest(), at=self._rooms.clock.now()
        )
        if self._person is not None and self._person.reaches(self._service["assurance"]):
            self._open_application(self._person)
        else:
            self._identify("apply")

    @property
    def identify(self) -> IdentifyView:
        part = self._identification
        assert part is not None
        fault = None if part.fault_code is None else self._view(part.fault_code)
        return IdentifyView(part.state, fault, tuple(part.readers.items()), part.purpose)

    def open_own_case(self) -> None:
        """See one's own cases: only after identifying in this visit."""
        self._need(Step.HOME, Step.STATUS)
        if self._person is not None:
            self._purpose = "case"
            self._go(Step.CASE)
        else:
            self._identify("case")

    def _identify(self, purpose: str) -> None:
        self._purpose = purpose
        rooms = self._rooms
        self._identification = Identification(
            rooms.readers, rooms.workers, rooms.clock, rooms.timings, purpose,
            accept=self._judge, changed=self._changed,
        )
        self._go(Step.IDENTIFY)

    def _judge(self, person: Person) -> str | None:
        """What keeps this person from going on, as a fault code."""
        if self._person is not None and person.document.number != self._person.document.number:
            return "person.mismatch"  # a visit is one person's; another begins their own
        if self._purpose == "apply":
            assert self._service is not None
            if not person.reaches(self._service["assurance"]):
                return "assurance.too_low"
        valid_to = person.document.valid_to
        if valid_to is not None and valid_to < self._rooms.clock.now().astimezone().date():
            return "card.expired"
        return None

    def _tick_identification(self) -> None:
        if self._identification is None:
            return
        self._identification.tick()
        if self._identification.recognised:
            person, purpose = self._identification.person, self._identification.purpose
            assert person is not None
            self._close_identification()
            self._person = person
            if purpose == "case":
                self._go(Step.CASE)
            else:
                self._open_application(person)

    def _close_identification(self) -> None:
        if self._identification is not None:
            self._identification.close()
            self._identification = None
