"""The ground under keys, wheels and the signature pad, at the bottom of the screen."""

from kivy.graphics import Color, Rectangle

from screens.look import Look
from screens.surfaces import surfaces_of
from screens.tokens import OUTLINE


class Desk:
    """Created inside `with canvas.before:`; in high contrast a line marks its upper edge."""

    def __init__(self, look: Look) -> None:
        Color(*surfaces_of(look.theme).desk)
        self._ground = Rectangle()
        self._thick = look.mm(OUTLINE)
        Color(*look.theme.edge[:3], 1.0 if look.theme.high_contrast else 0.0)
        self._line = Rectangle()

    def lay(self, x: float, y: float, width: float, height: float) -> None:
        self._ground.pos, self._ground.size = (x, y), (width, height)
        self._line.pos, self._line.size = (x, y + height - self._thick), (width, self._thick)
