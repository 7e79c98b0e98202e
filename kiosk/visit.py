"""A visit: one person at one kiosk, from first touch to wiped. An explicit state machine.

Everything here runs on the UI thread and nothing blocks: device, store and hub work goes to the
workers' lanes, and what comes back changes the visit and calls `on_change` once. The parts
(application, identification, scanning, sending) hold their own small states; this file holds the
order of the steps, and what is forgotten when.
"""

import hashlib
import math
import uuid
from collections.abc import Callable
from typing import Any

from devices.printers.layout import Layout
from kiosk import guide
from kiosk.application import Application, scanned_materials
from kiosk.cases import KnownStatus, cases_of, receipt_status
from kiosk.contract.messages import CaseView as HubCase
from kiosk.contract.messages import Consent, SignedReceipt
from kiosk.contract.receipts import ReceiptCodeError
from kiosk.fault_views import Sentences, fault_view
from kiosk.hub_line import HubFault
from kiosk.identification import Identification
from kiosk.person import Person
from kiosk.printing import PrintJob
from kiosk.receipt_paper import receipt_layout
from kiosk.rooms import Rooms
from kiosk.scanning import Captured, Scanning, kept
from kiosk.sending import STAGES, Sending
from kiosk.steps import Step
from kiosk.submission import Committed, commit
from kiosk.views import (
    CapturedView,
    CaseCard,
    CaseView,
    ConsentView,
    FaultView,
    FormView,
    GroupView,
    HelpView,
    IdentifyView,
    LiveView,
    Looks,
    MaterialView,
    Progress,
    ReceiptView,
    ReviewSection,
    ServiceRow,
    ServiceView,
    SignView,
    Stage,
    StatusView,
    Stroke,
)
from kiosk.words import LANGUAGES, Words

_CODE_STEPS = (Step.ATTRACT, Step.LANGUAGE, Step.HOME, Step.STATUS)
"""Where a receipt's code may be held to the reader."""

_NOT_IDLE = (Step.ATTRACT, Step.GOODBYE, Step.OUT_OF_ORDER)
_POPULAR = 4


class WrongStep(Exception):
    """An action that the present step does not offer: a fault of the screens, not of people."""


class Visit:
    """See the module. Screens read the properties and call the actions; nothing else."""

    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        """`over` is called once, when nothing of this visit may be left (decision 4)."""
        self._rooms = rooms
        self._over = over
        self.on_change: Callable[[], None] = lambda: None
        self.id = uuid.uuid4().hex
        self.step = Step.ATTRACT
        self.words = Words(LANGUAGES[0])
        self.looks = Looks()
        self.idle_left: int | None = None
        self._since = self._now()
        self._last_touch = self._since
        self._origin = Step.HOME
        self._group_id = ""
        self._service: dict[str, Any] | None = None
        self._consent: Consent | None = None
        self._person: Person | None = None
        self._application: Application | None = None
        self._page = 0
        self._editing = False
        self._identification: Identification | None = None
        self._material_id = ""
        self._scanning: Scanning | None = None
        self._captured: Captured | None = None
        self._scan_fault: str | None = None
        self._step_fault: str | None = None
        self._paper_fault: str | None = None
        self._paper_checked = 0.0
        self._without_paper = False
        self._sending: Sending | None = None
        self._status: KnownStatus | None = None
        self._status_code = ""
        self._status_fault: str | None = None
        self._cases: tuple[HubCase, ...] = ()
        self._cases_loading = False
        self._cases_fault: str | None = None
        self._owed: set[str] = set()
        if rooms.hub.identity is None:
            self.step = Step.OUT_OF_ORDER

    # ---- always

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def say(self) -> Words:
        return self.words

    @property
    def fault(self) -> FaultView | None:
        """What is wrong with the whole step, if anything."""
        return None if self._step_fault is None else self._view(self._step_fault)

    @property
    def progress(self) -> Progress | None:
        steps = [Step.CONSENT, Step.IDENTIFY, Step.FORM]
        if self._service is None or self._purpose == "case":
            return None
        if self._service["complete"] and scanned_materials(self._service):
            steps.append(Step.MATERIAL)
        steps += [Step.SIGN, Step.REVIEW]
        step = Step.MATERIAL if self.step is Step.SCAN else self.step
        if step not in steps:
            return None
        name = self.words.pick(self._service["name"])
        return Progress(steps.index(step) + 1, len(steps), name)

    @property
    def help(self) -> HelpView:
        place = self._rooms.config.place
        return HelpView(
            place=self.words.pick(place.hall),
            address=self.words.pick(place.address),
            phone=place.phone,
            lines=(
                self.words("A member of staff is happy to help you."),
                self.words("Nothing you entered is lost while you ask."),
            ),
        )

    @property
    def place_name(self) -> str:
        return self.words.pick(self._rooms.config.place.name)

    @property
    def can_go_back(self) -> bool:
        return self._back_step() is not None

    @property
    def entered_anything(self) -> bool:
        return self._application is not None and (
            self._sending is None and self._application.touched
        )

    def touched(self) -> None:
        self._last_touch = self._now()
        if self.idle_left is not None:
            self.idle_left = None
            self._changed()

    def extend(self) -> None:
        self.touched()

    def set_language(self, language: str) -> None:
        self.words = Words(language)
        self._changed()

    def set_looks(self, looks: Looks) -> None:
        self.looks = looks
        self._changed()

    def home(self) -> None:
        self._close_parts()
        self._forget_application()
        self._go(Step.HOME)

    def back(self) -> None:
        step = self._back_step()
        if step is None:
            return
        self._close_parts()
        if self.step is Step.FORM and self._page > 0:
            self._page -= 1
        elif step is Step.FORM and self._application is not None:
            self._page = self._application.page_count() - 1
        self._go(step)

    def quit(self) -> None:
        """Throw away what was entered and say goodbye. What was committed stays committed."""
        if self._sending is not None and self._sending.busy:
            return
        self._close_parts()
        self._forget_person()
        self._go(Step.GOODBYE)

    def retry(self) -> None:
        """The way on that every fault offers."""
        self._step_fault = None
        if self.step is Step.IDENTIFY and self._identification is not None:
            self._identification.retry()
        elif self.step is Step.SCAN:
            self.retake()
        elif self.step is Step.SIGN:
            self._check_paper()
        elif self.step is Step.SENDING:
            self._go(Step.REVIEW)
        elif self.step is Step.STATUS:
            self._ask_status()
        elif self.step is Step.CASE:
            self._ask_cases()
        self._changed()

    def skip(self) -> None:
        """Go on without a printed receipt: number and code will stand on the screen."""
        if self.step is Step.SIGN:
            self._without_paper = True
            self._paper_fault = None
            self._changed()

    def tick(self) -> None:
        """Time passes; called once a frame."""
        now = self._now()
        if self.step is Step.GOODBYE:
            if now - self._since >= self._rooms.timings.goodbye:
                self._since = math.inf
                self._over()
            return
        if self.step is Step.OUT_OF_ORDER and self._rooms.hub.identity is not None:
            self._go(Step.ATTRACT)
        if self._identification is not None:
            self._identification.tick()
            if self._identification.recognised:
                self._identified()
        if self.step is Step.SCAN:
            self._tick_scan()
        if self.step is Step.SIGN and self._paper_fault and (
            now - self._paper_checked > self._rooms.timings.status_poll
        ):
            self._check_paper()
        if self._sending is not None and self.step is Step.SENDING:
            self._sending.tick()
            if self._sending.finished:
                self._forget_person()
                self._go(Step.DONE)
        self._tick_idle(now)

    # ---- finding a service

    def start(self) -> None:
        self._need(Step.ATTRACT)
        self._go(Step.LANGUAGE)

    def choose_language(self, language: str) -> None:
        self._need(Step.LANGUAGE)
        self.words = Words(language)
        self._go(Step.HOME)

    @property
    def groups(self) -> tuple[GroupView, ...]:
        return tuple(
            GroupView(g["id"], self.words.pick(g["name"]), self.words.pick(g["hint"]),
                      g["icon"], g["colour"])
            for g in self._rooms.store.catalog.groups()
        )

    @property
    def popular(self) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.popular(_POPULAR))

    @property
    def group(self) -> GroupView:
        return next(group for group in self.groups if group.id == self._group_id)

    @property
    def services(self) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.services_in(self._group_id))

    def search(self, text: str) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.search(text))

    def open_group(self, group_id: str) -> None:
        self._need(Step.HOME)
        self._group_id = group_id
        self._go(Step.GROUP)

    def open_search(self) -> None:
        self._need(Step.HOME, Step.GROUP)
        self._go(Step.SEARCH)

    def open_service(self, code: str) -> None:
        self._need(Step.HOME, Step.SEARCH, Step.GROUP)
        service = self._rooms.store.catalog.service(code)
        if self._application is not None and self._application.service["code"] != code:
            self._forget_application()
        self._service = service
        self._origin = self.step
        self._go(Step.SERVICE)

    @property
    def service(self) -> ServiceView:
        assert self._service is not None
        return guide.service_view(self._service, self.words, self._missing(self._service))

    def begin(self) -> None:
        self._need(Step.SERVICE)
        assert self._service is not None
        if self._missing(self._service):
            return
        self._purpose = "apply"
        self._go(Step.FORM if self._application is not None else Step.CONSENT)

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

    # ---- who is it

    _purpose = "apply"

    @property
    def identify(self) -> IdentifyView:
        part = self._identification
        assert part is not None
        fault = None if part.fault_code is None else self._view(part.fault_code)
        return IdentifyView(part.state, fault, tuple(part.readers.items()), part.purpose)

    def _identify(self, purpose: str) -> None:
        self._purpose = purpose
        self._identification = Identification(
            self._rooms.readers,
            self._rooms.workers,
            self._rooms.clock,
            self._rooms.timings,
            purpose,
            self._judge,
            self._changed,
        )
        self._go(Step.IDENTIFY)

    def _judge(self, person: Person) -> str | None:
        """What keeps this person from going on, as a fault code."""
        if self._purpose == "apply":
            assert self._service is not None
            if not person.reaches(self._service["assurance"]):
                return "assurance.too_low"
        valid_to = person.document.valid_to
        if valid_to is not None and valid_to < self._rooms.clock.now().astimezone().date():
            return "card.expired"
        return None

    def _identified(self) -> None:
        assert self._identification is not None
        person = self._identification.person
        assert person is not None
        purpose = self._identification.purpose
        self._close_parts()
        self._person = person
        if purpose == "case":
            self._go(Step.CASE)
            self._ask_cases()
        else:
            self._open_application(person)

    def _open_application(self, person: Person) -> None:
        assert self._service is not None
        self._application = Application(self._service, person)
        self._page = 0
        self._go(Step.FORM)

    # ---- the form

    @property
    def form(self) -> FormView:
        return self._app.form_view(self._page, self.words, Sentences(self.words))

    def set_answer(self, field_id: str, value: str) -> None:
        self._need(Step.FORM)
        if self._app.set_answer(field_id, value):
            self._changed()

    def leave_field(self, field_id: str) -> None:
        self._need(Step.FORM)
        self._app.leave_field(field_id)
        self._changed()

    def next(self) -> None:
        """On to the next page or step; a fault says what is missing."""
        self._need(Step.FORM, Step.MATERIAL, Step.SIGN)
        if self.step is Step.FORM:
            if not self._app.check_page(self._page, self.language):
                self._changed()
            elif self._editing and self._signed_or_unneeded():
                self._go(Step.REVIEW)
            elif self._page + 1 < self._app.page_count():
                self._page += 1
                self._go(Step.FORM)
            else:
                self._go(Step.MATERIAL if self._app.pages else Step.SIGN)
        elif self.step is Step.MATERIAL:
            if self._app.missing_material() is None:
                self._go(Step.SIGN)
            else:
                self._step_fault = "material.missing"
                self._changed()
        elif self._app.strokes:
            self._go(Step.REVIEW)

    def _signed_or_unneeded(self) -> bool:
        return bool(self._app.strokes)

    # ---- papers

    @property
    def materials(self) -> tuple[MaterialView, ...]:
        return self._app.material_views(self.words)

    @property
    def material(self) -> MaterialView:
        return next(view for view in self.materials if view.id == self._material_id)

    def scan_material(self, material_id: str) -> None:
        self._need(Step.MATERIAL)
        if self._rooms.camera is None:
            self._step_fault = "camera.gone"
            self._changed()
            return
        self._material_id = material_id
        if self.material.pages >= self.material.pages_max:
            self._app.drop_pages(material_id)
        self._captured, self._scan_fault = None, None
        self._scanning = Scanning(
            self._rooms.camera(), self._rooms.workers, self._has_captured, self._scan_failed
        )
        self._go(Step.SCAN)

    def live(self) -> LiveView:
        """The newest picture; called once a frame, cheap."""
        seen = self._scanning.seen if self._scanning is not None else None
        fault = None if self._scan_fault is None else self._view(self._scan_fault)
        if seen is None:
            return LiveView(None, -1, None, self.words("One moment, the camera is starting…"),
                            fault, 0.0)
        height, width = seen.frame.image.shape[:2]
        corners = None
        if seen.quad is not None:
            corners = tuple((float(x) / width, float(y) / height) for x, y in seen.quad.corners)
        if seen.code is not None:
            advice = self._view(seen.code).way_on
        elif seen.steady < 1.0:
            advice = self.words("Hold still, the picture is taken by itself…")
        else:
            advice = self.words("Thank you, the picture is taken.")
        return LiveView(seen.frame.image[..., ::-1], seen.frame.number, corners, advice, fault,
                        seen.steady)

    def capture(self) -> None:
        self._need(Step.SCAN)
        self._scan_fault = None
        if self._scanning is not None and self._captured is None:
            self._scanning.capture()

    @property
    def captured(self) -> CapturedView | None:
        if self._captured is None:
            return None
        code = self._captured.code
        return CapturedView(
            self._captured.image[..., ::-1], None if code is None else self._view(code)
        )

    def retake(self) -> None:
        self._need(Step.SCAN)
        self._captured, self._scan_fault = None, None
        if self._scanning is not None:
            self._scanning.resume()
        self._since = self._now()
        self._changed()

    def keep(self) -> None:
        """Take the page into the application (a poor one too, when the person insists)."""
        self._need(Step.SCAN)
        if self._captured is None:
            return
        image = self._captured.image
        self._rooms.workers.submit(
            "vision", lambda: kept(image), self._page_kept, lambda _: self._scan_failed("unexpected")
        )

    def _page_kept(self, page: Any) -> None:
        if self.step is Step.SCAN and self._application is not None:
            self._application.keep_page(self._material_id, page)
            self._close_parts()
            self._go(Step.MATERIAL)

    def _has_captured(self, captured: Captured) -> None:
        self._captured = captured
        self._changed()

    def _scan_failed(self, code: str) -> None:
        self._scan_fault = code
        self._changed()

    def _tick_scan(self) -> None:
        scanning = self._scanning
        if scanning is None or self._captured is not None:
            return
        seen = scanning.seen
        fault = self._scan_fault
        if scanning.camera_gone:
            fault = "camera.gone"
        elif seen is not None and fault == "camera.gone":
            fault = None
        elif seen is not None and seen.quad is not None and fault == "page.absent":
            fault = None
        elif (
            seen is not None and seen.quad is None and fault is None
            and self._now() - self._since > self._rooms.timings.page_wait_hint
        ):
            fault = "page.absent"
        if fault != self._scan_fault:
            self._scan_fault = fault
            self._changed()
        if seen is not None and seen.steady >= 1.0 and seen.code is None:
            scanning.capture()

    # ---- signature and review

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
        self._need(Step.SIGN)
        if self._paper_fault is None:
            self._app.sign(strokes, guide.declaration(self._app.service, self.words))
            self._changed()

    def clear_signature(self) -> None:
        self._need(Step.SIGN)
        self._app.sign((), ())
        self._changed()

    @property
    def review(self) -> tuple[ReviewSection, ...]:
        return self._app.review(self.words)

    def edit(self, section_id: str) -> None:
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

    def submit(self) -> None:
        """Commit, then print, then send."""
        self._need(Step.REVIEW)
        application, consent, hub = self._app, self._consent, self._rooms.hub
        if not application.strokes:
            self._go(Step.SIGN)
            return
        identity = hub.identity
        assert consent is not None and identity is not None
        language, rooms = self.language, self._rooms
        self._sending = Sending(
            commit=lambda: commit(
                application, consent, language, rooms.clock.now(), identity, rooms.store.outbox
            ),
            paper=lambda committed: self._receipt_job(
                committed.receipt_number,
                self._paper(application.service["name"], committed),
            ),
            visit_id=self.id,
            print_wanted=not self._without_paper,
            outbox=rooms.store.outbox,
            printing=rooms.printing,
            workers=rooms.workers,
            clock=rooms.clock,
            timings=rooms.timings,
            committed=hub.sync.wake,
            changed=self._sending_changed,
        )
        self._go(Step.SENDING)

    def _sending_changed(self) -> None:
        if self._sending is not None and self._sending.fault_code is not None:
            self._step_fault = self._sending.fault_code
        self._changed()

    def _paper(self, name: dict[str, str], committed: Committed) -> Layout:
        place = self._rooms.config.place
        return receipt_layout(
            self.words, self.words.pick(place.hall), self.words.pick(name),
            committed.receipt_number, committed.receipt_qr, committed.committed, place.phone,
        )

    def _receipt_job(self, number: str, layout: Layout) -> PrintJob:
        return PrintJob(self.id, f"receipt {number}", layout)

    # ---- sent

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

    def _note(self, stage: str) -> str:
        sending = self._sending
        assert sending is not None
        if stage == "printing" and sending.committed is not None and not sending.printed:
            if sending.print_fault is not None:
                return self._view(sending.print_fault).sentence
            if self._without_paper:
                return self.words("Your receipt will stand on the screen.")
        if stage == "sending" and sending.hub_fault is not None and not sending.confirmed:
            return self.words("The line is down. The kiosk sends it by itself later.")
        return ""

    @property
    def receipt(self) -> ReceiptView:
        sending = self._sending
        assert sending is not None and sending.committed is not None
        assert self._service is not None
        steps = [
            self.words("The department looks at your application.")
            if sending.confirmed
            else self.words("The kiosk sends it to the city by itself, you need not wait."),
            self.words("Hold the receipt's code to any kiosk to see how far it is."),
            self.words("With your card you see the whole case."),
        ]
        return ReceiptView(
            number=sending.committed.receipt_number,
            qr=sending.committed.receipt_qr,
            service=self.words.pick(self._service["name"]),
            confirmed=sending.confirmed,
            printed=sending.printed,
            print_fault=None if sending.print_fault is None else self._view(
                sending.print_fault, ()
            ),
            next_steps=tuple(steps),
        )

    def finish(self) -> None:
        self._need(Step.DONE, Step.STATUS, Step.CASE)
        self.quit()

    def receipt_came(self, receipt: SignedReceipt) -> None:
        """A signed receipt arrived from the hub, for this visit or an older one."""
        if self._sending is not None:
            self._sending.receipt_came(receipt)

    def sync_failed(self, code: str) -> None:
        if self._sending is not None:
            self._sending.sync_failed(code)

    # ---- coming back

    def code_scanned(self, text: str) -> None:
        """A code was held to the reader; elsewhere than on the first screens it means nothing."""
        if self.step not in _CODE_STEPS:
            return
        self._status_code = text
        self._last_touch = self._now()
        self._go(Step.STATUS)
        self._ask_status()

    @property
    def status(self) -> StatusView:
        if self._status_fault is not None:
            return StatusView("", "unknown", "", self._view(self._status_fault))
        if self._status is None:
            return StatusView("", "unknown", self.words("One moment, we ask the city…"), None, True)
        known = self._status
        return StatusView(known.number, known.status, self._status_sentence(known), None)

    def _ask_status(self) -> None:
        text, rooms = self._status_code, self._rooms
        directory = rooms.hub.directory
        self._status, self._status_fault = None, None
        assert directory is not None
        rooms.workers.submit(
            "hub",
            lambda: receipt_status(text, rooms.store.outbox, rooms.hub.line, directory),
            self._status_came,
            self._status_failed,
        )

    def _status_came(self, status: KnownStatus) -> None:
        self._status = status
        self._changed()

    def _status_failed(self, error: Exception) -> None:
        expected = isinstance(error, ReceiptCodeError | HubFault)
        self._status_fault = error.code if expected else "unexpected"  # type: ignore[attr-defined]
        self._changed()

    def open_own_case(self) -> None:
        self._need(Step.HOME, Step.STATUS)
        if self._person is not None:
            self._purpose = "case"
            self._go(Step.CASE)
            self._ask_cases()
        else:
            self._identify("case")

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
        row = self._rooms.store.outbox.find_receipt(receipt_number)
        if row is None or receipt_number not in self._owed:
            return
        from datetime import datetime

        committed = Committed(row.submission_id, row.number, row.receipt_qr,
                              datetime.fromisoformat(row.created))
        job = self._receipt_job(row.number, self._paper(row.service_name, committed))
        outbox, printing, visit_id = self._rooms.store.outbox, self._rooms.printing, self.id

        def work() -> None:
            printing.print(job, visit_id)
            outbox.receipt_printed(row.number)

        self._rooms.workers.submit(
            "printer", work, lambda _: self._owed_printed(row.number), self._owed_not_printed
        )

    def _owed_printed(self, number: str) -> None:
        self._owed.discard(number)
        self._changed()

    def _owed_not_printed(self, error: Exception) -> None:
        self._step_fault = getattr(error, "code", "unexpected")
        self._changed()

    def _ask_cases(self) -> None:
        rooms, person, identity = self._rooms, self._person, self._rooms.hub.identity
        assert person is not None and identity is not None
        self._cases, self._cases_fault, self._cases_loading = (), None, True

        def work() -> tuple[tuple[HubCase, ...], set[str]]:
            cases = cases_of(person, self.id, identity, rooms.hub.line)
            owed = rooms.store.outbox.receipts_owed([case.submission_id for case in cases])
            return cases, {row.number for row in owed}

        rooms.workers.submit("hub", work, self._cases_came, self._cases_failed)

    def _cases_came(self, answer: tuple[tuple[HubCase, ...], set[str]]) -> None:
        if self.step is Step.CASE:
            self._cases, self._owed = answer
            self._cases_loading = False
            self._changed()

    def _cases_failed(self, error: Exception) -> None:
        self._cases_loading = False
        self._cases_fault = error.code if isinstance(error, HubFault) else "unexpected"
        self._changed()

    def _card(self, case: HubCase, scanned: str) -> CaseCard:
        words = self.words
        timeline = [(words.moment(case.received_at), words("Received"))]
        if case.status != "received":
            timeline.append((words.moment(case.updated), self._status_word(case.status)))
        return CaseCard(
            receipt_number=case.receipt_number,
            case_number=case.case_number,
            service=words.pick(case.service_name),
            status=case.status,
            sentence=self._status_sentence(KnownStatus("", case.status, False)),
            timeline=tuple(timeline),
            answers=tuple((words.pick(a.label), words.pick(a.value)) for a in case.answers),
            highlighted=bool(scanned) and case.receipt_number == scanned,
            receipt_owed=case.receipt_number in self._owed,
        )

    def _status_word(self, status: str) -> str:
        return {
            "received": self.words("Received"),
            "reviewing": self.words("Being reviewed"),
            "supplement": self.words("Something is missing"),
            "ready": self.words("Ready"),
        }.get(status, self.words("Not known"))

    def _status_sentence(self, known: KnownStatus) -> str:
        if known.here_only:
            return self.words(
                "It is safe in this kiosk and will be sent as soon as the line is back."
            )
        return {
            "received": self.words("The city has received it. Nobody has looked at it yet."),
            "reviewing": self.words("The desk has accepted it, the department is reviewing it."),
            "supplement": self.words("The department needs something more from you."),
            "ready": self.words("The result is ready."),
        }.get(known.status, self.words("The city does not know this number."))

    @property
    def out_of_order(self) -> FaultView:
        return self._view("kiosk.not_enrolled", ("help",))

    # ---- inside

    @property
    def _app(self) -> Application:
        if self._application is None:
            raise WrongStep(f"{self.step} without an application")
        return self._application

    def _now(self) -> float:
        return self._rooms.clock.monotonic()

    def _view(self, code: str, actions: tuple[str, ...] = ("retry", "help")) -> FaultView:
        return fault_view(code, self.words, actions)

    def _need(self, *steps: Step) -> None:
        if self.step not in steps:
            raise WrongStep(f"{self.step}, not {' or '.join(steps)}")

    def _go(self, step: Step) -> None:
        self.step = step
        self._step_fault = None
        self._since = self._now()
        self._last_touch = max(self._last_touch, self._since)
        if step is Step.SIGN:
            self._check_paper()
        if step is Step.REVIEW:
            self._editing = False
        self._changed()

    def _changed(self) -> None:
        self.on_change()

    def _rows(self, summaries: list[dict[str, Any]]) -> tuple[ServiceRow, ...]:
        return tuple(
            guide.service_row(s, self.words, not self._missing(s)) for s in summaries
        )

    def _missing(self, service: dict[str, Any]) -> tuple[str, ...]:
        devices = self._rooms.config.devices
        return guide.missing_needs(
            service,
            {
                "identity": bool(devices.id_card or devices.smartcard),
                "camera": bool(devices.camera),
                "line": self._rooms.hub.sync.last_fault is None,
            },
        )

    def _back_step(self) -> Step | None:
        if self.step is Step.FORM:
            return Step.FORM if self._page > 0 else Step.SERVICE
        if self.step is Step.SERVICE:
            return self._origin
        if self.step is Step.IDENTIFY:
            if self._purpose == "case":
                return Step.STATUS if self._status_code else Step.HOME
            return Step.CONSENT
        if self.step is Step.SIGN:
            return Step.MATERIAL if self._app.pages else Step.FORM
        return {
            Step.LANGUAGE: Step.ATTRACT,
            Step.SEARCH: Step.HOME,
            Step.GROUP: Step.HOME,
            Step.CONSENT: Step.SERVICE,
            Step.MATERIAL: Step.FORM,
            Step.SCAN: Step.MATERIAL,
            Step.REVIEW: Step.SIGN,
            Step.STATUS: Step.HOME,
        }.get(self.step)

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

    def _tick_idle(self, now: float) -> None:
        if self.step in _NOT_IDLE:
            return
        if self._busy():
            self._last_touch = now
        quiet = now - self._last_touch
        limit = self._rooms.config.idle_warning
        left = None
        if quiet >= limit:
            left = max(0, math.ceil(self._rooms.timings.idle_answer - (quiet - limit)))
        if left != self.idle_left:
            self.idle_left = left
            self._changed()
        if left == 0:
            self.quit()

    def _busy(self) -> bool:
        """A card is read, something is printed, scanned or sent: no time runs out."""
        return (
            (self._identification is not None and self._identification.busy)
            or (self._sending is not None and self._sending.busy)
            or self._cases_loading
        )

    def _close_parts(self) -> None:
        if self._identification is not None:
            self._identification.close()
            self._identification = None
        if self._scanning is not None:
            self._scanning.close()
            self._scanning = None
        self._captured = None

    def _forget_application(self) -> None:
        self._application = None
        self._consent = None
        self._editing = False

    def _forget_person(self) -> None:
        self._forget_application()
        self._person = None
        self._cases, self._owed = (), set()
        self.idle_left = None
