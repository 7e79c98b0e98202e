"""One key of the on-screen keyboard, drawn; the keyboard lays it out and hands it the finger."""

from functools import lru_cache

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from screens.fonts import LETTERS, icon_glyphs
from screens.input.layouts import Key
from screens.look import Look
from screens.shapes import filled, outlined
from screens.surfaces import surfaces_of
from screens.theme import Colour
from screens.tokens import BODY, OUTLINE, RADIUS_S
from screens.widgets.block import Rect
from screens.widgets.text import OPTICAL_SHIFT

LEGEND = 12.5
"""Em of a letter on its key, mm; large text needs no more, keys are signs."""
NUMERAL = 16.0
"""Em of a numeral on the number pad, mm."""
ICONS = {"delete": "backspace", "shift": "arrow-fat-up"}


@lru_cache(maxsize=512)
def legend(text: str, size: int, font: str, bold: bool) -> Texture:
    """The texture of what stands on a key; never of anything a person typed."""
    label = CoreLabel(text=text, font_name=font, font_size=size, bold=bold, color=(1, 1, 1, 1))
    label.refresh()
    return label.texture


class KeyCap:
    """A key's shapes on the keyboard's canvas. Created inside `with canvas:`."""

    def __init__(self, look: Look, key: Key, text: str, *, large: bool, lit: bool) -> None:
        """`large`: on the number pad. `lit`: a tool that is switched on (shift)."""
        self.key = key
        self.rect: Rect = (0, 0, 0, 0)
        self._look = look
        surfaces, theme = surfaces_of(look.theme), look.theme
        radius = look.mm(RADIUS_S * 1.2)
        done = key.role == "done"
        self._resting = _resting(look, key.role, lit)
        self._pushed = theme.primary_pressed if done else surfaces.key_pressed
        self._side = filled(radius, theme.primary_pressed if done else surfaces.key_side)
        self._fill = filled(radius, self._resting)
        line = surfaces.key_line if not done else None
        self._edge = outlined(radius, look.mm(OUTLINE), line) if line else None
        self._ink = theme.text_on_filled if done or (lit and theme.high_contrast) else (
            theme.primary if lit or (theme.high_contrast and key.role == "tool")
            else surfaces.key_ink
        )
        self._layers: list[Rectangle] = []
        self._legend(text, large)

    def _legend(self, text: str, large: bool) -> None:
        look, key = self._look, self.key
        icon = ICONS.get(key.id)
        if icon:
            size = look.mm(17 if large else 14.5)
            soft, line = icon_glyphs(icon)
            for glyph, strength in ((soft, 0.24), (line, 1.0)):
                if glyph:
                    self._layer(legend(glyph, size, "icons-duotone", False), strength)
            return
        if key.role == "letter":
            size = look.mm(NUMERAL if large else LEGEND)
        else:
            size = min(look.text(BODY), look.mm(BODY * 1.15))
        self._layer(legend(text, size, LETTERS, key.role == "done"), 1.0)

    def _layer(self, texture: Texture, strength: float) -> None:
        Color(*self._ink[:3], self._ink[3] * strength)
        self._layers.append(Rectangle(texture=texture, size=texture.size))

    def place(self, x: float, y: float, width: float, height: float) -> None:
        self.rect = (round(x), round(y), round(width), round(height))
        side = self._look.mm(0.8)
        self._side.lay(x, y - side, width, height)
        self._fill.lay(x, y, width, height)
        if self._edge:
            self._edge.lay(x, y, width, height)
        for layer in self._layers:
            wide, high = layer.texture.size
            scale = min(1.0, (width - self._look.mm(2)) / wide)
            wide, high = wide * scale, high * scale
            shift = 0 if self.key.id in ICONS else high * OPTICAL_SHIFT * 0.7
            layer.size = (wide, high)
            layer.pos = (round(x + (width - wide) / 2), round(y + (height - high) / 2 + shift))

    def press(self, pressed: bool) -> None:
        self._fill.colour = self._pushed if pressed else self._resting

    def holds(self, x: float, y: float) -> bool:
        left, bottom, width, height = self.rect
        slack = self._look.mm(1)  # half the gap: a touch between two keys still counts
        return (
            left - slack <= x <= left + width + slack
            and bottom - slack <= y <= bottom + height + slack
        )


def _resting(look: Look, role: str, lit: bool) -> Colour:
    surfaces, theme = surfaces_of(look.theme), look.theme
    if role == "done" or (lit and theme.high_contrast):
        return theme.primary
    if role == "tool":
        return theme.card if lit else surfaces.tool
    return surfaces.key
