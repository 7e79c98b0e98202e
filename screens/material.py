"""What papers are wanted, which are there already, and the way to the camera."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import MaterialView
from screens.screen import Screen
from screens.tokens import BODY, GAP_M, GAP_S, HEADING
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Badge, Card
from screens.widgets.icon import Tile
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class MaterialScreen(Screen):
    step: ClassVar[Step] = Step.MATERIAL

    def state(self, visit: "Visit") -> object:
        return visit.materials

    def content(self, visit: "Visit") -> Sequence[Widget]:
        return [
            self.title(self.say("Your papers")),
            self.lead(self.say("Lay each paper on the desk and the camera takes its picture.")),
            *(self._card(material) for material in visit.materials),
        ]

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        missing = any(one.required and not one.pages for one in visit.materials)
        following = Button(self.look, self.say("Next"), "material.next", visit.next,
                           kind="quiet" if missing else "primary", icon_after="caret-right")
        return [*self.take_along(visit), following]

    def _card(self, material: MaterialView) -> Card:
        look, words = self.look, self.visit.words
        texts: list[Widget] = [Text(look, material.name, size=HEADING, bold=True, tight=True)]
        if material.note:
            texts.append(Text(look, material.note, size=BODY, colour=look.theme.ink_soft))
        head = Row(look, [
            (Tile(look, "files" if material.pages_max > 1 else "file-text", "blue"), 0),
            (Column(look, texts, gap=look.mm(1.5)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        state = self._state_badge(material)
        again = material.pages > 0
        full = material.pages >= material.pages_max
        scan = Button(
            look,
            words("Scan again") if full else words("Scan another page") if again else words("Scan"),
            f"material.scan.{material.id}",
            lambda: self.visit.scan_material(material.id),
            kind="quiet" if again or not material.required else "primary", icon="camera",
            small=not look.tokens.large_text,
        )
        line: list[tuple[Widget, float]] = [(state, 0), (Text(look, ""), 1)]
        beside = not look.tokens.large_text
        if beside:
            line.append((scan, 0))
        foot: Block = Row(look, line, gap=look.mm(GAP_S), stretch=False)
        if not beside:
            foot = Column(look, [foot, scan], gap=look.mm(GAP_S))
        return Card(look, Column(look, [head, foot], gap=look.mm(GAP_M)), f"material.{material.id}")

    def _state_badge(self, material: MaterialView) -> Badge:
        look, theme, words = self.look, self.look.theme, self.visit.words
        if material.pages:
            text = words.plural("{n} page kept", "{n} pages kept", material.pages)
            return Badge(look, text, icon="check-circle", colour=theme.good,
                         ground=theme.good_soft)
        if material.required:
            return Badge(look, words("Needed"), icon="warning-circle", colour=theme.caution,
                         ground=theme.caution_soft)
        return Badge(look, words("If you have it"), icon="info", colour=theme.primary,
                     ground=theme.primary_soft)
