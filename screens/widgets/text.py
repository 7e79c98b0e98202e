"""Text that wraps the way its script wants and says exactly how high it is."""

from functools import lru_cache
from typing import Literal

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Rectangle

from screens.fonts import LETTERS
from screens.lines import balance_lines, break_lines
from screens.look import Look
from screens.theme import Colour
from screens.tokens import BODY
from screens.widgets.block import Block

Align = Literal["left", "center", "right"]
OPTICAL_SHIFT = 0.045
"""Our face draws letters this much of an em below the middle of its line box."""


@lru_cache(maxsize=64)
def _ruler(size: int, bold: bool) -> CoreLabel:
    return CoreLabel(font_name=LETTERS, font_size=size, bold=bold)


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, bold: bool = False) -> float:
    """Width of one line in pixels."""
    return float(_ruler(size, bold).get_extents(text)[0]) if text else 0.0


class Text(Block):
    """Words. `size` is an em in mm from tokens (BODY, TITLE…), colour defaults to ink."""

    def __init__(self, look: Look, text: str, *, size: float = BODY, bold: bool = False,
                 colour: Colour | None = None, align: Align = "left", sid: str = "",
                 balance: bool = False, tight: bool = False) -> None:
        """`balance`: lines of even length, for headings. `tight`: less air between lines."""
        super().__init__(look, sid)
        self.pixels = look.text(size)
        self.bold, self.align, self._balance = bold, align, balance
        self._line_height = 0.9 if tight else 1.0
        self._text = text
        self._drawn: tuple[str, ...] = ()
        self._asked: tuple[str, float] | None = None
        self._answer: list[str] = []
        with self.canvas:
            self._tint = Color(*(colour or look.theme.ink))
            self._image = Rectangle(size=(0, 0))

    @property
    def text(self) -> str:
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.arrange()

    @property
    def colour(self) -> Colour:
        red, green, blue, alpha = self._tint.rgba
        return (red, green, blue, alpha)

    @colour.setter
    def colour(self, colour: Colour) -> None:
        self._tint.rgba = colour

    def lines(self, width: float) -> list[str]:
        asked = (self._text, width)
        if asked != self._asked:  # a layout asks the same several times
            break_ = balance_lines if self._balance else break_lines
            self._asked = asked
            self._answer = break_(
                self._text, width, lambda line: text_width(line, self.pixels, self.bold)
            )
        return self._answer

    def line_pixels(self) -> float:
        return float(_ruler(self.pixels, self.bold).get_extents("国")[1]) * self._line_height

    def natural_width(self) -> float:
        return max(text_width(line, self.pixels, self.bold) for line in self._text.split("\n")) + 1

    def height_for(self, width: float) -> float:
        return len(self.lines(width)) * self.line_pixels()

    def arrange(self) -> None:
        lines = tuple(self.lines(self.width))
        if lines != self._drawn:
            self._draw(lines)
        width, height = self._image.size
        x = {"left": self.x, "center": self.center_x - width / 2, "right": self.right - width}
        y = self.y + (self.height - height) / 2 + self.pixels * OPTICAL_SHIFT
        self._image.pos = (round(x[self.align]), round(y))

    def _draw(self, lines: tuple[str, ...]) -> None:
        self._drawn = lines
        if not any(lines):
            self._image.texture, self._image.size = None, (0, 0)
            return
        # White letters, tinted when drawn: a change of colour needs no new texture.
        label = CoreLabel(text="\n".join(lines), font_name=LETTERS, font_size=self.pixels,
                          bold=self.bold, halign=self.align, line_height=self._line_height,
                          color=(1, 1, 1, 1))
        label.refresh()
        self._image.texture = label.texture
        self._image.size = label.texture.size
