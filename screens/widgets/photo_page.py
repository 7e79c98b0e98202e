"""The photo page of a passport as a drawing: where the printed lines and the dates stand."""

from typing import Literal

from screens.look import Look
from screens.shapes import Shape, filled, outlined
from screens.theme import Colour, blend, rgb
from screens.tokens import OUTLINE, RADIUS_M
from screens.widgets.block import Block

Mark = Literal["lines", "values"]

RATIO = 125 / 88
"""ISO/IEC 7810 ID-3, width to height of one page."""

Part = tuple[float, float, float, float]

_PHOTO: Part = (6, 24, 27, 36)
_ROWS: tuple[Part, ...] = (
    (39, 55, 18, 4), (39, 46, 34, 4), (39, 37, 26, 4), (39, 28, 20, 4), (66, 28, 20, 4),
)
_LINES: tuple[Part, ...] = ((6, 10.5, 88, 4.2), (6, 4.5, 88, 4.2))
_VALUES: tuple[Part, ...] = ((68, 54, 26, 6), (39, 36, 26, 6), (39, 27, 26, 6))
"""Number, birth, expiry: at the top right and in the middle, as most states print them."""


class PhotoPage(Block):
    """Parts in hundredths of the page's width, from its lower left corner."""

    def __init__(self, look: Look, mark: Mark, *, size: float) -> None:
        """size: height in mm. mark: what shines."""
        super().__init__(look)
        self._high = look.mm(size)
        theme = look.theme
        paper = rgb("#FFFFFF") if not theme.high_contrast else rgb("#000000")
        quiet = blend(theme.ink, paper, 0.28)
        unit = self._high * RATIO / 100
        self._shapes: list[tuple[Shape, Part]] = []
        with self.canvas:
            self._sheet = filled(look.mm(RADIUS_M), paper)
            self._edge = outlined(look.mm(RADIUS_M), look.mm(OUTLINE), theme.edge)
            self._add(filled(2 * unit, quiet), _PHOTO)
            for row in _ROWS:
                self._add(filled(1.6 * unit, quiet), row)
            for line in _LINES:
                self._add(filled(1.6 * unit, theme.ink if mark == "lines" else quiet), line)
            strong: Colour = theme.primary
            frames = ((3.5, 2, 93, 15),) if mark == "lines" else _VALUES
            for frame in frames:
                if mark == "values":
                    self._add(filled(1.6 * unit, theme.ink), _inner(frame))
                self._add(outlined(2.4 * unit, max(2, look.mm(0.9)), strong), frame)

    def _add(self, shape: Shape, part: Part) -> None:
        self._shapes.append((shape, part))

    def height_for(self, width: float) -> float:
        return float(min(self._high, width / RATIO))

    def natural_width(self) -> float:
        return float(self._high * RATIO)

    def arrange(self) -> None:
        high = self.height_for(self.width)
        wide = high * RATIO
        x, y = self.center_x - wide / 2, self.center_y - high / 2
        unit = wide / 100
        self._sheet.lay(x, y, wide, high)
        self._edge.lay(x, y, wide, high)
        for shape, (left, low, width, height) in self._shapes:
            shape.lay(x + left * unit, y + low * unit, width * unit, height * unit)


def _inner(frame: Part) -> Part:
    x, y, width, height = frame
    return (x + 2, y + 1.2, width - 4, height - 2.4)
