"""Slides something in from below. Only the drawing moves: touches find everything in its place."""

from kivy.graphics import PopMatrix, PushMatrix, Translate

from screens.look import Look
from screens.widgets.block import Block

SECONDS = 0.16
"""screens.md allows 0.2."""


class SlideIn(Block):
    def __init__(self, look: Look, item: Block, *, moving: bool) -> None:
        """`moving`: False shows it in its place at once."""
        super().__init__(look)
        self._left = 1.0 if moving else 0.0
        with self.canvas.before:
            PushMatrix()
            self._shift = Translate(0, 0)
        with self.canvas.after:
            PopMatrix()
        self.add_widget(item)

    def arrange(self) -> None:
        super().arrange()
        self._draw()

    def frame(self, passed: float) -> None:
        if self._left > 0:
            self._left = max(0.0, self._left - passed / SECONDS)
            self._draw()

    def _draw(self) -> None:
        self._shift.y = -round(self._left**2 * self.height)
