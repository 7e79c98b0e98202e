"""The first question: which language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.words import LANGUAGES, Words
from screens.look import Look
from screens.screen import Screen
from screens.shapes import filled
from screens.tokens import DISPLAY, GAP_L, GAP_XL, LEAD, MARGIN, TITLE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.block import Block
from screens.widgets.card import Card
from screens.widgets.chrome import OWN_NAMES
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

SIGNS = {"zh": "文", "en": "A", "ko": "가"}


class LanguageScreen(Screen):
    """Each language greets in its own words; nobody has to read another one's."""

    step: ClassVar[Step] = Step.LANGUAGE

    def state(self, visit: "Visit") -> object:
        return visit.language

    def hero(self, visit: "Visit") -> Block | None:
        look, margin = self.look, self.look.mm(MARGIN)
        lines: list[Widget] = [
            Text(look, Words(language)("Choose your language"),
                 size=TITLE if language == visit.language else LEAD,
                 bold=language == visit.language, tight=True,
                 colour=look.theme.hero_ink if language == visit.language
                 else look.theme.hero_ink_soft,
                 sid="language.title" if language == visit.language else "")
            for language in sorted(LANGUAGES, key=lambda code: code != visit.language)
        ]
        return Column(look, lines, gap=look.mm(2.5),
                      padding=(margin, look.mm(GAP_XL), margin, look.mm(GAP_XL)))

    def content(self, visit: "Visit") -> Sequence[Widget]:
        cards = [self._card(visit, language) for language in LANGUAGES]
        return [
            Spacer(self.look, stretch=1),
            Column(self.look, cards, gap=self.look.mm(GAP_L * 1.4)),
            Spacer(self.look, stretch=1.6),
        ]

    def _card(self, visit: "Visit", language: str) -> Card:
        look, words = self.look, Words(language)
        greeting = Column(look, [
            Text(look, OWN_NAMES[language], size=DISPLAY, bold=True, tight=True),
            Text(look, words("Hello! I am glad to help you."), size=LEAD,
                 colour=look.theme.ink_soft),
        ], gap=look.mm(1.5))
        row = Row(look, [
            (Seal(look, SIGNS[language]), 0),
            (greeting, 1),
            (Icon(look, "arrow-right", size=12, weight="bold"), 0),
        ], gap=look.mm(GAP_L), stretch=False)
        return Card(look, row, f"language.{language}",
                    lambda: visit.choose_language(language),
                    padding=(GAP_L * 1.2, GAP_XL))


class Seal(Block):
    """One character of a language on a disc: found before a word is read."""

    def __init__(self, look: Look, sign: str) -> None:
        super().__init__(look)
        theme = look.theme
        self._side = look.mm(42)
        with self.canvas.before:
            self._disc = filled(self._side / 2, theme.primary)
        self._sign = Text(look, sign, size=24, bold=True, align="center",
                          colour=theme.text_on_filled)
        self.add_widget(self._sign)

    def height_for(self, width: float) -> float:
        return float(self._side)

    def natural_width(self) -> float:
        return float(self._side)

    def arrange(self) -> None:
        y = self.center_y - self._side / 2
        self._disc.lay(self.x, y, self._side, self._side)
        self._sign.place(self.x, y, self._side, self._side)
