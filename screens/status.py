"""Status of a receipt: what its code alone may show, never a person (decision 6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import GAP_L, GAP_M, GAP_S, HEADING, LEAD, NOTE
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.case_status import (
    STATUS_SENTENCES,
    WAY,
    promise_line,
    status_badge,
    status_way,
)
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class StatusScreen(Screen):
    """How far the case is; more only after the card."""

    step: ClassVar[Step] = Step.STATUS

    def state(self, visit: "Visit") -> object:
        return visit.status

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.status
        title = self.title(self.say("Your receipt"))
        number = Column(look, [
            Text(look, self.say("Receipt number"), size=NOTE, colour=look.theme.ink_soft),
            Text(look, view.number, size=HEADING, bold=True, sid="status.number"),
        ], gap=look.mm(0.6))
        if view.loading:
            return [title, Card(look, number, padding=(GAP_L, GAP_L)),
                    *self.waiting(self.say("I am asking the city centre…"))]
        items: list[Widget] = [title]
        if view.fault:
            return [title, self.fault(view.fault)]
        rows: list[Widget] = [
            number,
            Row(look, [(status_badge(look, view.status), 0), (Text(look, ""), 1)]),
            Text(look, view.sentence, size=LEAD, sid="status.sentence"),
        ]
        if view.promise:
            rows.append(promise_line(look, view.promise, "status.promise"))
        items.append(Card(look, Column(look, rows, gap=look.mm(GAP_M)), padding=(GAP_L, GAP_L)))
        if view.status in WAY or view.status == "supplement":
            items.append(Card(look, status_way(look, view.status), padding=(GAP_L, GAP_L)))
        items.append(Row(look, [
            (Icon(look, "lock-key", size=11), 0),
            (self.note(self.say("A receipt shows only how far the case is. For everything else "
                                "lay your card.")), 1),
        ], gap=look.mm(GAP_S), stretch=False))
        return items

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        if visit.status.loading or visit.status.status not in STATUS_SENTENCES:
            return []
        return [Button(self.look, self.say("See my case"), "status.open_case",
                       visit.open_own_case, icon="identification-card")]
