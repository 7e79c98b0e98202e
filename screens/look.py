"""What every widget needs to draw itself: measures, colours, words. Made anew when they change."""

from dataclasses import dataclass

from kiosk.views import Looks
from kiosk.words import Words
from screens.theme import CONTRAST, LIGHT, Theme
from screens.tokens import PanelSize, Tokens


@dataclass(frozen=True)
class Look:
    tokens: Tokens
    theme: Theme
    words: Words
    low_reach: bool = False

    def mm(self, millimetres: float) -> int:
        return self.tokens.mm(millimetres)

    def text(self, em_mm: float) -> int:
        return self.tokens.text(em_mm)

    def room(self, millimetres: float) -> int:
        return self.tokens.room(millimetres)

    @property
    def portrait(self) -> bool:
        return self.tokens.panel.portrait


def look_of(panel: PanelSize, looks: Looks, words: Words) -> Look:
    return Look(
        tokens=Tokens(panel, large_text=looks.large_text),
        theme=CONTRAST if looks.high_contrast else LIGHT,
        words=words,
        low_reach=looks.low_reach,
    )
