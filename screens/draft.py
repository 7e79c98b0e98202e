"""Take it with you: what that means, the slip on its way, and the slip in the hand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.draft_views import DraftPhase, DraftView
from kiosk.steps import Step
from screens.screen import Screen
from screens.tokens import BODY, GAP_L, GAP_M, GAP_S, HEADING, LEAD, TITLE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.icon import Icon, Tile
from screens.widgets.ring import Ring
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class DraftScreen(Screen):
    step: ClassVar[Step] = Step.DRAFT

    def state(self, visit: "Visit") -> object:
        return visit.draft

    def content(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.draft
        match view.phase:
            case DraftPhase.KEEPING:
                return self._keeping()
            case DraftPhase.KEPT:
                return self._kept(view)
            case _:
                return self._offer(view)

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.draft
        if view.phase is DraftPhase.KEEPING:
            return []
        if view.phase is DraftPhase.KEPT:
            return [Button(self.look, self.say("Finish"), "draft.finish", visit.finish,
                           icon="check")]
        keep = Button(self.look, self.say("Print my slip"), "draft.keep", visit.keep_draft,
                      icon="printer")
        if not view.came_from_slip:
            return [keep]
        return [Button(self.look, self.say("Delete what is kept"), "draft.discard",
                       visit.discard_draft, kind="danger", icon="trash"), keep]

    # The three phases.

    def _offer(self, view: DraftView) -> Sequence[Widget]:
        items: list[Widget] = [
            self.title(self.say("Take it with you")),
            self.lead(self.say("Go on another day, at this kiosk or another one.")),
        ]
        if view.fault is not None:
            items.append(self.fault(view.fault))
        items.append(self._what(view))
        points = [
            ("ticket", self.say("You get a slip with a code. Nobody else has it: whoever loses "
                                "the slip begins again.")),
            ("lock-key", self.say("Your answers and pages are locked up with this code. Without "
                                  "the slip nobody can open them, neither can we.")),
            ("identification-card", self.say("To go on, bring the slip and the same card.")),
        ]
        if view.came_from_slip:
            points.append(("scroll", self.say("The new slip takes the place of the one you came "
                                              "with.")))
        items.append(self._points(points))
        return items

    def _keeping(self) -> Sequence[Widget]:
        look = self.look
        return [
            Spacer(look, look.mm(GAP_L), stretch=1),
            Ring(look, size=56, turning=True),
            Text(look, self.say("Your slip is being printed"), size=TITLE, bold=True,
                 align="center", balance=True, tight=True, sid="draft.title"),
            Text(look, self.say("Please wait for your slip."), size=LEAD, align="center",
                 balance=True, colour=look.theme.ink_soft),
            self.few_seconds(),
            Spacer(look, stretch=2),
        ]

    def _kept(self, view: DraftView) -> Sequence[Widget]:
        look = self.look
        head = Row(look, [
            (Icon(look, "check-circle", size=25, colour=look.theme.good), 0),
            (Column(look, [
                self.title(self.say("Please take your slip")),
                self.lead(self.say("Your application is kept. It is not handed in yet.")),
            ], gap=look.mm(1)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        points = [
            ("ticket", self.say("Hold the slip's code under the code reader of any kiosk, or type "
                                "it.")),
            ("identification-card", self.say("Then lay the same card as today.")),
            ("warning-circle", self.say("Keep the slip: whoever loses it begins again.")),
        ]
        return [head, self._what(view), self._points(points)]

    def _what(self, view: DraftView) -> Card:
        look = self.look
        until = Column(look, [
            Text(look, self.say("Kept until"), size=BODY, colour=look.theme.ink_soft),
            Text(look, view.until, size=HEADING, bold=True, sid="draft.until"),
        ], gap=look.mm(0.6))
        name = Row(look, [
            (Tile(look, "note-pencil", "blue"), 0),
            (Text(look, view.service, size=HEADING, bold=True, tight=True), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        return Card(look, Column(look, [name, until], gap=look.mm(GAP_M)), "draft.what",
                    padding=(GAP_L, GAP_L))

    def _points(self, points: Sequence[tuple[str, str]]) -> Card:
        look = self.look
        rows: list[Widget] = [
            Row(look, [(Icon(look, icon, size=12), 0), (Text(look, text, size=LEAD), 1)],
                gap=look.mm(GAP_M), stretch=False)
            for icon, text in points
        ]
        return Card(look, Column(look, rows, gap=look.mm(GAP_M + GAP_S)), padding=(GAP_L, GAP_L))
