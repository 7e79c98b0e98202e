"""A column that is longer than its place: dragged with the finger, coasting to a stop.

Children get the touch at once, so a press shows in the next frame; only when the finger moves on
is the press taken back and the column dragged. (Kivy's ScrollView holds touches back for 55 ms.)
"""

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, ScissorPop, ScissorPush
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens.look import Look
from screens.shapes import filled
from screens.widgets.block import Block, each, natural_height, place
from screens.widgets.press import Pressable

DRAG_START = 4.0
"""mm a finger may tremble before the press becomes a drag."""
FRICTION = 4.2
"""Share of the speed lost in a second, as exponent."""
SLOWEST = 20.0
"""Coasting ends below this many pixels a second."""


class Scroll(Block):
    """Shows `item` through a window; scrolls when it is higher than the window."""

    def __init__(self, look: Look, item: Widget) -> None:
        super().__init__(look)
        self.item = item
        self.offset = 0.0
        """Pixels scrolled down from the top."""
        self._speed = 0.0
        self._last = (0.0, 0.0)
        with self.canvas.before:
            self._clip = ScissorPush(x=0, y=0, width=1, height=1)
        self.add_widget(item)
        with self.canvas.after:
            ScissorPop()
            self._bar = filled(look.mm(1), (*look.theme.edge[:3], 0.0))
            self._line_tint = Color(*look.theme.divider[:3], 0)
            self._line = Rectangle(size=(0, 0))

    def height_for(self, width: float) -> float:
        return natural_height(self.item, width)

    @property
    def reach(self) -> float:
        """The furthest it scrolls, pixels; 0 when everything is in view."""
        return max(0.0, natural_height(self.item, self.width) - float(self.height))

    def arrange(self) -> None:
        self.offset = min(max(0.0, self.offset), self.reach)
        self._clip.x, self._clip.y = round(self.x), round(self.y)
        self._clip.width, self._clip.height = max(0, round(self.width)), max(0, round(self.height))
        height = max(self.height, natural_height(self.item, self.width))
        place(self.item, self.x, self.top - height + self.offset, self.width, height)
        self._show_bar(height)

    def _show_bar(self, height: float) -> None:
        reach = self.reach
        if reach <= 1:
            self._bar.colour = (*self._bar.colour[:3], 0.0)
            self._line_tint.a = 0
            return
        self._bar.colour = (*self._bar.colour[:3], 0.85)
        track = self.height - self.look.mm(6)
        length = max(self.look.mm(12), track * self.height / height)
        top = self.top - self.look.mm(3) - (track - length) * self.offset / reach
        width = self.look.mm(1.6)
        self._bar.lay(self.right - width - self.look.mm(1.8), top - length, width, length)
        self._line_tint.a = 1 if self.offset < reach - 1 else 0
        self._line.pos = (self.x, self.y)
        self._line.size = (self.width, self.look.mm(0.42))

    def reveal(self, widget: Widget) -> None:
        """Scroll as little as needed to bring `widget` wholly into view."""
        margin = self.look.mm(4)
        if widget.y < self.y + margin:
            self.scroll_to(self.offset + self.y + margin - widget.y)
        elif widget.top > self.top - margin:
            self.scroll_to(self.offset - (widget.top - self.top + margin))

    def scroll_to(self, offset: float) -> None:
        self.offset = offset
        self.arrange()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        if touch.is_mouse_scrolling:
            step = self.look.mm(20) * (1 if touch.button == "scrollup" else -1)
            self.scroll_to(self.offset + step)
            return True
        self._speed = 0.0
        taken = bool(super().on_touch_down(touch))
        if self.reach > 0 and "scroll" not in touch.ud and not touch.ud.get("keeps_drag"):
            touch.ud["scroll"] = self
            touch.ud["drag_from"] = touch.y
            self._last = (touch.y, Clock.get_time())
            return True
        return taken

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if touch.ud.get("scroll") is not self:
            return bool(super().on_touch_move(touch))
        if not touch.ud.get("dragging"):
            if abs(touch.y - touch.ud["drag_from"]) < self.look.mm(DRAG_START):
                return bool(super().on_touch_move(touch)) or True
            touch.ud["dragging"] = True
            pressed = touch.ud.get("pressed")
            if isinstance(pressed, Pressable):
                pressed.cancel()
        moved, now = touch.y - self._last[0], Clock.get_time()
        passed = max(1e-3, now - self._last[1])
        self._speed = 0.6 * moved / passed + 0.4 * self._speed
        self._last = (touch.y, now)
        self.scroll_to(self.offset + moved)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.ud.get("scroll") is self and touch.ud.get("dragging"):
            if Clock.get_time() - self._last[1] > 0.12:
                self._speed = 0.0
            return True
        return bool(super().on_touch_up(touch))

    def frame(self, passed: float) -> None:
        if abs(self._speed) < SLOWEST:
            return
        before = self.offset
        self.scroll_to(self.offset + self._speed * passed)
        self._speed *= max(0.0, 1 - FRICTION * passed)
        if self.offset == before:
            self._speed = 0.0

    def stop(self) -> None:
        """Back to the top, at rest."""
        self._speed = 0.0
        self.scroll_to(0.0)


def reveal(root: Widget, widget: Widget) -> None:
    """Bring `widget` into view in every Scroll around it."""
    def look_into(block: Block) -> None:
        if isinstance(block, Scroll) and any(child is widget for child in block.walk()):
            block.reveal(widget)

    each(root, look_into)
