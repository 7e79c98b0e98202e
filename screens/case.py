"""A person's cases, after the card: how far each one is and what was said."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import CaseCard
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, GAP_S, HEADING, LEAD, NOTE
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.case_status import promise_line, status_badge
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class CaseScreen(Screen):
    """The case whose receipt was shown comes first; gone with the visit."""

    step: ClassVar[Step] = Step.CASE

    def state(self, visit: "Visit") -> object:
        return visit.case

    def content(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.case
        if view.loading:
            return [self.title(self.say("Your cases")),
                    *self.waiting(self.say("I am fetching your cases…"))]
        items: list[Widget] = [self.title(self.say("Your cases"))]
        if view.fault:
            items.append(self.fault(view.fault))
        elif not view.cases:
            items.append(self.lead(self.say("There is no case under your name yet.")))
        cases = sorted(view.cases, key=lambda case: not case.highlighted)
        return [*items, *(self._card(case) for case in cases)]

    def _card(self, case: CaseCard) -> Card:
        look, theme = self.look, self.look.theme
        blocks: list[Widget] = [
            Row(look, [(status_badge(look, case.status), 0), (Text(look, ""), 1)]),
            Text(look, case.service, size=HEADING, bold=True, tight=True),
            Text(look, case.sentence, size=LEAD, colour=theme.ink_soft),
            *([promise_line(look, case.promise, f"case.promise.{case.receipt_number}")]
              if case.promise else ()),
            self._pairs(((self.say("Case number"), case.case_number),
                         (self.say("Receipt number"), case.receipt_number))),
        ]
        if case.receipt_owed:
            blocks.append(Button(look, self.say("Print your receipt"),
                                 f"case.print.{case.receipt_number}",
                                 lambda: self.visit.print_owed(case.receipt_number),
                                 kind="quiet", icon="printer"))
        if case.timeline:
            blocks.append(self._section(self.say("What happened"), "clock-counter-clockwise",
                                        self._pairs(case.timeline)))
        if case.answers and case.highlighted:
            blocks.append(self._section(self.say("What you told us"), "list-checks",
                                        self._pairs(case.answers)))
        return Card(look, Column(look, blocks, gap=look.mm(GAP_M)), f"case.{case.receipt_number}",
                    padding=(GAP_L, GAP_L), edge=theme.primary if case.highlighted else None)

    def _section(self, title: str, icon: str, rows: Widget) -> Column:
        look = self.look
        head = Row(look, [
            (Icon(look, icon, size=9.5), 0), (Text(look, title, size=BODY, bold=True), 1),
        ], gap=look.mm(GAP_S * 0.7), stretch=False)
        return Column(look, [head, rows], gap=look.mm(2))

    def _pairs(self, pairs: Sequence[tuple[str, str]]) -> Column:
        look = self.look
        return Column(look, [
            Row(look, [
                (Text(look, name, size=NOTE, colour=look.theme.ink_soft), 0.42),
                (Text(look, value, size=BODY), 0.58),
            ], gap=look.mm(GAP_S), stretch=True)
            for name, value in pairs
        ], gap=look.mm(1.6))

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        return [Button(self.look, self.say("Finish"), "case.finish", visit.finish,
                       icon_after="check")]
