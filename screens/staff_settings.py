"""The settings: what holds at this kiosk, by whose word, and changing it with a finger."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.settings_page import SettingRow
from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, GAP_S, HEADING, NOTE
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Card, Notice
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class StaffSettingsScreen(Screen):
    step: ClassVar[Step] = Step.STAFF_SETTINGS

    def state(self, visit: "Visit") -> object:
        return visit.staff_settings

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.staff_settings
        items: list[Widget] = [
            Column(look, [
                self.title(self.say("Settings")),
                self.lead(self.say("What is set here comes before what street, county and city "
                                   "say.")),
            ], gap=look.mm(1)),
        ]
        if view.fault is not None:
            items.append(self.fault(view.fault))
        elif view.said:
            items.append(Notice(look, view.said, tone="good", sid="staff.said"))
        items.extend(self._row(row) for row in view.rows)
        return items

    def _row(self, row: SettingRow) -> Card:
        look = self.look
        parts: list[Widget] = [
            Text(look, row.text, size=BODY, tight=True),
            Row(look, [
                (Column(look, [
                    Text(look, row.value, size=HEADING, bold=True, tight=True,
                         sid=f"setting.value.{row.name}"),
                    Text(look, row.said_by, size=NOTE, colour=look.theme.ink_soft,
                         sid=f"setting.by.{row.name}"),
                ], gap=look.mm(0.6)), 1),
                *((button, 0) for button in self._steps(row)),
            ], gap=look.mm(GAP_M), stretch=False),
        ]
        if row.here:
            parts.append(Button(
                look, self.say("Leave it to street, county and city"), f"setting.unset.{row.name}",
                partial(self.visit.staff_set, row.name, None), kind="quiet", small=True,
                icon="arrow-counter-clockwise",
            ))
        return Card(look, Column(look, parts, gap=look.mm(GAP_S)), padding=(GAP_L, GAP_M),
                    sid=f"setting.{row.name}")

    def _steps(self, row: SettingRow) -> list[Button]:
        return [
            Button(self.look, said, f"setting.{way}.{row.name}",
                   partial(self.visit.staff_set, row.name, value), kind="quiet", small=True)
            for said, way, value in (("−", "less", row.less), ("+", "more", row.more))
            if value is not None
        ]
