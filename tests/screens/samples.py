"""A visit that stands still wherever one wants, with realistic words in three languages.

Used to draw and measure single screens; journeys use the real `kiosk.visit.Visit`.
"""

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.contract.faults import FAULTS
from kiosk.draft_views import DraftPhase, DraftView, ResumePhase, ResumeView
from kiosk.fault_views import fault_view
from kiosk.printed_lines import PrintedLines
from kiosk.slip_code import SlipCode
from kiosk.staff_views import ClosedView
from kiosk.steps import Step
from kiosk.views import (
    CaseCard,
    CaseView,
    FaultView,
    HelpView,
    IdentifyState,
    IdentifyView,
    LinesView,
    LiveView,
    Looks,
    Progress,
    StatusView,
)
from kiosk.words import Words
from tests.screens.sample_catalog import PROMISED, SampleCatalog
from tests.screens.sample_city import SENTENCES

WORDS = "YIMEN_EXTRA_WORDS"
"""Folder of word lists not yet merged into the catalogs (only for drawing pictures early)."""


class SampleWords(Words):
    """The real words, plus lists that are on their way into the catalogs."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._extra: dict[str, str] = {}
        folder = os.environ.get(WORDS)
        for path in sorted(Path(folder).glob("*.json")) if folder else ():
            for entry in json.loads(path.read_text(encoding="utf-8")):
                self._extra[entry["en"]] = entry.get(language, entry["en"])

    def __call__(self, message: str, **values: object) -> str:
        text = super().__call__(message)
        if text == message:
            text = self._extra.get(message, message)
        return text.format(**values) if values else text


class SampleVisit(SampleCatalog):
    """Has the views of `kiosk.visit.Visit`; actions only note that they were called."""

    def __init__(
        self, step: Step = Step.ATTRACT, language: str = "zh", looks: Looks | None = None
    ) -> None:
        super().__init__()
        self.id = "sample"
        self.step = step
        self.words = SampleWords(language)
        self.looks = looks or Looks()
        self.on_change: Callable[[], None] = lambda: None
        self.idle_left: int | None = None
        self.entered_anything = True
        self.calls: list[tuple[Any, ...]] = []
        self.fault: FaultView | None = None
        self.identify_state = IdentifyState.WAITING
        self.purpose = "apply"
        self.passport = True
        self.lines_known = False
        self.lines_way = "typed"
        self.lines_fault = ""
        self.printed_lines = PrintedLines(
            lambda: self.words, lambda: date(2026, 11, 23), lambda: None, lambda: self.on_change()
        )
        self.status_name = "reviewing"
        self.can_take = True
        self.can_open_staff, self.closed_by = True, "store.full"
        self.draft_phase, self.draft_fault, self.from_slip = DraftPhase.OFFER, "", False
        self.resume_phase, self.resume_fault = ResumePhase.CODE, ""
        self.slip_code = SlipCode(
            lambda: self.words, lambda key: None, lambda: self.on_change()
        )
        self.loading = False

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self.calls.append((name, *arguments))

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def say(self) -> Words:
        return self.words

    def set_language(self, language: str) -> None:
        self.words = SampleWords(language)
        self.on_change()

    def set_looks(self, looks: Looks) -> None:
        self.looks = looks
        self.on_change()

    def go(self, step: Step) -> None:
        self.step = step
        self.on_change()

    @property
    def can_go_back(self) -> bool:
        return self.step not in (
            Step.ATTRACT,
            Step.LANGUAGE,
            Step.GOODBYE,
            Step.OUT_OF_ORDER,
            Step.DONE,
            Step.SENDING,
        )

    @property
    def progress(self) -> Progress | None:
        steps = [Step.CONSENT, Step.IDENTIFY, Step.FORM, Step.MATERIAL, Step.SIGN, Step.REVIEW]
        if self.step not in steps or self.purpose == "case":
            return None
        return Progress(steps.index(self.step) + 1, 6, self.popular[0].name)

    @property
    def place_name(self) -> str:
        return self.words.pick(
            {
                "zh": "长春市政务服务自助终端",
                "en": "Changchun Self-Service Terminal",
                "ko": "창춘시 행정 서비스 키오스크",
            }
        )

    @property
    def help(self) -> HelpView:
        pick = self.words.pick
        return HelpView(
            pick(
                {
                    "zh": "示范街道便民服务中心（演示）",
                    "en": "Demo Street Service Centre",
                    "ko": "시범 주민 서비스 센터(데모)",
                }
            ),
            pick(
                {
                    "zh": "长春市示范区示范路 1 号（演示地址）",
                    "en": "1 Demo Road, Demo District, Changchun (demo address)",
                    "ko": "창춘시 시범구 시범로 1호(데모 주소)",
                }
            ),
            "12345",
            (
                self.words("A member of staff is happy to help you."),
                self.words("Nothing you entered is lost while you ask."),
            ),
        )

    def fault_view(self, code: str, actions: tuple[str, ...] = ("retry", "help")) -> FaultView:
        sentence, way_on = SENTENCES[code]
        return FaultView(code, self.words.pick(sentence), self.words.pick(way_on), actions)

    @property
    def identify(self) -> IdentifyView:
        fault = (
            self.fault_view("card.unreadable")
            if self.identify_state is IdentifyState.FAULT
            else None
        )
        return IdentifyView(
            self.identify_state, fault, (("id_card", True), ("smartcard", True)), self.purpose,
            passport=self.passport, lines_known=self.lines_known,
        )

    @property
    def lines(self) -> LinesView:
        fault = self.real_fault_view(self.lines_fault) if self.lines_fault else None
        return LinesView(self.lines_way, True, fault, bool(fault))

    def lines_live(self) -> LiveView:
        return LiveView(None, -1, None, self.words("Lay the open photo page flat under the camera."),
                        None, 0.0)

    def real_fault_view(self, code: str) -> FaultView:
        return fault_view(code, self.words)

    @property
    def draft(self) -> DraftView:
        fault = self.real_fault_view(self.draft_fault) if self.draft_fault else None
        return DraftView(
            self.draft_phase, self.popular[0].name, self._until(14), fault, self.from_slip
        )

    @property
    def resume(self) -> ResumeView:
        fault = self.real_fault_view(self.resume_fault) if self.resume_fault else None
        return ResumeView(
            self.resume_phase, self.popular[0].name, self._until(-2), self._until(12), fault
        )

    def _until(self, days: int) -> str:
        return self.words.moment(datetime(2026, 11, 23, 9, 41) + timedelta(days=days))

    @property
    def status(self) -> StatusView:
        sentence = {
            "zh": "办理部门正在审核您的申请。",
            "en": "The office is reviewing your application.",
            "ko": "담당 부서가 신청을 심사하고 있습니다.",
        }
        return StatusView(
            "YM-0001-261123-0042-7", self.status_name, self.words.pick(sentence), None, self.loading,
            PROMISED.sentence(self.words),
        )

    @property
    def case(self) -> CaseView:
        if self.loading:
            return CaseView(True, None)
        day = self.words.date(date(2026, 11, 23))
        pick = self.words.pick
        card = CaseCard(
            "YM-0001-261123-0042-7",
            "CC-2026-000042",
            self.popular[0].name,
            "reviewing",
            pick(
                {
                    "zh": "办理部门正在审核。",
                    "en": "The office is reviewing it.",
                    "ko": "담당 부서가 심사 중입니다.",
                }
            ),
            (
                (
                    day,
                    pick(
                        {"zh": "窗口已受理", "en": "Accepted at the desk", "ko": "창구에서 접수됨"}
                    ),
                ),
                (day, pick({"zh": "已收到申请", "en": "Application received", "ko": "신청 접수"})),
            ),
            (
                (
                    pick({"zh": "用途", "en": "Purpose", "ko": "용도"}),
                    pick({"zh": "办理落户", "en": "Household registration", "ko": "호적 등록"}),
                ),
                (pick({"zh": "手机号码", "en": "Mobile phone", "ko": "휴대전화"}), "139****0000"),
            ),
            True,
            promise=PROMISED.sentence(self.words),
        )
        other = CaseCard(
            "YM-0001-261002-0017-3",
            "CC-2026-000017",
            self.popular[2].name,
            "ready",
            pick(
                {
                    "zh": "已办好，可以领取。",
                    "en": "Ready to be collected.",
                    "ko": "완료되었습니다. 수령하세요.",
                }
            ),
            ((day, pick({"zh": "已办好", "en": "Ready", "ko": "완료"})),),
            (),
            False,
        )
        return CaseView(False, None, (card, other))

    @property
    def out_of_order(self) -> FaultView:
        return self.real_fault_view(self.closed_by)

    @property
    def closed(self) -> ClosedView | None:
        if self.step is not Step.OUT_OF_ORDER:
            return None
        door = "" if self.can_open_staff else self.words(
            "Nobody can sign in here before that is done.")
        return ClosedView(self.closed_by, self.words(FAULTS[self.closed_by].staff), door)
