"""Rounded rectangles, outlines, shadows and gradients as small textures, tinted when drawn.

Filling pixels is what costs on a kiosk, so each shape is one nine-patch with its edges already
smooth: no multisampling, no shaders (facts/interface.md, Speed).
"""

from functools import cache

import numpy as np
from kivy.graphics import BorderImage, Color
from kivy.graphics.texture import Texture
from numpy.typing import NDArray

from screens.theme import Colour

Alpha = NDArray[np.float64]
Box = tuple[float, float, float, float]


def _distance(size: int, radius: float, inset: float) -> Alpha:
    """Signed distance in pixels to a rounded square, negative inside."""
    axis = np.abs(np.arange(size) + 0.5 - size / 2) - (size / 2 - inset - radius)
    x, y = np.meshgrid(axis, axis)
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0))
    return np.asarray(outside + np.minimum(np.maximum(x, y), 0) - radius)


def texture_of(pixels: NDArray[np.uint8], *, smooth: bool = True) -> Texture:
    """A texture from H×W×4 RGBA rows, the first row at the bottom."""
    height, width = pixels.shape[:2]
    texture = Texture.create(size=(width, height), colorfmt="rgba")
    texture.blit_buffer(np.ascontiguousarray(pixels).tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    if smooth:
        texture.mag_filter = texture.min_filter = "linear"
    return texture


def _white(alpha: Alpha) -> Texture:
    pixels = np.full((*alpha.shape, 4), 255, np.uint8)
    pixels[..., 3] = np.rint(np.clip(alpha, 0, 1) * 255)
    return texture_of(pixels)


@cache
def _filled(radius: int) -> tuple[Texture, int]:
    border = radius + 1
    return _white(0.5 - _distance(2 * border + 2, radius, 0)), border


@cache
def _outlined(radius: int, line: int) -> tuple[Texture, int]:
    border = radius + line + 1
    size = 2 * border + 2
    outer = np.clip(0.5 - _distance(size, radius, 0), 0, 1)
    inner = np.clip(0.5 - _distance(size, max(0, radius - line), line), 0, 1)
    return _white(outer - inner), border


@cache
def _shadowed(radius: int, blur: int) -> tuple[Texture, int]:
    border = radius + 2 * blur + 1
    distance = _distance(2 * border + 2, radius + blur / 2, blur)
    fall = np.clip(0.5 - distance / (2 * blur), 0, 1)
    return _white(fall * fall * (3 - 2 * fall)), border


class Shape:
    """One tinted nine-patch on a canvas. Created inside `with canvas:`; `lay` puts it somewhere."""

    def __init__(self, texture: Texture, border: int, colour: Colour, spread: int = 0) -> None:
        self._spread = spread
        self._border = border
        self._tint = Color(*colour)
        self._image = BorderImage(texture=texture, border=[border] * 4)

    @property
    def colour(self) -> Colour:
        red, green, blue, alpha = self._tint.rgba
        return (red, green, blue, alpha)

    @colour.setter
    def colour(self, colour: Colour) -> None:
        self._tint.rgba = colour

    def lay(self, x: float, y: float, width: float, height: float) -> None:
        grow = self._spread
        width, height = width + 2 * grow, height + 2 * grow
        self._image.pos = (round(x - grow), round(y - grow))
        self._image.size = (round(width), round(height))
        # Corners shrink with a shape that is smaller than its own corners.
        scale = min(1.0, width / (2 * self._border), height / (2 * self._border))
        self._image.display_border = [max(1, self._border * scale)] * 4


def filled(radius: float, colour: Colour) -> Shape:
    """A rounded rectangle; a pill or disc when the radius is half its height."""
    texture, border = _filled(max(1, round(radius)))
    return Shape(texture, border, colour)


def outlined(radius: float, line: float, colour: Colour) -> Shape:
    """The edge of a rounded rectangle, `line` pixels wide, drawn inside the rectangle."""
    texture, border = _outlined(max(1, round(radius)), max(1, round(line)))
    return Shape(texture, border, colour)


def shadowed(radius: float, blur: float, colour: Colour) -> Shape:
    """A soft shadow reaching `blur` pixels beyond the rectangle."""
    reach = max(1, round(blur))
    texture, border = _shadowed(max(1, round(radius)), reach)
    return Shape(texture, border, colour, spread=reach)


@cache
def gradient(stops: tuple[Colour, Colour, Colour]) -> Texture:
    """A slanted three-colour ground with a glow, dithered so that no bands show."""
    height, width = 320, 180
    y, x = np.mgrid[0:height, 0:width].astype(float)
    way = np.clip((height - y) / height * 0.8 + x / width * 0.2, 0, 1)[..., None]
    top, middle, bottom = (np.array(stop[:3]) for stop in stops)
    bend = 0.55
    upper = top + (middle - top) * (way / bend)
    lower = middle + (bottom - middle) * ((way - bend) / (1 - bend))
    colours = np.where(way < bend, upper, lower)
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (height, width, 1))
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.clip(np.rint(colours * 255 + noise), 0, 255)
    return texture_of(pixels)


@cache
def glow() -> Texture:
    """A soft white disc of light."""
    size = 256
    y, x = (np.mgrid[0:size, 0:size] + 0.5) / size * 2 - 1
    fall = np.clip(1 - np.hypot(x, y), 0, 1)
    return _white(fall**2.2)
