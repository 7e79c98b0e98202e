""""Can I do this?": one question at a time, before any identity; nothing of it is kept."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.guide_views import CheckOutcome, CheckView
from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, GAP_XL, TITLE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class CheckScreen(Screen):
    step: ClassVar[Step] = Step.CHECK
    keeps_scroll: ClassVar[bool] = False

    def state(self, visit: "Visit") -> object:
        return visit.check_view

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.check_view
        if view.outcome is CheckOutcome.ASKING:
            return self._question(view)
        can = view.outcome is CheckOutcome.CAN
        theme = look.theme
        said = [self.title(self.say("You can do this here") if can
                           else self.say("This is not the way for you"))]
        words = self.say("All questions are answered. Nothing of it was kept.")
        said.append(self.lead(words if can else view.sentence))
        for text in said:
            text.align = "center"
        return [
            self.note(view.service),
            Spacer(look, stretch=1),
            Card(look, Column(look, [
                Icon(look, "check-circle" if can else "signpost", size=44,
                     colour=theme.good if can else theme.caution),
                *said,
            ], gap=look.mm(GAP_M)), "check.result", padding=(GAP_L, GAP_XL),
                edge=theme.good if can else theme.caution),
            Spacer(look, stretch=2),
        ]

    def _question(self, view: CheckView) -> Sequence[Widget]:
        look = self.look
        head = Row(look, [
            (Text(look, self.say("Can I do this?"), size=BODY, bold=True,
                  colour=look.theme.primary), 0),
            (Text(look, self.say("Question {number} of {total}", number=view.number,
                                 total=view.total), size=BODY, colour=look.theme.ink_soft,
                  align="right"), 1),
        ], stretch=False)
        answers = Row(look, [
            (self._answer(self.say("Yes"), "check", "check.yes", yes=True), 1),
            (self._answer(self.say("No"), "x", "check.no", yes=False), 1),
        ], gap=look.mm(GAP_M))
        promise = Text(look, self.say("Your answers are not kept."), size=BODY,
                       colour=look.theme.ink_soft, align="center")
        return [
            self.note(view.service), head,
            Spacer(look, stretch=1),
            self.title(view.sentence),
            Spacer(look, look.mm(GAP_M)),
            answers, promise,
            Spacer(look, stretch=2),
        ]

    def _answer(self, text: str, icon: str, sid: str, *, yes: bool) -> Card:
        """Both answers weigh the same: neither is the right one beforehand."""
        look = self.look
        row = Column(look, [
            Icon(look, icon, size=21, weight="bold"),
            Text(look, text, size=TITLE, bold=True, align="center", tight=True),
        ], gap=look.mm(3))
        return Card(look, row, sid, partial(self.visit.answer_check, yes),
                    padding=(GAP_L, GAP_L if look.portrait else GAP_M), edge=look.theme.edge)

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        look, outcome = self.look, visit.check_view.outcome
        if outcome is CheckOutcome.CAN:
            return [Button(look, self.say("Start"), "check.begin", visit.begin,
                           icon_after="arrow-right")]
        if outcome is CheckOutcome.CANNOT:
            return [
                Button(look, self.say("Ask for help"), "check.help", self.front.open_help,
                       kind="quiet", icon="hand"),
                Button(look, self.say("Back to the guide"), "check.guide", visit.leave_checks,
                       icon="caret-left"),
            ]
        return []
