"""A visit that stands still wherever one wants, with realistic words in three languages.

Used to draw and measure single screens; journeys use the real `kiosk.visit.Visit`.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.steps import Step
from kiosk.views import (
    CaseCard,
    CaseView,
    ConsentView,
    FaultView,
    GroupView,
    GuideSection,
    HelpView,
    IdentifyState,
    IdentifyView,
    Looks,
    Progress,
    ServiceRow,
    ServiceView,
    StatusView,
)
from kiosk.words import Words

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


def _row(
    words: Words,
    code: str,
    name: dict[str, str],
    department: dict[str, str],
    icon: str,
    colour: str,
    here: bool,
) -> ServiceRow:
    summary = {
        "zh": "证明您在本市参加社会保险的情况，可用于落户、购房、入学、求职。",
        "en": "Proves your social insurance in this city: for a household register, a home, "
        "a school or a job.",
        "ko": "이 도시의 사회보험 가입 상황을 증명합니다. 호적, 주택 구입, 입학, 취업에 씁니다.",
    }
    return ServiceRow(
        code, words.pick(name), words.pick(department), words.pick(summary), icon, colour, here
    )


_HR = {
    "zh": "长春市人力资源和社会保障局",
    "en": "Changchun Human Resources and Social Security Bureau",
    "ko": "창춘시 인력자원사회보장국",
}
_POLICE = {"zh": "长春市公安局", "en": "Changchun Public Security Bureau", "ko": "창춘시 공안국"}
_TRANSPORT = {
    "zh": "长春市交通运输局",
    "en": "Changchun Transport Bureau",
    "ko": "창춘시 교통운수국",
}

SERVICES: tuple[tuple[str, dict[str, str], dict[str, str], str, str, bool], ...] = (
    (
        "social_insurance_participation_certificate",
        {
            "zh": "社会保险参保证明",
            "en": "Social insurance participation certificate",
            "ko": "사회보험 가입 증명서",
        },
        _HR,
        "shield-check",
        "blue",
        True,
    ),
    (
        "residence_permit",
        {"zh": "居住证申领", "en": "Residence permit", "ko": "거주증 신청"},
        _POLICE,
        "identification-card",
        "violet",
        True,
    ),
    (
        "elderly_transport_card",
        {
            "zh": "老年人公交卡（敬老卡）申领",
            "en": "Senior citizen bus card",
            "ko": "어르신 교통카드(경로카드) 신청",
        },
        _TRANSPORT,
        "bus",
        "teal",
        True,
    ),
    (
        "driving_licence_renewal",
        {
            "zh": "机动车驾驶证期满换证",
            "en": "Renewal of an expiring driving licence",
            "ko": "운전면허증 기간 만료 갱신",
        },
        _POLICE,
        "car",
        "teal",
        False,
    ),
    (
        "pension_qualification",
        {
            "zh": "城镇职工养老保险待遇领取资格认证",
            "en": "Yearly confirmation for receiving an employee pension",
            "ko": "직장인 연금 수급 자격 확인",
        },
        _HR,
        "hand-heart",
        "brown",
        False,
    ),
    (
        "household_move",
        {"zh": "户口迁移审批", "en": "Moving a household registration", "ko": "호적 이전 승인"},
        _POLICE,
        "house-line",
        "green",
        False,
    ),
)

GROUPS: tuple[tuple[str, dict[str, str], dict[str, str], str, str], ...] = (
    (
        "social",
        {"zh": "社保养老", "en": "Social insurance", "ko": "사회보험·연금"},
        {
            "zh": "参保证明 · 社保卡 · 养老金",
            "en": "Certificates · card · pension",
            "ko": "가입증명 · 사회보장카드 · 연금",
        },
        "shield-check",
        "blue",
    ),
    (
        "identity",
        {"zh": "户籍身份", "en": "Identity & residence", "ko": "호적·신분증"},
        {
            "zh": "身份证 · 居住证 · 落户",
            "en": "ID card · residence permit · register",
            "ko": "신분증 · 거주증 · 전입",
        },
        "identification-card",
        "violet",
    ),
    (
        "medical",
        {"zh": "医疗医保", "en": "Health & insurance", "ko": "의료·의료보험"},
        {
            "zh": "参保 · 报销 · 慢病",
            "en": "Enrolment · refunds · long illness",
            "ko": "가입 · 환급 · 만성질환",
        },
        "first-aid-kit",
        "red",
    ),
    (
        "transport",
        {"zh": "公交出行", "en": "Bus & driving", "ko": "교통·운전"},
        {
            "zh": "敬老卡 · 驾驶证 · 车辆",
            "en": "Senior card · licence · vehicle",
            "ko": "경로카드 · 면허증 · 차량",
        },
        "bus",
        "teal",
    ),
    (
        "education",
        {"zh": "教育入学", "en": "School & study", "ko": "교육·입학"},
        {
            "zh": "报名 · 转学 · 资助",
            "en": "Enrolment · transfer · aid",
            "ko": "입학 · 전학 · 지원금",
        },
        "graduation-cap",
        "orange",
    ),
    (
        "housing",
        {"zh": "住房公积金", "en": "Housing fund", "ko": "주택 적립금"},
        {
            "zh": "余额 · 提取 · 公租房",
            "en": "Balance · withdrawal · rent",
            "ko": "잔액 · 인출 · 임대주택",
        },
        "house-line",
        "green",
    ),
    (
        "tax",
        {"zh": "税费缴纳", "en": "Taxes & fees", "ko": "세금·요금"},
        {
            "zh": "个税 · 车船 · 水电",
            "en": "Income · vehicle · utilities",
            "ko": "소득세 · 자동차 · 수도전기",
        },
        "wallet",
        "pink",
    ),
    (
        "care",
        {"zh": "养老助残", "en": "Care & support", "ko": "돌봄·장애 지원"},
        {
            "zh": "津贴 · 残疾人证 · 低保",
            "en": "Allowance · disability card",
            "ko": "수당 · 장애인증 · 생계지원",
        },
        "hand-heart",
        "brown",
    ),
)

_GUIDE: tuple[tuple[str, dict[str, str], str, dict[str, tuple[str, ...]]], ...] = (
    (
        "get",
        {"zh": "您会得到", "en": "What you get", "ko": "받으시는 것"},
        "seal-check",
        {
            "zh": ("社会保险参保证明（带电子印章，可在线验证）",),
            "en": ("A certificate with an electronic seal that anyone can verify online",),
            "ko": ("전자 인장이 있는 가입 증명서(온라인 확인 가능)",),
        },
    ),
    (
        "bring",
        {"zh": "您要带", "en": "What you bring", "ko": "가져오실 것"},
        "files",
        {
            "zh": ("居民身份证或社会保障卡", "户口簿本人页（如有）"),
            "en": (
                "Resident card or social security card",
                "Your page of the household register (if you have it)",
            ),
            "ko": ("주민 신분증 또는 사회보장카드", "호적부 본인 페이지(있는 경우)"),
        },
    ),
    (
        "time",
        {"zh": "多久能办好", "en": "How long it takes", "ko": "걸리는 시간"},
        "clock",
        {
            "zh": ("1 个工作日内", "资料齐全时通常当天办结。"),
            "en": ("Within 1 working day.", "Usually the same day when nothing is missing."),
            "ko": ("1 근무일 이내", "서류가 갖춰지면 보통 당일에 끝납니다."),
        },
    ),
    (
        "fee",
        {"zh": "费用", "en": "What it costs", "ko": "비용"},
        "coins",
        {"zh": ("不收费。",), "en": ("Nothing.",), "ko": ("무료입니다.",)},
    ),
    (
        "steps",
        {"zh": "办理步骤", "en": "How it goes", "ko": "진행 순서"},
        "list-numbers",
        {
            "zh": ("刷身份证或社保卡", "核对信息，回答几个问题", "签名，取回执"),
            "en": (
                "Lay your card on the reader",
                "Check what we know, answer a few questions",
                "Sign and take your receipt",
            ),
            "ko": (
                "카드를 판독기에 올리기",
                "정보를 확인하고 몇 가지 질문에 답하기",
                "서명하고 접수증 받기",
            ),
        },
    ),
)

SENTENCES = {
    "card.unreadable": (
        {
            "zh": "还没有读到您的卡。",
            "en": "I can't read the card yet.",
            "ko": "아직 카드를 읽지 못했습니다.",
        },
        {
            "zh": "请把卡平放在亮灯的区域，放好后不要移动。",
            "en": "Lay it flat on the lit field and leave it there.",
            "ko": "불이 켜진 곳에 평평하게 올려놓고 움직이지 마세요.",
        },
    ),
    "hub.unreachable": (
        {
            "zh": "现在连不上市政务中心。",
            "en": "The city centre can't be reached right now.",
            "ko": "지금 시 센터에 연결되지 않습니다.",
        },
        {
            "zh": "您仍可办理，恢复后会自动送达。",
            "en": "You can go on; your case is sent as soon as the line is back.",
            "ko": "계속하실 수 있습니다. 연결되면 자동으로 보냅니다.",
        },
    ),
    "kiosk.not_enrolled": (
        {
            "zh": "这台终端暂时不能使用。",
            "en": "This terminal is not in use yet.",
            "ko": "이 단말기는 아직 사용할 수 없습니다.",
        },
        {
            "zh": "请到服务台办理，工作人员很乐意帮您。",
            "en": "Please go to the desk; a member of staff is happy to help you.",
            "ko": "안내 데스크로 가시면 직원이 도와드립니다.",
        },
    ),
}


class SampleVisit:
    """Has the views of `kiosk.visit.Visit`; actions only note that they were called."""

    def __init__(
        self, step: Step = Step.ATTRACT, language: str = "zh", looks: Looks | None = None
    ) -> None:
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
        self.missing: tuple[str, ...] = ()
        self.status_name = "reviewing"
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

    @property
    def popular(self) -> tuple[ServiceRow, ...]:
        return tuple(_row(self.words, *service) for service in SERVICES[:4])

    @property
    def services(self) -> tuple[ServiceRow, ...]:
        return tuple(_row(self.words, *service) for service in SERVICES)

    @property
    def groups(self) -> tuple[GroupView, ...]:
        pick = self.words.pick
        return tuple(
            GroupView(i, pick(n), pick(h), icon, colour) for i, n, h, icon, colour in GROUPS
        )

    @property
    def group(self) -> GroupView:
        return self.groups[0]

    def search(self, text: str) -> tuple[ServiceRow, ...]:
        return tuple(row for row in self.services if not text or text in row.name or text == "sb")

    def fault_view(self, code: str, actions: tuple[str, ...] = ("retry", "help")) -> FaultView:
        sentence, way_on = SENTENCES[code]
        return FaultView(code, self.words.pick(sentence), self.words.pick(way_on), actions)

    @property
    def service(self) -> ServiceView:
        sections = tuple(
            GuideSection(i, self.words.pick(title), icon, lines[self.words.language])
            for i, title, icon, lines in _GUIDE
        )
        missing = tuple(self.fault_view(code, ("help",)) for code in self.missing)
        row = replace(self.services[0], here_now=not missing)
        return ServiceView(row, sections, missing)

    @property
    def consent(self) -> ConsentView:
        return {
            "zh": ConsentView(
                "在请您提供信息之前",
                (
                    "我们只收集办理这件事必须的信息，只交给办理部门，办完后不会留在这台终端里。",
                    "您可以随时停止，停止后已填写的内容会立即删除。",
                ),
                (
                    ("姓名、证件号码", "确认是您本人，查询参保记录"),
                    ("手机号码", "把办理进度告诉您"),
                    ("户口簿本人页的照片", "核对户籍所在地"),
                    ("您的签名", "证明申请是您自己提出的"),
                ),
            ),
            "en": ConsentView(
                "Before we ask for your data",
                (
                    "We only ask for what this service needs. It goes only to the office that "
                    "handles it, "
                    "and nothing stays in this terminal afterwards.",
                    "You can stop at any time; what you entered is deleted at once.",
                ),
                (
                    ("Name and document number", "to be sure it is you and find your records"),
                    ("Mobile phone number", "to tell you how your case is going"),
                    (
                        "A picture of your page of the household register",
                        "to check where you are registered",
                    ),
                    ("Your signature", "to prove that the application is yours"),
                ),
            ),
            "ko": ConsentView(
                "정보를 여쭙기 전에",
                (
                    "이 업무에 꼭 필요한 정보만 받고, 담당 부서에만 전달하며, "
                    "끝나면 이 단말기에 남지 않습니다.",
                    "언제든지 그만두실 수 있고, 입력하신 내용은 바로 삭제됩니다.",
                ),
                (
                    ("이름과 신분증 번호", "본인 확인과 가입 기록 조회"),
                    ("휴대전화 번호", "진행 상황 안내"),
                    ("호적부 본인 페이지 사진", "등록지 확인"),
                    ("서명", "본인이 신청했음을 증명"),
                ),
            ),
        }[self.words.language]

    @property
    def identify(self) -> IdentifyView:
        fault = (
            self.fault_view("card.unreadable")
            if self.identify_state is IdentifyState.FAULT
            else None
        )
        return IdentifyView(
            self.identify_state, fault, (("id_card", True), ("smartcard", True)), self.purpose
        )

    @property
    def status(self) -> StatusView:
        sentence = {
            "zh": "办理部门正在审核您的申请，预计 11 月 25 日前办结。",
            "en": "The office is reviewing your application, most likely until November 25.",
            "ko": "담당 부서가 신청을 심사하고 있습니다. 11월 25일까지 끝날 예정입니다.",
        }
        return StatusView(
            "YM-0001-261123-0042-7", self.status_name, self.words.pick(sentence), None, self.loading
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
        return self.fault_view("kiosk.not_enrolled")
