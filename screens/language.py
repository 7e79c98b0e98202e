"""The first question: which language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.words import LANGUAGES, Words
from screens.screen import Screen
from screens.tokens import DISPLAY, GAP_L, GAP_M, GAP_XL, LEAD, MARGIN, TITLE
from screens.widgets.arrange import Column, Row, Spacer
from screens.widgets.block import Block
from screens.widgets.card import Card
from screens.widgets.chrome import OWN_NAMES
from screens.widgets.icon import Icon
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


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
        items: list[Widget] = [Spacer(self.look, stretch=1)]
        for language in LANGUAGES:
            items += [self._card(visit, language), Spacer(self.look, stretch=0.4)]
        return [*items, Spacer(self.look, stretch=0.8)]

    def _card(self, visit: "Visit", language: str) -> Card:
        look, words = self.look, Words(language)
        greeting = Column(look, [
            Text(look, OWN_NAMES[language], size=DISPLAY, bold=True, tight=True),
            Text(look, words("Hello! I am glad to help you."), size=LEAD,
                 colour=look.theme.ink_soft),
        ], gap=look.mm(1.5))
        row = Row(look, [
            (greeting, 1),
            (Icon(look, "arrow-right", size=13, weight="bold"), 0),
        ], gap=look.mm(GAP_M), stretch=False)
        return Card(look, row, f"language.{language}",
                    lambda: visit.choose_language(language),
                    padding=(GAP_XL, GAP_L * 1.5))
