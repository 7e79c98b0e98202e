"""Everything once more before it is handed in; each part can be changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import ReviewSection
from screens.screen import Screen
from screens.tokens import GAP_S, HEADING
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.icon import Tile
from screens.widgets.rows import Rows
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

ICONS = {"form": ("note-pencil", "blue"), "materials": ("files", "teal"),
         "signature": ("signature", "violet")}


class ReviewScreen(Screen):
    step: ClassVar[Step] = Step.REVIEW

    def state(self, visit: "Visit") -> object:
        return visit.review

    def content(self, visit: "Visit") -> Sequence[Widget]:
        return [
            self.title(self.say("Is everything right?")),
            self.lead(self.say("Nothing has been sent yet. You can change any part.")),
            *(self._section(section) for section in visit.review),
        ]

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        hand_in = Button(self.look, self.say("Hand it in"), "review.submit", visit.submit,
                         icon="check")
        return [*self.take_along(visit), hand_in]

    def _section(self, section: ReviewSection) -> Card:
        look = self.look
        icon, tint = ICONS.get(section.id.partition(":")[0], ICONS["form"])
        edit = Button(look, self.say("Change"), f"review.edit.{section.id}",
                      lambda: self.visit.edit(section.id), kind="quiet", icon="pencil-simple",
                      small=True)
        head = Row(look, [
            (Tile(look, icon, tint, size=17), 0),
            (Text(look, section.title, size=HEADING, bold=True, tight=True), 1),
            (edit, 0),
        ], gap=look.mm(GAP_S * 1.2), stretch=False)
        return Card(look, Column(look, [head, Rows(look, section.rows)], gap=look.mm(GAP_S)),
                    f"review.section.{section.id}")
