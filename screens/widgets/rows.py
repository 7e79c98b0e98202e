"""Question and answer beside each other, line under line."""

from collections.abc import Sequence

from kivy.graphics import Color, Rectangle

from screens.look import Look
from screens.tokens import BODY, GAP_M, GAP_S, HAIRLINE
from screens.widgets.arrange import Column
from screens.widgets.block import Block
from screens.widgets.text import Text

LABEL_SHARE = 0.38


class _Line(Block):
    def __init__(self, look: Look, label: str, value: str, *, last: bool) -> None:
        super().__init__(look)
        self._label = Text(look, label, size=BODY, colour=look.theme.ink_soft)
        self._value = Text(look, value or "—", size=BODY, bold=True)
        self.add_widget(self._label)
        self.add_widget(self._value)
        with self.canvas.before:
            Color(*look.theme.divider[:3], 0.0 if last else 1.0)
            self._rule = Rectangle(size=(0, 0))

    def _stacked(self) -> bool:
        return self.look.tokens.large_text

    def _widths(self, width: float) -> tuple[float, float]:
        if self._stacked():
            return width, width
        label = width * LABEL_SHARE
        return label, width - label - self.look.mm(GAP_M)

    def height_for(self, width: float) -> float:
        label, value = self._widths(width)
        heights = (self._label.height_for(label), self._value.height_for(value))
        inner = sum(heights) if self._stacked() else max(heights)
        return inner + 2 * self.look.mm(GAP_S * 0.8)

    def arrange(self) -> None:
        label, value = self._widths(self.width)
        high = self._label.height_for(label)
        top = self.top - self.look.mm(GAP_S * 0.8)
        self._label.place(self.x, top - high, label, high)
        if self._stacked():
            top -= high
        tall = self._value.height_for(value)
        self._value.place(self.right - value, top - tall, value, tall)
        self._rule.pos = self.pos
        self._rule.size = (self.width, max(1, self.look.mm(HAIRLINE)))


class Rows(Column):
    """(label, value) lines with rules between them."""

    def __init__(self, look: Look, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__(look, [
            _Line(look, label, value, last=number == len(rows) - 1)
            for number, (label, value) in enumerate(rows)
        ])
