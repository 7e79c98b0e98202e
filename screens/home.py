"""Home: search, what most people come for, and eight doors."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import GAP_L, GAP_M, GAP_S, HEADING, MARGIN, TITLE
from screens.widgets.arrange import Column, Grid
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import DoorCard
from screens.widgets.field import TextLine
from screens.widgets.services import service_line
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

SHOWN_POPULAR = 3


class HomeScreen(Screen):
    """One question: what would you like to do?"""

    step: ClassVar[Step] = Step.HOME

    def state(self, visit: "Visit") -> object:
        return visit.groups, visit.popular

    def hero(self, visit: "Visit") -> Block | None:
        look, margin = self.look, self.look.mm(MARGIN)
        return Column(look, [
            Text(look, self.say("What can we do for you?"), size=TITLE * 1.12, bold=True,
                 colour=look.theme.hero_ink, balance=True, tight=True, sid="home.title"),
            TextLine(look, "home.search", visit.open_search, pill=True, icon="magnifying-glass",
                     hint=self.say("Search services and offices")),
        ], gap=look.mm(GAP_M), padding=(margin, look.mm(GAP_S), margin, look.mm(GAP_L)))

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look = self.look
        columns = 2 if look.portrait else 4
        doors = [
            DoorCard(look, group.name, group.hint, group.icon, group.colour,
                     f"home.group.{group.id}", partial(visit.open_group, group.id))
            for group in visit.groups
        ]
        items: list[Widget] = [self._heading(self.say("All services"))]
        items.append(Grid(look, doors, columns, look.mm(GAP_S * 1.15)))
        popular = [
            service_line(look, row, f"home.service.{row.code}", visit.open_service)
            for row in visit.popular[:SHOWN_POPULAR]
        ]
        if popular:
            items.insert(0, self._heading(self.say("Most used here")))
            items.insert(1, Column(look, popular, gap=look.mm(GAP_S)))
        # Whoever has no code (a kiosk that died before it printed) comes to their cases here.
        items.append(Button(look, self.say("See my cases with my card"), "home.my_cases",
                            visit.open_own_case, kind="quiet", icon="identification-card"))
        items.append(Button(look, self.say("Go on with what I began"), "home.resume",
                            visit.open_resume, kind="quiet", icon="receipt"))
        return items

    def _heading(self, text: str) -> Text:
        return Text(self.look, text, size=HEADING, bold=True)
