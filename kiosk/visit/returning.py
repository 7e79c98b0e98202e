"""Coming back: a receipt's code shows a status; a card shows the person their cases."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from devices.code_readers.events import CodeEvent, CodeScanned
from kiosk.application import as_read, asked_fields
from kiosk.cases import KnownStatus, cases_of, receipt_status
from kiosk.contract.messages import CaseView as HubCase
from kiosk.contract.messages import PromisedTime
from kiosk.contract.receipts import ReceiptNumber, qr_text
from kiosk.promise import Promise
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.submission import Committed
from kiosk.views import CaseCard, CaseView, StatusView
from kiosk.visit.handing_in import HandingIn
from offline_store.errors import StoreError

CODE_STEPS = (Step.ATTRACT, Step.LANGUAGE, Step.HOME, Step.STATUS)
"""Where a receipt's code may be held to the reader; elsewhere it means nothing."""


class Returning(HandingIn):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._status_code = ""
        self._status: KnownStatus | None = None
        self._status_fault: str | None = None
        self._cases: tuple[HubCase, ...] = ()
        self._cases_loading = False
        self._cases_fault: str | None = None
        self._owed: set[str] = set()
        self._printing_owed = False

    # ---- a code: status only

    def code_event(self, event: CodeEvent) -> None:
        """What the code reader said."""
        if isinstance(event, CodeScanned) and self.step in CODE_STEPS:
            self._status_code = event.text
            self._last_touch = self._now()
            self._go(Step.STATUS)

    @property
    def status(self) -> StatusView:
        if self._status_fault is not None:
            return StatusView("", "unknown", "", self._view(self._status_fault))
        if self._status is None:
            return StatusView("", "unknown", self.words("One moment, we ask the city…"), None, True)
        known = self._status
        return StatusView(
            known.number, known.status, self._status_of(known), None,
            promise=self._promised(known.promised),
        )

    def _ask_status(self) -> None:
        text, rooms = self._status_code, self._rooms
        directory = rooms.hub.directory
        self._status, self._status_fault = None, None
        if directory is None:
            self._status_fault = "hub.unreachable"
            return
        def work() -> KnownStatus:
            known = receipt_status(text, rooms.store.outbox, rooms.hub.line, directory)
            return known if not known.here_only else self._with_own_promise(known)

        rooms.workers.submit(
            "hub",
            work,
            lambda status: self._status_came(text, status, None),
            lambda error: self._status_came(text, None, _code(error)),
        )

    def _with_own_promise(self, known: KnownStatus) -> KnownStatus:
        """What was promised for something the hub does not know of yet."""
        row = self._rooms.store.outbox.find_receipt(known.number)
        service = None if row is None else self._service_of(row.service_code)
        if row is None or service is None or known.shelved:
            return known
        days = int(service["guide"]["time"]["promised_days"])
        handed_in = datetime.fromisoformat(row.created)
        return replace(known, promised=PromisedTime(handed_in=handed_in, working_days=days))

    def _status_came(self, text: str, status: KnownStatus | None, fault: str | None) -> None:
        if text == self._status_code:  # another code may have been held to the reader meanwhile
            self._status, self._status_fault = status, fault
            self._changed()

    # ---- a card: the case itself

    @property
    def case(self) -> CaseView:
        fault = None if self._cases_fault is None else self._view(self._cases_fault)
        scanned = self._status.number if self._status is not None else ""
        cards = [self._card(case, scanned) for case in self._cases]
        cards.sort(key=lambda card: not card.highlighted)
        return CaseView(self._cases_loading, fault, tuple(cards))

    def print_owed(self, receipt_number: str) -> None:
        """Print a receipt this kiosk still owes to the person who identified."""
        self._need(Step.CASE)
        outbox, printing, visit_id = self._rooms.store.outbox, self._rooms.printing, self.id
        row = outbox.find_receipt(receipt_number)
        if row is None or receipt_number not in self._owed:
            return
        self._owed.discard(receipt_number)  # a second touch must not print it twice
        self._printing_owed = True
        created = datetime.fromisoformat(row.created)
        identity = self._rooms.hub.identity
        assert identity is not None
        # One that was put together again after damage has lost its code; it is signed anew.
        code = row.receipt_qr or qr_text(
            ReceiptNumber.parse(row.number), identity.kiosk_id, identity.private_key
        )
        committed = Committed(row.submission_id, row.number, code, created)
        service = self._service_of(row.service_code)
        promise = None if service is None else self._promise(service, committed)
        job = self._receipt_job(self._paper(row.service_name, committed, promise), committed)

        def work() -> None:
            printing.print(job, visit_id)
            outbox.receipt_printed(row.number)

        self._rooms.workers.submit(
            "printer", work, lambda _: self._owed_printed(),
            lambda error: self._owed_not_printed(row.number, _code(error)),
        )
        self._changed()

    def _owed_printed(self) -> None:
        self._printing_owed = False
        self._changed()

    def _owed_not_printed(self, number: str, code: str) -> None:
        self._printing_owed = False
        if self.step is Step.CASE:  # its owner may have left meanwhile
            self._owed.add(number)
            self._fail_step(code)

    def _ask_cases(self) -> None:
        rooms, person, identity = self._rooms, self._person, self._rooms.hub.identity
        assert person is not None
        assert identity is not None
        self._cases, self._cases_fault, self._cases_loading = (), None, True

        def work() -> tuple[tuple[HubCase, ...], set[str]]:
            cases = cases_of(person, self.id, identity, rooms.hub.line)
            owed = rooms.store.outbox.receipts_owed([case.submission_id for case in cases])
            return cases, {row.number for row in owed}

        rooms.workers.submit("hub", work, self._cases_came, self._cases_failed)

    def _cases_came(self, answer: tuple[tuple[HubCase, ...], set[str]]) -> None:
        self._cases_loading = False
        if self.step is Step.CASE:
            self._cases, self._owed = answer
            self._changed()

    def _cases_failed(self, error: Exception) -> None:
        self._cases_loading = False
        self._cases_fault = _code(error)
        self._changed()

    def _card(self, case: HubCase, scanned: str) -> CaseCard:
        words, asked = self.words, self._asked_fields(case.service_code)
        timeline = [(words.moment(case.received_at), words("Received"))]
        if case.status != "received":
            timeline.append((words.moment(case.updated), self._status_word(case.status)))
        return CaseCard(
            receipt_number=case.receipt_number,
            case_number=case.case_number,
            service=words.pick(case.service_name),
            status=case.status,
            sentence=self._sentence(case.status),
            timeline=tuple(timeline),
            answers=tuple(
                (words.pick(a.label),
                 as_read(asked[a.field], words.pick(a.value), words) if a.field in asked
                 else words.pick(a.value))
                for a in case.answers
            ),
            highlighted=bool(scanned) and case.receipt_number == scanned,
            receipt_owed=case.receipt_number in self._owed,
            promise=self._promised(case.promised),
        )

    def _promised(self, promised: PromisedTime | None) -> str:
        promise = Promise.of_case(promised, self._rooms.hub.catalog.calendar)
        return "" if promise is None else promise.sentence(self.words)

    def _service_of(self, service_code: str) -> dict[str, Any] | None:
        try:
            return self._rooms.store.catalog.service(service_code)
        except StoreError:  # gone from the catalog since
            return None

    def _asked_fields(self, service_code: str) -> dict[str, Mapping[str, Any]]:
        """How the form asks: what it masks is masked here too, over the shoulder."""
        service = self._service_of(service_code)
        return {} if service is None else asked_fields(service)

    def _status_word(self, status: str) -> str:
        return {
            "received": self.words("Received"),
            "reviewing": self.words("Being reviewed"),
            "supplement": self.words("Something is missing"),
            "ready": self.words("Ready"),
        }.get(status, self.words("Not known"))

    def _status_of(self, known: KnownStatus) -> str:
        if known.shelved:
            return self.words("It is safe in this kiosk. Please ask our staff to look at it.")
        if known.here_only:
            return self.words(
                "It is safe in this kiosk and will be sent as soon as the line is back."
            )
        return self._sentence(known.status)

    def _sentence(self, status: str) -> str:
        return {
            "received": self.words("The city has received it. Nobody has looked at it yet."),
            "reviewing": self.words("The desk has accepted it, the department is reviewing it."),
            "supplement": self.words("The department needs something more from you."),
            "ready": self.words("The result is ready."),
        }.get(status, self.words("The city does not know this number."))


def _code(error: Exception) -> str:
    """The fault code of an expected error, "unexpected" for any other."""
    return str(getattr(error, "code", "unexpected"))
