"""A resident at the kiosk: journeys read like sentences."""

from collections.abc import Mapping
from pathlib import Path

from kiosk.steps import Step
from kiosk.visit import Visit
from main import Kiosk
from tests.harness import Hands
from tests.journeys.city import City
from tests.journeys.telling import sentence, way_on

CERTIFICATE = "11220100A90100YM3N3000114001001"
RESIDENCE_PERMIT = "11220100A90300YM523000201002001"
TRANSPORT_CARD = "11220100A90400YM6P3000301001001"

ANSWERS: Mapping[str, Mapping[str, str]] = {
    CERTIFICATE: {
        "phone": "13900001234", "insurance": "pension", "period": "last_12_months",
        "purpose": "school", "delivery": "kiosk",
    },
    RESIDENCE_PERMIT: {
        "phone": "13900001234", "district": "220104", "present_address": "changchunshichaoyangqu",
        "living_since": "2026-01-05", "housing": "own", "reason": "other",
        "collection": "police_station",
    },
    TRANSPORT_CARD: {
        "phone": "13900001234", "request": "first", "lives_at_card_address": "true",
        "relative_name": "lili", "relative_phone": "13900005678", "collection": "community",
    },
}
"""The least a person has to say for each service, beside what the card says."""


SIGNED = (((0.2, 0.5, 0.0), (0.4, 0.3, 0.1), (0.6, 0.6, 0.2), (0.8, 0.4, 0.3)),)
"""A signature for those who jump over the signing."""


class Resident:
    """One person, step by step with the fingers; `jumps_to` skips what is not under test."""

    def __init__(self, city: City, hands: Hands, kiosk: Kiosk) -> None:
        self.city, self.hands, self.kiosk = city, hands, kiosk
        self.service = CERTIFICATE

    @property
    def visit(self) -> Visit:
        assert self.kiosk.visit is not None
        return self.kiosk.visit

    @property
    def step(self) -> str:
        return self.hands.step

    def touches_the_screen(self) -> "Resident":
        self.hands.tap("attract.start")
        self.hands.wait_for(Step.LANGUAGE)
        return self

    def speaks(self, language: str) -> "Resident":
        self.hands.tap(f"language.{language}")
        self.hands.wait_for(Step.HOME)
        return self

    def speaks_at_once(self, language: str) -> "Resident":
        return self.touches_the_screen().speaks(language)

    def opens(self, service: str) -> "Resident":
        """Open a service from the home screen or through its group and main item."""
        self.service = service
        sid = f"home.service.{service}"
        if not self.hands.see(sid):
            document = self.kiosk.store.catalog.service(service)
            if not self.hands.see(f"home.group.{document['group']}"):
                self.hands.tap("home.door.company")
            self.hands.tap(f"home.group.{document['group']}")
            self.hands.wait_for(Step.GROUP)
            if not self.hands.see(sid):
                self.hands.tap(f"group.item.{document['main']['id']}")
                self.hands.frame()
        self.hands.tap(sid)
        self.hands.wait_for(Step.SERVICE)
        return self

    def begins(self) -> "Resident":
        self.hands.tap("service.begin")
        self.hands.wait_for(Step.CONSENT)
        return self

    def agrees(self) -> "Resident":
        self.hands.tap("consent.agree")
        self.hands.wait_for(Step.IDENTIFY)
        return self

    def lays(self, card: str) -> "Resident":
        if self.step == Step.IDENTIFY and self.visit.identify.fault is not None:
            self._lets_the_reader_look()
        self.city.lay_card(card)
        return self

    def _lets_the_reader_look(self) -> None:
        """Between two cards a hand takes longer than the reader takes to see that it is empty."""
        reader = self.city.bench.id_card
        enough = reader.looks + 4
        self.hands.wait_until(lambda: reader.looks >= enough, "a look of the reader")

    def takes_the_card(self) -> "Resident":
        self.city.bench.id_card.remove()
        self.city.bench.smartcard.remove()
        return self

    def is_recognised(self) -> "Resident":
        try:
            self.hands.wait_for(Step.FORM)
        except AssertionError as error:
            raise AssertionError(f"not recognised: {self.visit.identify}") from error
        return self

    def fills_in(self, **changes: str) -> "Resident":
        """Answer what is still empty, page by page, until the form is done."""
        answers = {**ANSWERS[self.service], **changes}
        while self.step == Step.FORM:
            page = self.visit.form.page
            for question in self.visit.form.fields:
                if not question.value and question.id in answers:
                    self.answers(question.id, answers[question.id])
            self.goes_on()
            assert self.step != Step.FORM or self.visit.form.page != page, [
                (q.id, q.problem) for q in self.visit.form.fields if q.problem
            ]
        return self

    def goes_on(self) -> "Resident":
        """The next step of the form: the button, or the keyboard's own key while it is up."""
        self.hands.tap("form.next" if self.hands.see("form.next") else "key.done")
        return self

    def answers(self, field_id: str, value: str) -> "Resident":
        """Enter one answer with the fingers: keys or choices; dates through their wheels."""
        question = next(q for q in self.visit.form.fields if q.id == field_id)
        if question.kind in ("choice", "boolean"):
            if not self.hands.see(f"form.choice.{field_id}.{value}"):
                self.hands.tap(f"form.field.{field_id}")
                self.hands.wait(0.4)
            self.hands.tap(f"form.choice.{field_id}.{value}")
        elif question.kind == "date":
            self.visit.set_answer(field_id, value)
            self.visit.leave_field(field_id)
        else:
            self.hands.tap(f"form.field.{field_id}")
            self.hands.wait(0.4)
            self.types(value)
            if self.hands.see("candidate.0"):  # pinyin: take the first that is offered
                self.hands.tap("candidate.0")
        return self

    def types(self, text: str) -> "Resident":
        self.hands.type_text(text)
        return self

    def scans(self, material: str, paper: str) -> "Resident":
        self.hands.wait_for(Step.MATERIAL)
        return self.opens_the_camera(material).lays_paper(paper).sees_a_page().keeps_the_page()

    def opens_the_camera(self, material: str) -> "Resident":
        self.hands.tap(f"material.scan.{material}")
        self.hands.wait_for(Step.SCAN)
        return self

    def lays_paper(self, paper: str) -> "Resident":
        self.city.lay_paper(paper)
        return self

    def sees_a_page(self) -> "Resident":
        """Wait until the page was taken by itself."""
        self.hands.wait_until(lambda: self.visit.captured is not None, "a page taken by itself")
        self.hands.wait_to_see("scan.keep")
        return self

    def keeps_the_page(self) -> "Resident":
        self.hands.tap("scan.keep")
        self.hands.wait_for(Step.MATERIAL)
        return self

    def scans_everything_required(self) -> "Resident":
        for material in self.visit.materials:
            if material.required:
                self.scans(material.id, "household_register")
        self.hands.tap("material.next")
        self.hands.wait_for(Step.SIGN)
        return self

    def signs(self) -> "Resident":
        self.hands.wait_until(lambda: self.kiosk.workers.idle, "the printer was asked")
        x, y, width, height = self.hands.widgets()["sign.pad"]
        finger = self.hands.touch(x + width * 0.2, y + height * 0.5)
        for part in range(1, 12):
            finger.move(x + width * (0.2 + 0.05 * part), y + height * (0.5 + 0.03 * (part % 4)))
            self.hands.frame()
        finger.lift()
        self.hands.frame()
        self.hands.tap("sign.next")
        self.hands.wait_for(Step.REVIEW)
        return self

    def hands_in(self) -> "Resident":
        self.hands.tap("review.submit")
        self.hands.wait_for(Step.DONE)
        return self

    @property
    def receipt(self) -> str:
        return self.visit.receipt.number

    # ---- what is not under test, without fingers

    def jumps_to(
        self, step: Step, *, language: str = "zh", service: str = "",
        card: str = "zhang_wei", **changes: str,
    ) -> "Resident":
        """Come from here to a later step by the visit's own actions, without fingers; wires,
        workers and hub are real as ever."""
        visit = self.visit
        self.service = service = service or self.service
        stretches = {
            Step.LANGUAGE: visit.start,
            Step.HOME: lambda: visit.choose_language(language),
            Step.SERVICE: lambda: visit.open_service(service),
            Step.CONSENT: visit.begin,
            Step.IDENTIFY: visit.agree,
            Step.FORM: lambda: self.city.lay_card(card),
            Step.MATERIAL: lambda: self._fill({**ANSWERS[service], **changes}),
            Step.SIGN: self._bring_papers,
            Step.REVIEW: self._sign,
            Step.DONE: visit.submit,
        }
        order = list(stretches)
        here = order.index(visit.step) + 1 if visit.step in order else 0
        for reached in order[here:]:
            stretches[reached]()
            if reached is Step.FORM:
                self._lies_well().is_recognised()
            self.hands.wait_for(reached)
            if reached is step:
                return self
        raise AssertionError(f"no way to {step}")

    def _lies_well(self) -> "Resident":
        """On a machine with too much to do the paced wire may lag behind the driver's patience:
        then try again, as a person would, twice at most."""
        for _ in range(2):
            self.hands.wait_until(
                lambda: self.step == Step.FORM or self.visit.identify.fault is not None,
                "a card read or not",
            )
            if self.step == Step.FORM or self.visit.identify.fault is None:
                return self
            if self.visit.identify.fault.code not in ("card.unreadable", "card.removed"):
                return self
            self.hands.tap("fault.retry")
        return self

    def _fill(self, answers: Mapping[str, str]) -> None:
        visit = self.visit
        while visit.step is Step.FORM:
            page = visit.form.page
            for _ in range(2):  # again for those that came up because of an answer
                for question in visit.form.fields:
                    if not question.value and question.id in answers:
                        visit.set_answer(question.id, answers[question.id])
            visit.next()
            assert visit.step is not Step.FORM or visit.form.page != page, visit.form

    def _bring_papers(self) -> None:
        visit = self.visit
        self.city.lay_paper("household_register")
        for material in visit.materials:
            if material.required and not material.pages:
                visit.scan_material(material.id)
                self.hands.wait_until(lambda: visit.live().corners is not None, "a page in view")
                visit.capture()
                self.hands.wait_until(lambda: visit.captured is not None, "a page taken")
                visit.keep()
                self.hands.wait_for(Step.MATERIAL)
        visit.next()

    def _sign(self) -> None:
        self.hands.wait_until(lambda: self.kiosk.workers.idle, "the printer was asked")
        self.visit.sign(SIGNED)
        self.visit.next()

    # ---- what stands on the screen

    @property
    def reads(self) -> str:
        """Every word on the screen, sheet included, as one text."""
        stage = self.hands.app.stage
        shown = (getattr(widget, "text", "") for widget in stage.walk())
        return "\n".join(text for text in shown if isinstance(text, str) and text)

    def is_told(self, code: str, sid: str = "fault") -> "Resident":
        """The fault stands on the screen in the visit's language, with what can be done now."""
        language = self.visit.language
        wanted = (sentence(code, language), way_on(code, language))

        def told() -> bool:
            if not self.hands.see(sid):
                return False
            text = self.hands.text(sid)
            return all(words in text for words in wanted)

        self.hands.wait_until(told, f"{code} told on {sid}")
        return self

    def finds(self, words: str) -> "Resident":
        """These words come to stand somewhere on the screen."""
        self.hands.wait_until(lambda: words in self.reads, f"“{words}” on the screen")
        return self

    def is_told_nothing(self) -> "Resident":
        """No fault is on the screen (any more)."""
        self.hands.wait_until(lambda: not self.hands.see("fault"), "no fault on the screen")
        return self

    # ---- time and ways out

    def waits(self, seconds: float) -> "Resident":
        """Let virtual time pass in strides; for long waits in which nothing is drawn."""
        end = self.hands.time.seconds + seconds
        while self.hands.time.seconds < end - 1e-6:
            self.hands.frame(min(0.25, end - self.hands.time.seconds))
        return self

    def touches(self, sid: str) -> "Resident":
        self.hands.tap(sid)
        return self

    def arrives_at(self, step: Step) -> "Resident":
        self.hands.wait_for(step)
        return self

    def leaves(self) -> "Resident":
        """Finish, take the card, and wait until the kiosk has forgotten."""
        before = self.city.over
        self.hands.tap("done.finish" if self.step == Step.DONE else f"{self.step}.finish")
        self.takes_the_card()
        self.hands.wait_until(lambda: self.city.over > before, "the end of the visit")
        return self

    def shows_code(self, text: str) -> "Resident":
        self.city.bench.code_reader.show(text)
        self.hands.wait_for(Step.STATUS)
        return self

    def opens_the_case_of(self, card: str) -> "Resident":
        """From a receipt's status to the cases of whoever lays the card."""
        self.hands.wait_to_see("status.open_case")
        self.hands.tap("status.open_case")
        self.hands.wait_for(Step.IDENTIFY)
        self.lays(card)
        self.hands.wait_for(Step.CASE)
        self.hands.wait_until(lambda: not self.visit.case.loading, "the hub's answer")
        self.hands.frame()
        return self

    def picture(self, path: Path) -> Path:
        return self.hands.picture(path)


def next_visitor(city: City) -> Resident:
    """The kiosk started afresh, as after every visit, and somebody before it."""
    city.close()
    return Resident(city, *city.open())
