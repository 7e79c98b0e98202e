"""The open door: Yimen's mark (一门, one door). Arches in an arch, with light in the innermost."""

from functools import cache

import numpy as np
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from screens.look import Look
from screens.shapes import texture_of
from screens.theme import Colour
from screens.widgets.block import Block

RATIO = 1.32
"""Height of the arch over its width."""


@cache
def arch(width: int, line: float = 0.0) -> Texture:
    """A white arch, `width` pixels wide, standing on its base; `line` > 0: only its edge."""
    height = round(width * RATIO)
    y, x = np.mgrid[0:height, 0:width] + 0.5
    radius = width / 2
    spring = height - radius  # where the round begins
    side = np.abs(x - radius)
    distance = np.where(y > spring, np.hypot(side, y - spring), side) - radius
    alpha = np.clip(0.5 - distance, 0, 1)
    if line > 0:
        alpha = alpha * np.clip(distance + line + 0.5, 0, 1)
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., 3] = np.rint(alpha * 255)
    return texture_of(pixels)


class DoorMark(Block):
    """The mark, `size` mm high."""

    def __init__(self, look: Look, *, size: float = 16.0, line: Colour | None = None,
                 light: Colour | None = None) -> None:
        super().__init__(look)
        self._high = look.mm(size)
        wide = round(self._high / RATIO)
        self._arches: list[tuple[Rectangle, int]] = []
        edge = line or look.theme.hero_ink
        with self.canvas:
            for share, colour, stroke in (
                (1.0, edge, 0.085), (0.66, (*edge[:3], 0.62), 0.08),
                (0.36, light or look.theme.door, 0.0),
            ):
                Color(*colour)
                width = max(2, round(wide * share))
                texture = arch(width, max(1.2, wide * stroke) if stroke else 0.0)
                self._arches.append((Rectangle(texture=texture, size=texture.size), width))

    def height_for(self, width: float) -> float:
        return float(self._high)

    def natural_width(self) -> float:
        return self._high / RATIO

    def arrange(self) -> None:
        base = self.y + (self.height - self._high) / 2
        for rectangle, width in self._arches:
            rectangle.pos = (round(self.center_x - width / 2), round(base))
