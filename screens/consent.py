"""Consent: what is asked for and why, before anything is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, LEAD, NOTE
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class ConsentScreen(Screen):
    """What · why, line by line; agreeing is one touch, so is leaving."""

    step: ClassVar[Step] = Step.CONSENT

    def state(self, visit: "Visit") -> object:
        return visit.consent

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.consent
        rows: list[Widget] = [
            Row(look, [
                (Icon(look, "check-circle", size=10, colour=look.theme.primary), 0),
                (Column(look, [
                    Text(look, what, size=LEAD, bold=True),
                    Text(look, why, size=NOTE, colour=look.theme.ink_soft),
                ], gap=look.mm(0.4)), 1),
            ], gap=look.mm(GAP_M), stretch=False)
            for what, why in view.items
        ]
        promises: list[Widget] = [Text(look, text, size=BODY) for text in view.paragraphs]
        items: list[Widget] = [self.title(view.title)]
        items.append(Row(look, [
            (Icon(look, "lock-key", size=20), 0),
            (Column(look, promises, gap=look.mm(2.5)), 1),
        ], gap=look.mm(GAP_M), stretch=False))
        if rows:
            heading = Text(look, self.say("We ask you for"), size=BODY, bold=True,
                           colour=look.theme.ink_soft)
            items.append(Card(look, Column(look, [heading, *rows], gap=look.mm(GAP_M)),
                              padding=(GAP_L, GAP_L)))
        return items

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        return [
            Button(self.look, self.say("I do not agree"), "consent.refuse", visit.back,
                   kind="quiet"),
            Button(self.look, self.say("I agree"), "consent.agree", visit.agree,
                   icon_after="arrow-right"),
        ]
