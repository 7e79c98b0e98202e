"""Phosphor icons: a soft layer and a line layer, each a glyph of a font."""

from functools import lru_cache

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from screens.fonts import Weight, icon_glyphs
from screens.look import Look
from screens.shapes import filled, outlined
from screens.theme import Colour
from screens.widgets.block import Block

SOFT_LAYER = 0.24
"""How strongly the soft layer of a duotone icon is drawn."""


@lru_cache(maxsize=512)
def _glyph(character: str, size: int, font: str) -> Texture:
    label = CoreLabel(text=character, font_name=font, font_size=size, color=(1, 1, 1, 1))
    label.refresh()
    return label.texture


class Icon(Block):
    """An icon of `size` mm by its Phosphor name."""

    def __init__(self, look: Look, name: str, *, size: float = 11.0, colour: Colour | None = None,
                 weight: Weight = "duotone", sid: str = "") -> None:
        super().__init__(look, sid)
        self._pixels = look.text(size) if size < 14 else look.room(size)
        self._font = f"icons-{weight}"
        tint = colour or look.theme.primary
        with self.canvas:
            self._soft_tint = Color(*tint[:3], tint[3] * SOFT_LAYER)
            self._soft = Rectangle(size=(0, 0))
            self._line_tint = Color(*tint)
            self._line = Rectangle(size=(0, 0))
        self._weight: Weight = weight
        self.name = name

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        self._name = name
        for layer, character in zip(
            (self._soft, self._line), icon_glyphs(name, self._weight), strict=True
        ):
            layer.texture = _glyph(character, self._pixels, self._font) if character else None
            layer.size = layer.texture.size if character else (0, 0)

    @property
    def colour(self) -> Colour:
        red, green, blue, alpha = self._line_tint.rgba
        return (red, green, blue, alpha)

    @colour.setter
    def colour(self, colour: Colour) -> None:
        self._line_tint.rgba = colour
        self._soft_tint.rgba = (*colour[:3], colour[3] * SOFT_LAYER)

    def height_for(self, width: float) -> float:
        return float(self._pixels)

    def natural_width(self) -> float:
        return float(self._pixels)

    def arrange(self) -> None:
        for layer in (self._soft, self._line):
            width, height = layer.size
            layer.pos = (round(self.center_x - width / 2), round(self.center_y - height / 2))


class Tile(Block):
    """An icon on its quiet ground, in the colour of its group."""

    def __init__(self, look: Look, name: str, tint: str, *, size: float = 21.0) -> None:
        super().__init__(look)
        self._pixels = look.room(size)
        radius = self._pixels * 0.28
        with self.canvas:
            self._ground = filled(radius, look.theme.tile(tint))
            self._edge = (
                outlined(radius, look.mm(0.6), look.theme.tint(tint))
                if look.theme.high_contrast else None
            )
        self._icon = Icon(look, name, size=size * 0.6 if size * 0.6 >= 14 else 14.0,
                          colour=look.theme.tint(tint))
        self.add_widget(self._icon)

    def height_for(self, width: float) -> float:
        return float(self._pixels)

    def natural_width(self) -> float:
        return float(self._pixels)

    def arrange(self) -> None:
        side = self._pixels
        x, y = self.x + (self.width - side) / 2, self.y + (self.height - side) / 2
        self._ground.lay(x, y, side, side)
        if self._edge:
            self._edge.lay(x, y, side, side)
        self._icon.place(x, y, side, side)
