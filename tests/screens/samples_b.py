"""The form and the papers of a sample visit, in three languages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.steps import Step
from kiosk.views import (
    CapturedView,
    FaultView,
    FieldView,
    FormView,
    LiveView,
    Looks,
    MaterialView,
    ReadingView,
)
from tests.screens.sample_ending import SampleEnding
from tests.screens.sample_pages import CORNERS, desk_image, page_image

GROUPS = "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族".split()  # noqa: SIM905


class SampleVisitB(SampleEnding):
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
        self.on_next: Callable[[], None] = lambda: None

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
