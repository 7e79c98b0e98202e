"""What can be pressed: shows the press in the next frame, acts when the finger lifts."""

from collections.abc import Callable

from kivy.input.motionevent import MotionEvent

from screens.look import Look
from screens.widgets.block import Block


class Pressable(Block):
    """Subclasses draw themselves in `paint(pressed)`; `on_act` runs when the press is completed."""

    def __init__(self, look: Look, sid: str, on_act: Callable[[], None] | None = None) -> None:
        super().__init__(look, sid)
        self.on_act = on_act
        self._finger: MotionEvent | None = None

    @property
    def pressed(self) -> bool:
        return self._finger is not None

    def paint(self, pressed: bool) -> None:
        """Draw the state; nothing is laid out anew."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if self.on_act is None:  # mere ground: what lies on it can be pressed
            return bool(super().on_touch_down(touch))
        if self.disabled or self._finger is not None or touch.is_mouse_scrolling:
            return False
        if not self.collide_point(*touch.pos):
            return False
        self._finger = touch
        touch.ud["pressed"] = self
        self.paint(True)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if self.on_act is None:
            return bool(super().on_touch_move(touch))
        return touch is self._finger

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if self.on_act is None:
            return bool(super().on_touch_up(touch))
        x, y = touch.pos
        if touch is not self._finger:
            return False
        self.cancel()
        if self.collide_point(x, y):
            self.on_act()
        return True

    def cancel(self) -> None:
        """The finger turned out to be scrolling: nothing was pressed."""
        if self._finger is not None:
            self._finger = None
            self.paint(False)
