"""Goodbye: thanks, what to take along, and that nothing stays here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import DISPLAY, GAP_L, GAP_M, LEAD
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.card import Card
from screens.widgets.door import DoorMark
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class GoodbyeScreen(Screen):
    """Nothing personal is shown any more."""

    step: ClassVar[Step] = Step.GOODBYE

    def state(self, visit: "Visit") -> object:
        return visit.language

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look = self.look
        reminders: list[Widget] = [
            Row(look, [
                (Icon(look, icon, size=18), 0),
                (Text(look, text, size=LEAD), 1),
            ], gap=look.mm(GAP_L), stretch=False)
            for icon, text in (
                ("identification-card", self.say("Do you have your card and your papers?")),
                ("eraser", self.say("Everything you entered is gone from this terminal.")),
            )
        ]
        return [
            Spacer(look, stretch=1),
            DoorMark(look, size=74, line=look.theme.primary),
            Spacer(look, look.mm(GAP_M)),
            Text(look, self.say("Thank you. Goodbye!"), size=DISPLAY, bold=True, align="center",
                 balance=True, tight=True, sid="goodbye.title"),
            Spacer(look, look.mm(GAP_M)),
            Card(look, Column(look, reminders, gap=look.mm(GAP_L)), padding=(GAP_L, GAP_L)),
            Spacer(look, stretch=1.3),
        ]
