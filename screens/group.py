"""One door: the services behind it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import GAP_M, GAP_S
from screens.widgets.arrange import Column, Row
from screens.widgets.icon import Tile
from screens.widgets.services import service_line

if TYPE_CHECKING:
    from kiosk.visit import Visit


class GroupScreen(Screen):
    """The services of a group, those that can be applied for here first."""

    step: ClassVar[Step] = Step.GROUP

    def state(self, visit: "Visit") -> object:
        return visit.group, visit.services

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, group = self.look, visit.group
        rows = sorted(visit.services, key=lambda row: not row.here_now)
        head = Row(look, [
            (Tile(look, group.icon, group.colour, size=28), 0),
            (Column(look, [self.title(group.name), self.note(group.hint)], gap=look.mm(1)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        lines = [service_line(look, row, f"home.service.{row.code}", visit.open_service)
                 for row in rows]
        return [head, Column(look, lines, gap=look.mm(GAP_S))]
