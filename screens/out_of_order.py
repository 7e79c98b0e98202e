"""Out of order: honest about what is wrong, and where to go instead."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import BODY, DISPLAY, GAP_L, GAP_M, LEAD
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.block import Block
from screens.widgets.card import Card
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class OutOfOrderScreen(Screen):
    """What works, where else; help stays in the bottom bar."""

    step: ClassVar[Step] = Step.OUT_OF_ORDER

    def state(self, visit: "Visit") -> object:
        return visit.out_of_order, visit.help

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, fault, place = self.look, visit.out_of_order, visit.help
        elsewhere: list[Widget] = [
            Row(look, [
                (Icon(look, icon, size=18), 0),
                (Column(look, [
                    Text(look, title, size=LEAD, bold=True),
                    Text(look, line, size=BODY, colour=look.theme.ink_soft),
                ], gap=look.mm(0.6)), 1),
            ], gap=look.mm(GAP_L), stretch=False)
            for icon, title, line in (
                ("map-pin", place.place, place.address),
                ("phone-call", self.say("City hotline"), place.phone),
            )
        ]
        return [
            Spacer(look, stretch=1),
            Icon(look, "moon-stars", size=62 if look.portrait else 26,
                 colour=look.theme.primary),
            Spacer(look, look.mm(GAP_M)),
            Text(look, fault.sentence, size=DISPLAY * (0.85 if look.portrait else 0.65),
                 bold=True, align="center", balance=True, tight=True, sid="out_of_order.title"),
            Text(look, fault.way_on, size=LEAD, colour=look.theme.ink_soft, align="center",
                 balance=True),
            Spacer(look, look.mm(GAP_M)),
            Card(look, self._beside(elsewhere), padding=(GAP_L, GAP_L)),
            Spacer(look, stretch=1.4),
        ]

    def _beside(self, elsewhere: list[Widget]) -> Block:
        """Below each other; a panel that is not high has room beside."""
        look = self.look
        if look.portrait:
            return Column(look, elsewhere, gap=look.mm(GAP_L))
        return Row(look, list(zip(elsewhere, (3, 2), strict=True)), gap=look.mm(GAP_M))
