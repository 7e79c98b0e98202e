"""An A4 page to be read: whole, or larger and moved about with the finger."""

import numpy as np
from kivy.graphics import Color, Rectangle, ScissorPop, ScissorPush
from kivy.graphics.texture import Texture
from kivy.input.motionevent import MotionEvent
from numpy.typing import NDArray

from screens.look import Look
from screens.shapes import outlined, shadowed
from screens.tokens import HAIRLINE
from screens.widgets.block import Block

LARGER = 2.0
"""How much larger the page is for close reading."""


class PageView(Block):
    """The page in a window of its own shape; `larger` doubles it, and the finger moves it."""

    def __init__(self, look: Look, pixels: NDArray[np.uint8], sid: str, *, height_max: float,
                 larger: bool = False) -> None:
        """`pixels`: H×W×3, rows from the top. `height_max`: pixels the page may take."""
        super().__init__(look, sid)
        high, wide, _ = pixels.shape
        self._shape = high / wide
        self._height_max = height_max
        self._larger = larger
        self._moved = (0.0, 0.0)
        """Where the upper left corner of the window lies on the enlarged page, pixels."""
        self._from: tuple[float, float] | None = None
        texture = Texture.create(size=(wide, high), colorfmt="rgb")
        texture.flip_vertical()
        texture.blit_buffer(np.ascontiguousarray(pixels).tobytes(), colorfmt="rgb",
                            bufferfmt="ubyte")
        with self.canvas.before:
            self._shadow = shadowed(look.mm(1), look.mm(4), look.theme.shadow)
        with self.canvas:
            self._clip = ScissorPush(x=0, y=0, width=1, height=1)
            Color(1, 1, 1, 1)
            self._image = Rectangle(texture=texture)
            ScissorPop()
            self._edge = outlined(look.mm(0.6), look.mm(HAIRLINE * 1.6), look.theme.edge)

    def height_for(self, width: float) -> float:
        return float(min(width * self._shape, self._height_max))

    def arrange(self) -> None:
        whole = min(self.width, self.height / self._shape)
        page = whole * (LARGER if self._larger else 1.0)
        wide = min(self.width, page)
        x = self.center_x - wide / 2
        across = min(max(0.0, self._moved[0]), page - wide)
        down = min(max(0.0, self._moved[1]), page * self._shape - self.height)
        self._moved = (across, down)
        self._image.size = (page, page * self._shape)
        self._image.pos = (round(x - across), round(self.top - page * self._shape + down))
        self._clip.x, self._clip.y = round(x), round(self.y)
        self._clip.width, self._clip.height = round(wide), round(self.height)
        self._shadow.lay(x, self.y, wide, self.height)
        self._edge.lay(x, self.y, wide, self.height)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self._larger or not self.collide_point(*touch.pos):
            return False
        touch.ud["keeps_drag"] = True
        self._from = (touch.x, touch.y)
        touch.grab(self)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if self._from is None or touch.grab_current is not self:
            return False
        across, down = touch.x - self._from[0], touch.y - self._from[1]
        self._from = (touch.x, touch.y)
        self._moved = (self._moved[0] - across, self._moved[1] + down)
        self.arrange()
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._from = None
        return True
