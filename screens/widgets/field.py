"""A line that shows what was entered, with its caret: typed into by our own keyboard."""

from collections.abc import Callable

from kivy.graphics import Color, Rectangle

from screens.look import Look
from screens.shapes import filled, outlined
from screens.tokens import GAP_M, GAP_S, LEAD, OUTLINE, PRIMARY_TARGET, RADIUS_M
from screens.widgets.block import natural_height
from screens.widgets.icon import Icon
from screens.widgets.press import Pressable
from screens.widgets.text import Text, text_width

BLINK = 1.06
"""Seconds of one caret blink; well below three flashes a second (WCAG 2.3.1)."""


class TextLine(Pressable):
    """Shows `text` (or `hint` while empty). `active` draws focus ring and caret."""

    def __init__(self, look: Look, sid: str, on_act: Callable[[], None] | None, *, text: str = "",
                 hint: str = "", icon: str = "", active: bool = False, wrong: bool = False,
                 doubtful: bool = False, pill: bool = False, composing: str = "") -> None:
        """`composing`: letters not yet turned into characters (pinyin), shown after the text.
        `doubtful`: to be looked at, not wrong."""
        super().__init__(look, sid, on_act)
        self._minimum = look.room(PRIMARY_TARGET + 6)
        self._radius = self._minimum / 2 if pill else look.mm(RADIUS_M)
        self._hint = hint
        self._active, self._wrong, self._doubtful = active, wrong, doubtful
        self._composing = composing
        self._value = text
        self._time = 0.0
        with self.canvas.before:
            self._fill = filled(self._radius, look.theme.card)
            self._edge = outlined(self._radius, look.mm(OUTLINE), look.theme.edge)
            self._ring = outlined(self._radius, look.mm(OUTLINE * 1.7), look.theme.primary)
        self._icon = Icon(look, icon, size=10, colour=look.theme.primary, weight="bold") \
            if icon else None
        if self._icon:
            self.add_widget(self._icon)
        self.label = Text(look, "", size=LEAD)
        self.add_widget(self.label)
        with self.canvas.after:
            self._caret_tint = Color(*look.theme.primary)
            self._caret = Rectangle(size=(0, 0))
        self._show()

    @property
    def text(self) -> str:
        return self._value

    def write(self, text: str, composing: str = "") -> None:
        """Show this text from now on."""
        self._value, self._composing = text, composing
        self._time = 0.0
        self._show()
        self.arrange()

    @property
    def active(self) -> bool:
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        self._active = active
        self._show()
        self.arrange()

    @property
    def wrong(self) -> bool:
        return self._wrong

    @wrong.setter
    def wrong(self, wrong: bool) -> None:
        self._wrong = wrong
        self._show()

    def _show(self) -> None:
        theme = self.look.theme
        shown = self._value + self._composing
        self.label.text = shown or self._hint
        self.label.colour = theme.ink if shown else theme.ink_soft
        quiet = theme.caution if self._doubtful and not self._active else theme.primary
        self._ring.colour = theme.danger if self._wrong else quiet
        visible = self._active or self._wrong or self._doubtful
        self._ring.colour = (*self._ring.colour[:3], 1.0 if visible else 0.0)
        self._caret_tint.a = 1.0 if self._active else 0.0

    def _left(self) -> float:
        left = self.look.mm(GAP_M)
        return left + (self._icon.natural_width() + self.look.mm(GAP_S) if self._icon else 0)

    def height_for(self, width: float) -> float:
        words = natural_height(self.label, width - self._left() - self.look.mm(GAP_M))
        return max(self._minimum, words + self.look.mm(GAP_M))

    def arrange(self) -> None:
        for shape in (self._fill, self._edge, self._ring):
            shape.lay(self.x, self.y, self.width, self.height)
        if self._icon:
            self._icon.place(self.x + self.look.mm(GAP_M), self.y, self._icon.natural_width(),
                             self.height)
        left, width = self._left(), self.width - self._left() - self.look.mm(GAP_M)
        self.label.place(self.x + left, self.y, width, self.height)
        self._place_caret(self.x + left, width)

    def _place_caret(self, x: float, width: float) -> None:
        shown = bool(self._value or self._composing)
        lines = self.label.lines(width) if shown else [""]
        pitch = self.label.line_pixels()
        bottom = self.center_y - len(lines) * pitch / 2
        height = self.label.pixels * 1.2
        end = text_width(lines[-1], self.label.pixels)
        gap = self.look.mm(0.5) if shown else -self.look.mm(1.4)
        self._caret.pos = (round(x + end + gap), round(bottom + (pitch - height) / 2))
        self._caret.size = (max(2, self.look.mm(0.7)), round(height))

    def frame(self, passed: float) -> None:
        if self._active:
            self._time = (self._time + passed) % BLINK
            self._caret_tint.a = 1.0 if self._time < BLINK * 0.55 else 0.0

    def paint(self, pressed: bool) -> None:
        theme = self.look.theme
        self._fill.colour = theme.card_pressed if pressed else theme.card
