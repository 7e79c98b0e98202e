"""Consent, then the card: who is here, for an application or for their own cases.

A passport opens only with its printed lines: laid down without them, it leads to the step that
asks for them, and they lead back here.
"""

import hashlib
from collections.abc import Callable

from devices.identity import DocumentKind
from kiosk import guide
from kiosk.contract.messages import Consent
from kiosk.guide_views import ConsentView
from kiosk.identification import Identification
from kiosk.person import Person
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import IdentifyState, IdentifyView
from kiosk.visit.passport_lines import PassportLines

WRONG_DOCUMENT = "document.not_for_this_service"


class Identifying(PassportLines):
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
        person = self._person
        if person is not None and not guide.takes(self._service, person.document.kind.value):
            self._fail_step(WRONG_DOCUMENT)  # another document of theirs has another number
        elif person is not None and person.reaches(self._service["assurance"]):
            self._open_application(person)
        else:
            self._identify("apply")

    @property
    def identify(self) -> IdentifyView:
        part = self._identification
        assert part is not None
        fault = None if part.fault_code is None else self._view(part.fault_code)
        offered = bool(self._rooms.config.devices.csca) and self._takes_passports
        return IdentifyView(part.state, fault, tuple(part.readers.items()), part.purpose,
                            passport=offered, lines_known=self.printed_lines.known)

    def use_passport(self) -> None:
        """Somebody says that they have one, before laying it down."""
        self._need(Step.IDENTIFY)
        part = self._identification
        if part is not None and self._takes_passports and not part.busy:
            part.calm()
            self._ask_for_lines()

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
            key=self.printed_lines.key, passports=self._takes_passports,
        )
        self._go(Step.IDENTIFY)

    @property
    def _takes_passports(self) -> bool:
        """One's own cases can be seen with any document, and staff may have bound any; a service
        may ask for another number."""
        if self._purpose != "apply" or self._service is None:
            return True
        return guide.takes(self._service, DocumentKind.PASSPORT.value)

    def _lines_known(self) -> None:
        part = self._identification
        if part is None:
            return
        self._close_line_reading()
        self._go(Step.IDENTIFY)
        part.retry()  # it may be lying on the reader already

    def _judge(self, person: Person) -> str | None:
        """What keeps this person from going on, as a fault code."""
        if self._person is not None and person.document.number != self._person.document.number:
            return "person.mismatch"  # a visit is one person's; another begins their own
        if self._purpose == "apply":
            assert self._service is not None
            if not guide.takes(self._service, person.document.kind.value):
                return WRONG_DOCUMENT
            if not person.reaches(self._service["assurance"]):
                return "assurance.too_low"
        valid_to = person.document.valid_to
        if valid_to is not None and valid_to < self._rooms.clock.now().astimezone().date():
            return "card.expired"
        return None

    def _tick_identification(self) -> None:
        part = self._identification
        if part is None:
            return
        part.tick()
        if self.step is Step.PRINTED_LINES:
            self._tick_beside_lines(part)
        elif part.fault_code in ("card.needs_mrz", "card.wrong_mrz"):
            if part.fault_code == "card.wrong_mrz":
                self.printed_lines.refused(part.fault_code)
            part.calm()
            self._ask_for_lines()
        if part.recognised:
            person, purpose = part.person, part.purpose
            assert person is not None
            self._close_identification()
            if purpose == "staff":
                self._staff_known(person)
                return
            self._person = person
            if purpose == "case":
                self._go(Step.CASE)
            else:
                self._open_application(person)

    def _staff_known(self, person: Person) -> None:
        """A member of staff laid their card; `Staffing` says what then."""

    def _tick_beside_lines(self, part: Identification) -> None:
        """The readers go on while somebody looks for their lines: another card will do as well;
        the passport laid down again tells nothing new."""
        self._tick_lines()
        if part.state is IdentifyState.RECOGNISED:
            self._close_line_reading()
            self._go(Step.IDENTIFY)
        elif part.fault_code is not None:
            part.calm()

    def _close_identification(self) -> None:
        self._close_line_reading()
        self.printed_lines.wipe()
        if self._identification is not None:
            self._identification.close()
            self._identification = None
