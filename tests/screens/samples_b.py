"""The form, papers, signature and receipt of a sample visit, in three languages."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.printers.draw import draw
from kiosk.receipt_paper import receipt_layout
from kiosk.steps import Step
from kiosk.views import (
    CapturedView,
    DrawnPaper,
    FaultView,
    FieldView,
    FormView,
    LiveView,
    Looks,
    MaterialView,
    ReadingView,
    ReceiptView,
    ReviewSection,
    SignView,
    Stage,
    StageState,
    Stroke,
)
from tests.screens.sample_catalog import PROMISED
from tests.screens.samples import SampleVisit

Image = NDArray[np.uint8]
NUMBER = "YM-0001-261123-0042-7"

TEXTS: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
"""English → its translations."""
ADDRESS = "吉林省长春市朝阳区人民大街 1 号示范小区 3 栋 2 单元 501 室"
GROUPS = "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族".split()  # noqa: SIM905


def page_image(width: int = 1240, height: int = 1754, *, blurred: bool = False) -> Image:
    """A drawn A4 page, RGB."""
    page = np.full((height, width, 3), 250, np.uint8)
    cv2.rectangle(page, (90, 90), (width - 90, height - 90), (60, 60, 70), 3)
    cv2.putText(
        page,
        "HOUSEHOLD REGISTER",
        (220, 240),
        cv2.FONT_HERSHEY_TRIPLEX,
        2.0,
        (40, 40, 50),
        3,
        cv2.LINE_AA,
    )
    for row in range(12):
        y = 330 + row * 105
        cv2.line(page, (90, y), (width - 90, y), (120, 120, 130), 2)
        cv2.putText(
            page,
            "-" * (8 + (row * 7) % 19),
            (130, y + 70),
            cv2.FONT_HERSHEY_SIMPLEX,
            1.4,
            (70, 70, 90),
            3,
            cv2.LINE_AA,
        )
    cv2.circle(page, (930, 1480), 130, (190, 40, 40), 9, cv2.LINE_AA)
    if blurred:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), 9), np.uint8)
    return page


def desk_image(corners: tuple[tuple[float, float], ...] | None) -> Image:
    """What the camera sees: a desk, and a page lying on it. 1280×960 RGB."""
    height, width = 960, 1280
    y, x = np.mgrid[0:height, 0:width]
    light = 150 - 45 * np.hypot((x - width / 2) / width, (y - height / 2) / height)
    desk = np.stack([light * 0.62, light * 0.55, light * 0.50], axis=-1).astype(np.uint8)
    if corners is None:
        return desk
    page = page_image()
    high, wide = page.shape[:2]
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    target = np.array([[cx * width, cy * height] for cx, cy in corners], np.float32)
    warp = cv2.getPerspectiveTransform(source, target)
    laid = cv2.warpPerspective(page, warp, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, (width, height))
    return np.where(mask[..., None] > 127, (laid * 0.93).astype(np.uint8), desk)


CORNERS = ((0.27, 0.06), (0.71, 0.08), (0.75, 0.93), (0.22, 0.91))


def signature() -> tuple[Stroke, ...]:
    """A signature that looks like one."""
    strokes: list[Stroke] = []
    for start, shape in ((0.22, 3.1), (0.4, 4.4), (0.58, 2.3)):
        points = []
        for step in range(40):
            t = step / 39
            points.append(
                (
                    start + 0.15 * t + 0.02 * np.sin(shape * 5 * t),
                    0.5 - 0.22 * np.sin(shape * 2.6 * t + shape) * (1 - t * 0.4),
                    t,
                )
            )
        strokes.append(tuple((float(x), float(y), float(s)) for x, y, s in points))
    return tuple(strokes)


class SampleVisitB(SampleVisit):
    """A SampleVisit with everything from the form to the receipt; answers are really kept."""

    def __init__(
        self, step: Step = Step.FORM, language: str = "zh", looks: Looks | None = None
    ) -> None:
        super().__init__(step, language, looks)
        self.page = 0
        self.answers = {
            "name": "张伟",
            "id": "220102199005171233",
            "born": "1990-05-17",
            "address": "吉林省长春市朝阳区",
            "kind": "all",
            "self": "true",
        }
        self.problems: dict[str, str] = {}
        self.kept = (2, 0)
        self.live_view = LiveView(None, 0, None, "", None, 0.0)
        self.captured: CapturedView | None = None
        self.material_index = 0
        self.reading: ReadingView | None = None
        self.paper, self.paper_note = False, ""
        self.signed = False
        self.sign_fault = ""
        self.confirmed = False
        self.printed = True
        self.stage_states = (StageState.DONE, StageState.ACTIVE, StageState.PENDING)
        self.on_next: Callable[[], None] = lambda: None

    def t(self, english: str) -> str:
        return self.words.pick({"en": english, **TEXTS[english]})

    # form

    def _field(self, field_id: str, label: str, kind: str, **more: Any) -> FieldView:
        value = self.answers.get(field_id, "")
        base = FieldView(
            field_id,
            self.t(label),
            "",
            kind,
            "pinyin",
            value,
            value,
            "",
            (),
            True,
            self.problems.get(field_id, ""),
            60,
        )
        return replace(base, **more)

    @property
    def form(self) -> FormView:
        card = self.t("From your ID card")
        first = (
            self._field("name", "Name", "text", source=card),
            self._field(
                "id",
                "ID number",
                "idnumber",
                keyboard="digits",
                source=card,
                display="220***********1233",
                max_length=18,
            ),
            self._field(
                "phone",
                "Mobile phone",
                "phone",
                keyboard="digits",
                max_length=11,
                hint=self.t("We send progress to this number"),
            ),
            self._field("address", "Where you live now", "address", required=False),
        )
        choices = tuple(
            (value, self.t(text))
            for value, text in (
                ("all", "All insurances"),
                ("pension", "Pension"),
                ("job", "Unemployment"),
                ("injury", "Work injury"),
            )
        )
        groups = tuple((f"{n:02}", name) for n, name in enumerate(GROUPS, 1))
        second = (
            self._field("kind", "Which certificate do you need?", "choice", choices=choices),
            self._field("self", "For yourself?", "boolean"),
            self._field(
                "born",
                "Born on",
                "date",
                keyboard="digits",
                source=card,
                display=self.t("May 17, 1990"),
            ),
            self._field(
                "group",
                "Ethnic group",
                "choice",
                choices=groups,
                display=dict(groups).get(self.answers.get("group", ""), ""),
            ),
            self._field("note", "What is it for?", "note", keyboard="latin", required=False),
        )
        return FormView(self.t("About you"), self.page, 2, (first, second)[self.page], False,
                        self.paper, self.paper_note)

    def set_answer(self, field_id: str, value: str) -> None:
        self.calls.append(("set_answer", field_id, value))
        self.answers[field_id] = value

    def leave_field(self, field_id: str) -> None:
        self.calls.append(("leave_field", field_id))
        phone = self.answers.get("phone", "")
        if field_id == "phone":
            self.problems.pop("phone", None)
            if len(phone) != 11:
                self.problems["phone"] = self.t(
                    "This number is not complete. A mobile number has 11 digits."
                )
        self.on_change()

    def next(self) -> None:
        self.calls.append(("next",))
        self.on_next()
        self.on_change()

    # papers

    @property
    def materials(self) -> tuple[MaterialView, ...]:
        return (
            MaterialView(
                "register",
                self.t("Household register, your page"),
                self.t("The page with your name and ID number."),
                True,
                self.kept[1],
                1,
            ),
            MaterialView(
                "contract",
                self.t("Rental contract"),
                self.t("All pages, with the signatures."),
                True,
                self.kept[0],
                6,
            ),
            MaterialView("attorney", self.t("Power of attorney"), "", False, 0, 2,
                         self.t("Second: the back, or the side with changes")),
        )

    @property
    def material(self) -> MaterialView:
        return self.materials[self.material_index]

    @property
    def more_pages(self) -> bool:
        material = self.material
        return not material.next_side and material.pages + 1 < material.pages_max

    def live(self) -> LiveView:
        return self.live_view

    def see(self, *, paper: bool = True, steady: float = 0.6) -> None:
        """Let the camera see a paper (or only the desk)."""
        corners = CORNERS if paper else None
        advice = self.t("Hold still…" if paper else "I can't see a paper yet. Lay it in the light.")
        self.live_view = LiveView(
            desk_image(corners), self.live_view.number + 1, corners, advice, None, steady
        )

    def take(self, *, blurred: bool = False) -> None:
        problem = (
            FaultView(
                "page.blurred",
                self.t("The page is a little blurred."),
                self.t("Lay it flat and take it again."),
            )
            if blurred
            else None
        )
        self.captured = CapturedView(page_image(blurred=blurred), problem)

    # signing, review, sending, done

    @property
    def sign_view(self) -> SignView:
        fault = None
        if self.sign_fault:
            fault = FaultView(
                self.sign_fault,
                self.t("There is no paper for the receipt."),
                self.t(
                    "A member of staff can put in paper. "
                    "You can also go on without a printed receipt."
                ),
                ("retry", "skip", "help"),
            )
        return SignView(
            (
                self.t(
                    "I declare that what I have stated is true, and I ask the office to handle my "
                    "application."
                ),
                self.t("A false statement has consequences in law."),
            ),
            (
                (self.t("Service"), self.t("Social insurance participation certificate")),
                (self.t("Name"), "张伟"),
                (self.t("ID number"), "220***********1233"),
            ),
            self.signed,
            fault,
        )

    def sign(self, strokes: tuple[Stroke, ...]) -> None:
        self.calls.append(("sign", strokes))
        self.signed = True
        self.on_change()

    def clear_signature(self) -> None:
        self.calls.append(("clear_signature",))
        self.signed = False
        self.on_change()

    @property
    def review(self) -> tuple[ReviewSection, ...]:
        return (
            ReviewSection(
                "form:0",
                self.t("About you"),
                (
                    (self.t("Name"), "张伟"),
                    (self.t("ID number"), "220***********1233"),
                    (self.t("Mobile phone"), "139****0000"),
                    (self.t("Where you live now"), ADDRESS),
                ),
            ),
            ReviewSection(
                "materials",
                self.t("Papers"),
                (
                    (self.t("Household register, your page"), self.t("1 page")),
                    (self.t("Rental contract"), self.t("2 pages")),
                ),
            ),
            ReviewSection(
                "signature", self.t("Signature"), ((self.t("Signature"), self.t("Signed by hand")),)
            ),
        )

    @property
    def stages(self) -> tuple[Stage, ...]:
        titles = ("Saving your application", "Printing your receipt", "Sending it to the office")
        return tuple(
            Stage(name, self.t(title), state)
            for name, title, state in zip(
                ("committing", "printing", "sending"), titles, self.stage_states, strict=True
            )
        )

    def _drawn(self) -> DrawnPaper:
        layout = receipt_layout(
            self.words, "长春市示范街道便民服务中心（演示）",
            self.t("Social insurance participation certificate"), NUMBER,
            f"YIMEN1:{NUMBER}:kiosk-0001:" + "Qm9uam91cg" * 8, datetime.now(UTC), "12345",
            PROMISED,
        )
        return DrawnPaper(np.asarray(draw(layout)))

    @property
    def receipt(self) -> ReceiptView:
        fault = (
            None
            if self.printed
            else FaultView(
                "printer.unreachable",
                self.t("The receipt could not be printed."),
                self.t("Your application is safe. Take a picture of the code below."),
            )
        )
        return ReceiptView(
            NUMBER,
            f"YIMEN1:{NUMBER}:kiosk-0001:" + "Qm9uam91cg" * 8,
            self.t("Social insurance participation certificate"),
            self.confirmed,
            self.printed,
            fault,
            (
                self.t("The office looks at your application within 1 working day."),
                PROMISED.sentence(self.words),
                self.t("You get a message on 139****0000."),
                self.t("Ask at any terminal with your receipt."),
            ),
            self._drawn(),
        )
