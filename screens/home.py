"""Home: the door for people or for companies, what most come for, and the situations behind it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import COLUMN_MAX, GAP_L, GAP_M, GAP_S, LEAD, MARGIN, TITLE
from screens.widgets.arrange import Column, Grid, Row
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import DoorCard
from screens.widgets.field import TextLine
from screens.widgets.services import service_tile
from screens.widgets.tabs import Tab, tabs
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

WIDE = 620.0
"""mm; on a panel that lies, doors stand beside what most come for."""


class HomeScreen(Screen):
    """One question: what would you like to do?"""

    step: ClassVar[Step] = Step.HOME

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self.column_max = COLUMN_MAX if look.portrait else WIDE

    def state(self, visit: "Visit") -> object:
        return visit.audience, visit.groups, visit.popular

    def hero(self, visit: "Visit") -> Block | None:
        look, margin = self.look, self.look.mm(MARGIN)
        question = Text(look, self.say("What can we do for you?"), size=TITLE * 1.12, bold=True,
                        colour=look.theme.hero_ink, balance=True, tight=True, sid="home.title")
        search = TextLine(look, "home.search", visit.open_search, pill=True,
                          icon="magnifying-glass", hint=self.say("Search services and offices"))
        padding = (margin, look.mm(GAP_S * 0.5), margin, look.mm(GAP_M))
        if look.portrait:
            return Column(look, [question, search], gap=look.mm(GAP_S), padding=padding)
        return Row(look, [(question, 1), (search, 1)], gap=look.mm(GAP_L), padding=padding,
                   stretch=False)

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look = self.look
        doors = [
            DoorCard(look, group.name, group.hint, group.icon, group.colour,
                     f"home.group.{group.id}", partial(visit.open_group, group.id))
            for group in visit.groups
        ]
        used = [
            service_tile(look, row, f"home.service.{row.code}", visit.open_service)
            for row in visit.popular
        ]
        # Whoever has no code (a kiosk that died before it printed) comes to their cases here.
        cases = Button(look, self.say("See my cases with my card"), "home.my_cases",
                       visit.open_own_case, kind="quiet", icon="identification-card",
                       small=not look.tokens.large_text)
        resume = Button(look, self.say("Go on with what I began"), "home.resume",
                        visit.open_resume, kind="quiet", icon="receipt",
                        small=not look.tokens.large_text)
        gap = look.mm(GAP_S)
        if look.portrait:
            columns = 1 if look.tokens.large_text else 2
            parts: list[Widget] = [self._doors(visit)]
            if used:
                parts += [self._heading(self.say("Most used here")),
                          Grid(look, used, columns, gap)]
            return [Column(look, [*parts, self._heading(self._all(visit)),
                                  Grid(look, doors, columns, gap),
                                  Grid(look, [cases, resume], columns, gap)], gap=gap * 1.25)]
        left: list[Widget] = [self._heading(self.say("Most used here")), *used] if used else []
        return [Row(look, [
            (Column(look, [self._doors(visit), *left, cases, resume], gap=gap), 0.3),
            (Column(look, [Grid(look, doors, 3, gap)]), 0.7),
        ], gap=look.mm(GAP_L))]

    def _doors(self, visit: "Visit") -> Block:
        look = self.look
        choices = [
            Tab(look, self.say("For people"), "user", "home.door.person",
                partial(visit.choose_audience, "person"), chosen=visit.audience == "person"),
            Tab(look, self.say("For companies"), "buildings", "home.door.company",
                partial(visit.choose_audience, "company"), chosen=visit.audience == "company"),
        ]
        return tabs(look, choices) if look.portrait else Column(look, choices, gap=look.mm(GAP_S))

    def _all(self, visit: "Visit") -> str:
        if visit.audience == "company":
            return self.say("What your company needs")
        return self.say("All services")

    def _heading(self, text: str) -> Text:
        return Text(self.look, text, size=LEAD, bold=True, tight=True)
