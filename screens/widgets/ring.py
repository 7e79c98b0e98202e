"""A ring that fills or empties: time left, something steadying, something turning."""

from kivy.graphics import Color, Line
from kivy.uix.widget import Widget

from screens.look import Look
from screens.widgets.block import Block, natural_height, place


class Ring(Block):
    """`share` 0…1 of a ring of `size` mm, with something in its middle."""

    def __init__(self, look: Look, middle: Widget | None = None, *, size: float = 60.0,
                 turning: bool = False) -> None:
        super().__init__(look)
        self._pixels = look.mm(size)
        self._width = max(2.0, look.mm(size * 0.035))
        self._share, self._turning, self._angle = 1.0, turning, 0.0
        with self.canvas:
            Color(*look.theme.edge[:3], 0.22)
            self._track = Line(width=self._width, cap="none")
            Color(*look.theme.primary)
            self._arc = Line(width=self._width, cap="round")
        self._middle = middle
        if middle is not None:
            self.add_widget(middle)

    @property
    def share(self) -> float:
        return self._share

    @share.setter
    def share(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self._draw()

    def height_for(self, width: float) -> float:
        return float(self._pixels)

    def natural_width(self) -> float:
        return float(self._pixels)

    def arrange(self) -> None:
        self._draw()
        if self._middle is not None:
            high = natural_height(self._middle, self._pixels)
            place(self._middle, self.center_x - self._pixels / 2, self.center_y - high / 2,
                  self._pixels, high)

    def _draw(self) -> None:
        radius = self._pixels / 2 - self._width
        middle = (self.center_x, self.center_y)
        self._track.circle = (*middle, radius)
        start, sweep = (self._angle, 80.0) if self._turning else (0.0, 360 * self._share)
        self._arc.circle = (*middle, radius, start, start + max(0.01, sweep), 72)

    def frame(self, passed: float) -> None:
        if self._turning:
            self._angle = (self._angle + 240 * passed) % 360
            self._draw()
