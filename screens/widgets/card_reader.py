"""A moving picture of this kiosk's reader and what to do with the card, drawn as vectors."""

import math
from typing import Literal

from screens.look import Look
from screens.shapes import Shape, filled, outlined, shadowed
from screens.theme import Colour, blend, rgb
from screens.tokens import RADIUS_L
from screens.widgets.block import Block

Kind = Literal["id_card", "smartcard", "passport"]
Phase = Literal["waiting", "reading"]

CYCLE = 4.2
"""Seconds from one card to the next."""
ARRIVE, LEAVE, GONE = 1.1, 3.3, 3.8
"""When the card has arrived, begins to fade, is gone."""
CARD_RATIO = 1.586
"""ISO/IEC 7810 ID-1: 85.60 × 53.98 mm."""
PASSPORT_HEIGHT = 142.0
"""Of a booklet in hundredths of its width; ISO/IEC 7810 ID-3: 125 × 88 mm."""

Part = tuple[float, float, float, float]


class CardPicture:
    """One card out of a few shapes; all of them move and fade together."""

    def __init__(self, look: Look, kind: Kind, width: float) -> None:
        self.width, self.height = width, width / CARD_RATIO
        unit = width / 100
        theme = look.theme
        paper = rgb("#FFFFFF")
        quiet = blend(theme.ink, paper, 0.30) if not theme.high_contrast else rgb("#555555")
        photo = rgb("#9DB8E8") if kind == "id_card" else rgb("#E3B34E")
        strong = rgb("#2B59B5") if kind == "id_card" else rgb("#0B6F6A")
        self._shapes: list[tuple[Shape, Part, Colour]] = []
        shade = shadowed(5 * unit, 4 * unit, (0, 0, 0, 0.35))
        self._add(shade, (0, -1.5, 100, 63), (0.04, 0.07, 0.14, 0.35))
        self._add(filled(5 * unit, paper), (0, 0, 100, 63), paper)
        if kind == "id_card":
            self._add(filled(2 * unit, photo), (68, 14, 24, 32), photo)
            self._add(filled(5.5 * unit, strong), (74.5, 31, 11, 11), strong)
            self._add(filled(6 * unit, strong), (71, 14, 18, 13), strong)
            rows = [(8, 46, 34), (8, 37, 24), (8, 28, 46), (8, 19, 30), (8, 9, 60)]
        else:
            self._add(filled(3 * unit, strong), (0, 0, 100, 11), strong)
            self._add(filled(2.4 * unit, photo), (41, 42, 18, 15), photo)
            line = rgb("#7A5A10")
            self._add(outlined(2.4 * unit, max(1, 0.8 * unit), line), (41, 42, 18, 15), line)
            rows = [(9, 29, 44), (9, 20, 30), (62, 20, 28)]
        for x, y, length in rows:
            self._add(filled(1.7 * unit, quiet), (x, y, length, 3.6), quiet)

    def _add(self, shape: Shape, part: Part, colour: Colour) -> None:
        self._shapes.append((shape, part, colour))

    def show(self, x: float, y: float, alpha: float) -> None:
        """Put its lower left corner here, this opaque."""
        unit = self.width / 100
        for shape, (left, low, width, height), colour in self._shapes:
            shape.lay(x + left * unit, y + low * unit, width * unit, height * unit)
            shape.colour = (*colour[:3], colour[3] * alpha)


class PassportPicture(CardPicture):
    """A closed booklet: arms, two lines of writing, the sign of a chip (9303-9, 2.3)."""

    def __init__(self, look: Look, width: float) -> None:
        self.width, self.height = width, width * PASSPORT_HEIGHT / 100
        unit = width / 100
        cover, gold = rgb("#1D3F73"), rgb("#E3B34E")
        if look.theme.high_contrast:
            cover, gold = rgb("#000000"), rgb("#FFFFFF")
        self._shapes = []
        shade = shadowed(5 * unit, 4 * unit, (0, 0, 0, 0.35))
        self._add(shade, (0, -2, 100, 142), (0.04, 0.07, 0.14, 0.35))
        self._add(filled(6 * unit, cover), (0, 0, 100, 142), cover)
        self._add(outlined(6 * unit, max(1, 0.9 * unit), gold), (0, 0, 100, 142), gold)
        for x, y, wide in ((24, 122, 52), (34, 111, 32)):
            self._add(filled(2.4 * unit, gold), (x, y, wide, 5), gold)
        self._add(outlined(19 * unit, max(2, 3 * unit), gold), (31, 58, 38, 38), gold)
        self._add(filled(8 * unit, gold), (42, 69, 16, 16), gold)
        self._add(filled(2.4 * unit, gold), (28, 38, 44, 5), gold)
        self._add(outlined(2 * unit, max(1, 2 * unit), gold), (38, 14, 24, 14), gold)
        self._add(filled(4 * unit, gold), (46, 17, 8, 8), gold)


class BookletPicture(Block):
    """A passport that lies still, `size` mm high."""

    def __init__(self, look: Look, *, size: float) -> None:
        super().__init__(look)
        self._pixels = look.mm(size)
        with self.canvas:
            self._booklet = PassportPicture(look, self._pixels * 100 / PASSPORT_HEIGHT)

    def height_for(self, width: float) -> float:
        return float(self._pixels)

    def natural_width(self) -> float:
        return float(self._booklet.width)

    def arrange(self) -> None:
        booklet = self._booklet
        booklet.show(self.center_x - booklet.width / 2, self.center_y - booklet.height / 2, 1.0)


class ReaderPicture(Block):
    """The card slides into the slot ("smartcard"), or it or a passport onto the lit field, and
    again."""

    def __init__(self, look: Look, kind: Kind, *, size: float = 118.0,
                 phase: Phase = "waiting") -> None:
        super().__init__(look)
        self._kind, self._phase, self._pixels = kind, phase, look.mm(size)
        self._time = 0.0
        theme = look.theme
        unit = min(self._pixels / 92, look.mm(1.52))
        self._unit = unit
        metal = rgb("#1C2740") if not theme.high_contrast else rgb("#202020")
        rim = rgb("#33415F") if not theme.high_contrast else rgb("#FFFFFF")
        self._light = theme.door
        with self.canvas:
            self._ground = filled(look.mm(RADIUS_L), theme.primary_soft)
            if kind != "smartcard":
                self._body = filled(7 * unit, metal)
                self._rim = outlined(7 * unit, max(1, 0.8 * unit), rim)
                self._field = outlined(4.5 * unit, max(2, 1.3 * unit), self._light)
                self._waves = [outlined(6 * unit, max(2, 1.0 * unit), theme.primary)
                               for _ in range(2)]
                self._card = (
                    PassportPicture(look, 36 * unit) if kind == "passport"
                    else CardPicture(look, kind, 58 * unit)
                )
            else:
                self._card = CardPicture(look, kind, 58 * unit)
                self._body = filled(7 * unit, metal)
                self._rim = outlined(7 * unit, max(1, 0.8 * unit), rim)
                self._field = filled(1.5 * unit, self._light)
                self._waves = []

    def height_for(self, width: float) -> float:
        return float(self._pixels)

    def arrange(self) -> None:
        self._ground.lay(self.x, self.y, self.width, self.height)
        self._draw()

    def frame(self, passed: float) -> None:
        self._time += passed
        self._draw()

    def _draw(self) -> None:
        now = self._time % CYCLE if self._phase == "waiting" else ARRIVE + self._time % 2.0
        way = 1 - (1 - min(1.0, now / ARRIVE)) ** 3
        alpha = min(1.0, now / 0.35)
        if self._phase == "waiting" and now > LEAVE:
            alpha = max(0.0, 1 - (now - LEAVE) / (GONE - LEAVE))
        pulse = 0.5 + 0.5 * math.sin(2 * math.pi * self._time / 1.6)
        if self._kind != "smartcard":
            self._draw_field(way, alpha, pulse, now)
        else:
            self._draw_slot(way, alpha, pulse)

    def _draw_field(self, way: float, alpha: float, pulse: float, now: float) -> None:
        unit, x, y = self._unit, self.center_x, self.center_y
        wide, high = 76 * unit, 56 * unit
        self._body.lay(x - wide / 2, y - high / 2, wide, high)
        self._rim.lay(x - wide / 2, y - high / 2, wide, high)
        inner, low = 66 * unit, 45 * unit
        self._field.lay(x - inner / 2, y - low / 2, inner, low)
        self._field.colour = (*self._light[:3], 0.55 + 0.45 * pulse)
        for number, wave in enumerate(self._waves):
            share = ((now - ARRIVE) / 1.3 + number * 0.5) % 1.0
            grow = share * 13 * unit
            wave.lay(x - inner / 2 - grow, y - low / 2 - grow, inner + 2 * grow, low + 2 * grow)
            strength = 0.7 * (1 - share) * alpha if now > ARRIVE else 0.0
            wave.colour = (*self.look.theme.primary[:3], strength * 0.6)
        card = self._card
        left = x - card.width / 2 + (1 - way) * 34 * unit
        base = y - card.height / 2 - (1 - way) * 40 * unit
        card.show(left, base, alpha)

    def _draw_slot(self, way: float, alpha: float, pulse: float) -> None:
        unit, x = self._unit, self.center_x
        wide, high = 78 * unit, 30 * unit
        base = self.center_y + 8 * unit
        slot = base + 0.5 * unit
        self._body.lay(x - wide / 2, base, wide, high)
        self._rim.lay(x - wide / 2, base, wide, high)
        self._field.lay(x - 31 * unit, slot + 2.2 * unit, 62 * unit, 2.4 * unit)
        self._field.colour = (*self._light[:3], 0.55 + 0.45 * pulse)
        card = self._card
        top = slot + 12 * unit - (1 - way) * 24 * unit
        card.show(x - card.width / 2, top - card.height, alpha)
