"""Handed in: the number, its code, what happens next, and honestly what is not yet so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import DrawnPaper, ReceiptView
from screens.screen import Screen
from screens.surfaces import surfaces_of
from screens.tokens import (
    BODY,
    COLUMN_MAX,
    GAP_L,
    GAP_M,
    GAP_S,
    HEADING,
    LEAD,
    MARGIN,
    NOTE,
    TITLE,
)
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Badge, Card, Notice
from screens.widgets.icon import Icon
from screens.widgets.paper import DashedRule, PaperPicture, QrCode, Slip
from screens.widgets.text import Text, text_width

if TYPE_CHECKING:
    from kiosk.visit import Visit

QR_SIDE = 106.0
QR_SIDE_LANDSCAPE = 82.0


class DoneScreen(Screen):
    step: ClassVar[Step] = Step.DONE

    def state(self, visit: "Visit") -> object:
        return visit.receipt

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, receipt = self.look, visit.receipt
        head = Row(look, [
            (Icon(look, "check-circle", size=25, colour=look.theme.good), 0),
            (Column(look, [
                self.title(self.say("We have received it")),
                self._print_words(receipt),
            ], gap=look.mm(1)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        items: list[Widget] = [head]
        fault = receipt.print_fault
        if fault is not None:
            items.append(Notice(look, fault.sentence, fault.way_on, tone="caution",
                                icon="printer", sid="done.print_fault"))
        roomy = look.portrait and not look.tokens.large_text and not look.low_reach
        if receipt.drawn is not None and roomy:
            return [*items, *self._as_printed(receipt, receipt.drawn)]
        items.append(self._slip(receipt))
        if receipt.next_steps:
            items.append(self._next_steps(receipt.next_steps))
        return items

    def _as_printed(self, receipt: ReceiptView, drawn: DrawnPaper) -> Sequence[Widget]:
        """The very paper; beside it what it does not say, and its number large enough to read
        out aloud."""
        look, theme = self.look, self.look.theme
        number = Column(look, [
            Row(look, [
                (Text(look, self.say("Receipt number"), size=NOTE, colour=theme.ink_soft), 1),
                (self._badge(receipt), 0),
            ], stretch=False),
            Text(look, receipt.number, size=self._number_size(receipt.number), bold=True,
                 sid="done.number", tight=True),
        ], gap=look.mm(0.8))
        paper = Slip(look, PaperPicture(look, drawn.dots, "done.qr"), "done.receipt")
        if not receipt.next_steps:
            return [number, paper]
        steps = Column(look, [self._next_steps(receipt.next_steps)])
        return [number, Row(look, [(steps, 1), (paper, 0)], gap=look.mm(GAP_M))]

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        return [Button(self.look, self.say("Finish"), "done.finish", visit.finish, icon="check")]

    def _print_words(self, receipt: ReceiptView) -> Text:
        if receipt.printed:
            return self.lead(self.say("Please take your receipt."))
        return self.lead(self.say("Take a picture of this code with your phone."))

    def _badge(self, receipt: ReceiptView) -> Badge:
        look, theme = self.look, self.look.theme
        if receipt.confirmed:
            return Badge(look, self.say("The city has it"), icon="check-circle",
                         sid="done.confirmed")
        return Badge(look, self.say("Received, not yet confirmed"), icon="clock",
                     colour=theme.caution, ground=theme.caution_soft, sid="done.unconfirmed")

    def _slip(self, receipt: ReceiptView) -> Block:
        """The receipt as the printer prints it: black on white in every theme."""
        look, paper = self.look, surfaces_of(self.look.theme)
        words = Column(look, [
            Text(look, self.say("Receipt number"), size=NOTE, colour=paper.paper_ink_soft),
            Text(look, receipt.number, size=self._number_size(receipt.number), bold=True,
                 colour=paper.paper_ink, sid="done.number", tight=True),
            Spacer(look, look.mm(GAP_S * 0.6)),
            Text(look, receipt.service, size=LEAD, colour=paper.paper_ink),
        ], gap=look.mm(0.8))
        side = QR_SIDE if look.portrait else QR_SIDE_LANDSCAPE
        code = QrCode(look, receipt.qr, side, "done.qr")
        note = Text(look, self.say("Show this code here to see how it stands."), size=NOTE,
                    colour=paper.paper_ink_soft, align="center", balance=True)
        top: list[Widget] = [words, DashedRule(look), code, note]
        if not look.portrait:
            note.align = "left"
            top = [Row(look, [(Column(look, [words, note], gap=look.mm(GAP_M)), 1), (code, 0)],
                       gap=look.mm(GAP_L), stretch=False)]
        badge = Row(look, [(Text(look, ""), 1), (self._badge(receipt), 0), (Text(look, ""), 1)],
                    stretch=False)
        return Slip(look, Column(look, [*top, badge], gap=look.mm(GAP_M)), "done.receipt")

    def _number_size(self, number: str) -> float:
        """The largest size that keeps the number on one line: people read it out aloud."""
        look = self.look
        room = min(self.width, look.mm(COLUMN_MAX)) - 2 * look.mm(MARGIN + GAP_L)
        if not look.portrait:
            room -= look.mm(QR_SIDE_LANDSCAPE + GAP_L)
        sizes = (TITLE, 15.0, HEADING + 1, HEADING, LEAD)
        fitting = (size for size in sizes if text_width(number, look.text(size), True) <= room)
        return next(fitting, NOTE)

    def _next_steps(self, steps: tuple[str, ...]) -> Card:
        look, theme = self.look, self.look.theme
        lines: list[Widget] = [
            Text(look, self.say("What happens next"), size=HEADING, bold=True, tight=True)
        ]
        for number, step in enumerate(steps, start=1):
            lines.append(Row(look, [
                (Text(look, f"{number}", size=LEAD, bold=True, colour=theme.primary), 0),
                (Text(look, step, size=BODY), 1),
            ], gap=look.mm(GAP_M), stretch=False))
        return Card(look, Column(look, lines, gap=look.mm(GAP_S)), "done.next_steps")
