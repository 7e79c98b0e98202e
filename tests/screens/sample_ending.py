"""The end of a sample visit: signature, review, sending, receipt; in three languages."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from devices.printers.draw import draw
from kiosk.receipt_paper import receipt_layout
from kiosk.steps import Step
from kiosk.views import (
    DrawnPaper,
    FaultView,
    Looks,
    ReceiptView,
    ReviewSection,
    SignView,
    Stage,
    StageState,
    Stroke,
)
from tests.screens.sample_catalog import PROMISED
from tests.screens.samples import SampleVisit

NUMBER = "YM-0001-261123-0042-7"

TEXTS: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("samples_b.json").read_text(encoding="utf-8")
)
"""English → its translations."""
ADDRESS = "吉林省长春市朝阳区人民大街 1 号示范小区 3 栋 2 单元 501 室"


class SampleEnding(SampleVisit):
    def __init__(
        self, step: Step = Step.SIGN, language: str = "zh", looks: Looks | None = None
    ) -> None:
        super().__init__(step, language, looks)
        self.signed = False
        self.sign_fault = ""
        self.confirmed = False
        self.printed = True
        self.stage_states = (StageState.DONE, StageState.ACTIVE, StageState.PENDING)

    def t(self, english: str) -> str:
        return self.words.pick({"en": english, **TEXTS[english]})

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
