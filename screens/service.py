"""The guide of a service: what you get, what you bring, how long, what it costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import GuideSection
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, LEAD
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Badge, Card
from screens.widgets.icon import Icon, Tile
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class ServiceScreen(Screen):
    """Everything one wants to know before beginning, and one obvious next step."""

    step: ClassVar[Step] = Step.SERVICE
    keeps_scroll: ClassVar[bool] = False

    def state(self, visit: "Visit") -> object:
        return visit.service

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.service
        row = view.row
        names: list[Widget] = [self.title(row.name), self.note(row.department)]
        head = Row(look, [
            (Tile(look, row.icon, row.colour, size=30), 0),
            (Column(look, names, gap=look.mm(1)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        items: list[Widget] = [head, self.lead(row.summary)]
        if row.here_now:
            items.append(Row(look, [
                (Badge(look, self.say("You can apply here now"), icon="check"), 0),
                (Text(look, ""), 1),
            ]))
        items.extend(self.fault(fault) for fault in view.missing)
        sections = [self._section(section) for section in view.sections if any(section.lines)]
        items.append(Card(look, Column(look, sections, gap=look.mm(GAP_L)),
                          padding=(GAP_L, GAP_L)))
        return items

    def _section(self, section: GuideSection) -> Row:
        look = self.look
        many = len([line for line in section.lines if line]) > 1
        numbered = section.id == "steps"
        lines: list[Widget] = [Text(look, section.title, size=LEAD, bold=True)]
        for number, line in enumerate(filter(None, section.lines), start=1):
            words = Text(look, line, size=BODY)
            if many:
                mark = Text(look, f"{number}." if numbered else "·", size=BODY, bold=True,
                            colour=look.theme.primary)
                lines.append(Row(look, [(Column(look, [mark]), 0), (words, 1)],
                                 gap=look.mm(2.4)))
            else:
                lines.append(words)
        return Row(look, [
            (Column(look, [Icon(look, section.icon, size=13.9)]), 0),
            (Column(look, lines, gap=look.mm(1.2)), 1),
        ], gap=look.mm(GAP_M))

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        if visit.service.missing:
            return []
        return [Button(self.look, self.say("Start"), "service.begin", visit.begin,
                       icon_after="arrow-right")]


