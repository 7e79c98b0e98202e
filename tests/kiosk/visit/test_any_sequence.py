"""Whatever is touched in whatever order: a visit refuses or goes on, and always lets go."""

import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from devices.code_readers.events import CodeScanned
from devices.testbed.cards import sample_card
from devices.testbed.samv import SamvPty
from kiosk.contract.draft_keys import DraftKey
from kiosk.steps import Step
from kiosk.views import IdentifyState
from kiosk.visit import WrongStep
from kiosk.words import LANGUAGES
from offline_store.database import Store
from tests.kiosk.rig import ANSWERS, CERTIFICATE, STROKES, City, document, new_city
from tests.kiosk.visit.guest import BAUD, PAPERLESS, Guest, catalog, knows

PERSONAL = (document().number, document().name, document().address)
ACTIONS = (
    "start", "agree", "begin", "next", "back", "home", "retry", "skip", "finish", "touched",
    "extend", "capture", "retake", "keep", "clear_signature", "submit", "open_own_case",
    "use_passport", "show_lines", "type_lines",
    "take_with_you", "keep_draft", "discard_draft", "open_resume", "type_slip_code",
    "go_on_with_draft",
    "open_search", "open_staff", "staff_first_time",
)
FIELDS = ("name", "id_number", "phone", "insurance", "period", "period_from", "purpose",
          "purpose_note", "delivery", "delivery_address", "no_such_field")
SLIP = DraftKey(bytes(16)).qr_text
VALUES = st.sampled_from(
    ["", "other", "chosen", "courier", "home", "13900000000", "all", "2026-01-02"]
)


class AnySequence(RuleBasedStateMachine):
    """A real store, a real reader with a card on it, no camera, printer or line."""

    folder: ClassVar[Path]
    store: ClassVar[Store]
    reader: ClassVar[SamvPty]
    city: ClassVar[City]

    @classmethod
    def set_up(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="yimen-visit-"))
        cls.store = Store.open(cls.folder / "kiosk.db")
        cls.store.catalog.import_bundle(catalog())
        cls.reader = SamvPty(BAUD)
        cls.reader.insert(sample_card("zhang_wei"))
        cls.city = new_city()

    @classmethod
    def tear_down(cls) -> None:
        cls.reader.close()
        cls.store.close()
        shutil.rmtree(cls.folder)

    @initialize()
    def come(self) -> None:
        self.guest = Guest(self.folder, self.store, self.city, reader=self.reader)
        self.visit = self.guest.visit
        self.committed = len(self.store.outbox.waiting())
        self.submits = 0

    def teardown(self) -> None:
        if hasattr(self, "guest"):
            self.leave()
            self.guest.close()

    def leave(self) -> None:
        """From anywhere, once nothing is being committed or printed, quitting ends the visit."""
        if self.visit.step is Step.SENDING and self.visit.fault is None:
            self.guest.finish_sending()
        self.visit.quit()
        self.guest.settle()
        self.guest.at(Step.GOODBYE)
        assert knows(self.visit, *PERSONAL) == []
        self.guest.wait(self.guest.place.rooms.timings.goodbye + 1)
        assert self.guest.over == 1

    # ---- what is touched

    def touch(self, action: str, *arguments: object) -> None:
        before = self.visit.step
        try:
            getattr(self.visit, action)(*arguments)
        except WrongStep:
            assert self.visit.step is before

    @rule(action=st.sampled_from(ACTIONS))
    def touch_anything(self, action: str) -> None:
        self.touch(action)

    @rule(field=st.sampled_from(FIELDS), value=VALUES)
    def type_something(self, field: str, value: str) -> None:
        self.touch("set_answer", field, value)
        self.touch("leave_field", field)

    @rule(code=st.sampled_from([PAPERLESS, "11220100A90100YM3N3000114001001", "gone"]))
    def open_service(self, code: str) -> None:
        self.touch("open_service", code)

    @rule(group=st.sampled_from(["social", "no_such_group"]))
    def open_group(self, group: str) -> None:
        self.touch("open_group", group)

    @rule(section=st.sampled_from(["form:0", "form:2", "signature"]))
    def edit(self, section: str) -> None:
        self.touch("edit", section)

    @rule(strokes=st.sampled_from([STROKES, ()]))
    def sign(self, strokes: tuple[()]) -> None:
        self.touch("sign", strokes)

    @rule(text=st.sampled_from(["", "YIMEN1:a:b:c", "hello", "YIMEND1:x", SLIP]))
    def show_code(self, text: str) -> None:
        self.visit.code_event(CodeScanned(text))

    @rule(digits=st.sampled_from(["280417", "0123456789", "1"]))
    def type_staff_digits(self, digits: str) -> None:
        self.touch("staff_digits", digits)

    @rule(language=st.sampled_from(LANGUAGES))
    def switch_language(self, language: str) -> None:
        before = self.answers()
        step = self.visit.step
        self.visit.set_language(language)
        assert self.visit.language == language
        assert self.answers() == before
        assert self.visit.step is (Step.SIGN if step is Step.REVIEW and self.unsigned() else step)

    @rule(seconds=st.sampled_from([0.5, 2.0, 30.0]))
    def wait(self, seconds: float) -> None:
        self.guest.wait(seconds)

    @rule()
    def settle(self) -> None:
        self.guest.settle()

    # ---- what a person who knows the way does, so that every step is reached

    @rule()
    def go_on(self) -> None:
        visit, guest = self.visit, self.guest
        match visit.step:
            case Step.ATTRACT:
                visit.start()
            case Step.LANGUAGE:
                visit.choose_language("en")
            case Step.HOME | Step.SEARCH | Step.GROUP:
                visit.open_service(PAPERLESS)
            case Step.SERVICE:
                visit.begin()
            case Step.CONSENT:
                visit.agree()
            case Step.IDENTIFY:
                guest.until(lambda: visit.identify.state is not IdentifyState.READING
                            and visit.identify.readers != (), "read")
                guest.wait(1.0)
            case Step.FORM:
                for field in visit.form.fields:
                    if not field.locked and field.id in ANSWERS[CERTIFICATE]:
                        visit.set_answer(field.id, ANSWERS[CERTIFICATE][field.id])
                visit.next()
            case Step.SIGN:
                guest.settle()
                visit.skip()
                visit.sign(STROKES)
                visit.next()
                guest.at(Step.REVIEW)
            case Step.REVIEW:
                self.submits += 1
                visit.submit()
            case Step.SENDING:
                guest.finish_sending()
            case _:
                pass

    def answers(self) -> dict[str, object]:
        application = self.visit._application
        return dict(application.answers) if application is not None else {}

    def unsigned(self) -> bool:
        application = self.visit._application
        return application is not None and not application.strokes

    # ---- what holds at all times

    @invariant()
    def every_property_of_the_step_can_be_read(self) -> None:
        visit = self.visit if hasattr(self, "visit") else None
        if visit is None:
            return
        parts: dict[Step, tuple[str, ...]] = {
            Step.HOME: ("groups", "popular"), Step.GROUP: ("group", "items"),
            Step.SERVICE: ("service",), Step.CHECK: ("check_view",), Step.SHEET: ("sheet_view",),
            Step.CONSENT: ("consent",), Step.IDENTIFY: ("identify",),
            Step.PRINTED_LINES: ("lines",),
            Step.FORM: ("form",), Step.MATERIAL: ("materials",), Step.SIGN: ("sign_view",),
            Step.REVIEW: ("review",), Step.SENDING: ("stages",), Step.DONE: ("receipt",),
            Step.DRAFT: ("draft", "can_take"), Step.RESUME: ("resume",),
            Step.STATUS: ("status",), Step.CASE: ("case",), Step.STAFF_SIGN_IN: ("staff_door",),
        }
        for name in ("progress", "fault", "help", "idle_left", "can_go_back", "entered_anything",
                     *parts.get(visit.step, ())):
            getattr(visit, name)

    @invariant()
    def chip_values_are_the_chips(self) -> None:
        answers = self.answers() if hasattr(self, "visit") else {}
        if answers:
            assert answers["name"] == document().name
            assert answers["id_number"] == document().number

    @precondition(lambda self: self.visit.step is Step.REVIEW)
    @invariant()
    def only_what_is_complete_is_reviewed(self) -> None:
        application = self.visit._app
        assert application.form.validate(application.answers) == []


def test_no_sequence_of_touches_breaks_a_visit(tmp_path: Path) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    AnySequence.set_up()
    try:
        run_state_machine_as_test(
            AnySequence,
            settings=settings(
                max_examples=60, stateful_step_count=50, deadline=None, derandomize=True,
                database=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
    finally:
        AnySequence.tear_down()


@pytest.mark.parametrize("steps", [12])
def test_who_knows_the_way_reaches_the_receipt(steps: int) -> None:
    """The machine's own way on is one: else it would prove little."""
    AnySequence.set_up()
    machine = AnySequence()
    try:
        machine.come()
        for _ in range(steps):
            machine.go_on()
        machine.guest.at(Step.DONE)
        assert len(machine.store.outbox.waiting()) == machine.committed + 1
    finally:
        machine.teardown()
        AnySequence.tear_down()
