"""Pictures from arrays: the live camera with the found page drawn over it, and a kept page.

The texture is written only when the picture is a new one (`LiveView.number`): uploading pixels is
what costs.
"""

from kivy.graphics import Color, Mesh, RoundedRectangle, SmoothLine
from kivy.graphics.texture import Texture
from numpy import ascontiguousarray, uint8
from numpy.typing import NDArray

from kiosk.views import LiveView
from screens.look import Look
from screens.shapes import filled, outlined
from screens.surfaces import surfaces_of
from screens.tokens import OUTLINE, RADIUS_M
from screens.widgets.block import Block, Rect

Corners = tuple[tuple[float, float], ...]


class Picture(Block):
    """An H×W×3 uint8 RGB picture, fitted into its place; on an empty, quiet ground without one."""

    def __init__(self, look: Look, sid: str = "") -> None:
        super().__init__(look, sid)
        self._texture: Texture | None = None
        self._number: object = None
        self.picture: Rect = (0, 0, 0, 0)
        """Where the picture itself lies, in window pixels."""
        surfaces = surfaces_of(look.theme)
        with self.canvas:
            self._ground = filled(look.mm(RADIUS_M), surfaces.camera)
            self._tint = Color(1, 1, 1, 0)
            self._image = RoundedRectangle(radius=[look.mm(RADIUS_M)], segments=24)
        with self.canvas.after:
            self._edge = outlined(look.mm(RADIUS_M), look.mm(OUTLINE), look.theme.edge)

    def show(self, image: NDArray[uint8] | None, number: object) -> None:
        """Show `image`; `number` tells whether it is another one than before."""
        if image is None:
            self.clear()
            return
        if number == self._number and self._texture is not None:
            return
        self._number = number
        height, width = image.shape[:2]
        if self._texture is None or self._texture.size != (width, height):
            self._texture = Texture.create(size=(width, height), colorfmt="rgb")
            self._texture.mag_filter = self._texture.min_filter = "linear"
            self._texture.flip_vertical()  # rows come from the top
            self._image.texture = self._texture
            self._fit()
        self._texture.blit_buffer(
            ascontiguousarray(image).reshape(-1), colorfmt="rgb", bufferfmt="ubyte"
        )
        self._image.texture = self._texture
        self._tint.a = 1

    def clear(self) -> None:
        """Forget the picture, on the graphics card as well."""
        self._texture = self._image.texture = None
        self._number = None
        self._tint.a = 0

    def arrange(self) -> None:
        self._fit()

    def _fit(self) -> None:
        width, height = self.width, self.height
        if self._texture is not None:
            scale = min(width / self._texture.width, height / self._texture.height)
            width, height = self._texture.width * scale, self._texture.height * scale
        x, y = self.x + (self.width - width) / 2, self.y + (self.height - height) / 2
        self.picture = (x, y, width, height)
        self._image.pos, self._image.size = (round(x), round(y)), (round(width), round(height))
        self._ground.lay(x, y, width, height)
        self._edge.lay(x, y, width, height)


class CameraPicture(Picture):
    """The live picture. A found page is outlined and fills up while it lies still."""

    def __init__(self, look: Look, sid: str = "") -> None:
        super().__init__(look, sid)
        surfaces = surfaces_of(look.theme)
        found = surfaces.found
        with self.canvas:
            self._veil = Color(*found[:3], 0)
            self._filling = Mesh(mode="triangle_fan")
            self._dark = Color(0, 0, 0, 0)
            self._dark_line = SmoothLine(width=look.mm(1.3), close=True)
            self._bright = Color(*found[:3], 0)
            self._line = SmoothLine(width=look.mm(0.7), close=True)
            self._marks = [SmoothLine(width=look.mm(1.6)) for _ in range(4)]

    def look_at(self, live: LiveView) -> None:
        """Draw the newest picture and the page found on it."""
        self.show(live.image, live.number)
        seen = live.corners is not None and live.image is not None
        self._bright.a = 1.0 if seen else 0.0
        self._dark.a = 0.45 if seen else 0.0
        self._veil.a = 0.34 if seen else 0.0
        if live.corners is None or not seen:
            return
        x, y, width, height = self.picture
        points = [(x + cx * width, y + (1 - cy) * height) for cx, cy in live.corners]
        outline = [value for point in points for value in point]
        self._line.points = self._dark_line.points = outline
        self._fill(points, min(1.0, max(0.0, live.steady)))
        for number, mark in enumerate(self._marks):
            mark.points = _corner(points, number, 0.14)

    def _fill(self, points: list[tuple[float, float]], share: float) -> None:
        """Cover the lower `share` of the page, as water rises."""
        top_left, top_right, bottom_right, bottom_left = points
        left = _between(bottom_left, top_left, share)
        right = _between(bottom_right, top_right, share)
        vertices: list[float] = []
        for px, py in (bottom_left, bottom_right, right, left):
            vertices += [px, py, 0, 0]
        self._filling.vertices = vertices
        self._filling.indices = [0, 1, 2, 3] if share > 0 else []

    def clear(self) -> None:
        super().clear()
        self._bright.a = self._dark.a = self._veil.a = 0


def _between(one: tuple[float, float], other: tuple[float, float], share: float) -> tuple[
    float, float
]:
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)


def _corner(points: list[tuple[float, float]], number: int, share: float) -> list[float]:
    """A thick angle at one corner, reaching `share` along both edges."""
    here = points[number]
    before = _between(here, points[number - 1], share)
    after = _between(here, points[(number + 1) % len(points)], share)
    return [*before, *here, *after]
