"""The strip above the keys: the letters typed so far and the words they may mean."""

from collections.abc import Iterable

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from screens.fonts import LETTERS, icon_glyphs
from screens.input.keyboard import Candidates
from screens.look import Look
from screens.shapes import filled, outlined
from screens.surfaces import surfaces_of
from screens.theme import Colour
from screens.tokens import BODY, HAIRLINE, NOTE, RADIUS_M, VVSG_TARGET_GAP, VVSG_TARGET_MIN
from screens.widgets.block import Block, Rect
from screens.widgets.keys import legend
from screens.widgets.text import OPTICAL_SHIFT, text_width

WORD = 13.0
"""Em of a candidate, mm."""


def _fresh(text: str, size: int, bold: bool) -> Texture:
    """A texture that is not kept: candidates are what a person is writing."""
    label = CoreLabel(text=text, font_name=LETTERS, font_size=size, bold=bold, color=(1, 1, 1, 1))
    label.refresh()
    return label.texture


class CandidateStrip(Block):
    """Shows as many candidates as fit; `shown` says how many that were."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._candidates = Candidates()
        self._hint = ""
        self._rects: list[Rect] = []
        self._more: Rect | None = None
        surfaces = surfaces_of(look.theme)
        radius = look.mm(RADIUS_M)
        with self.canvas.before:
            self._ground = filled(radius, surfaces.key)
            line = surfaces.key_line
            self._edge = outlined(radius, look.mm(HAIRLINE * 2), line) if line else None

    def height_for(self, width: float) -> float:
        return float(self.look.room(24))

    @property
    def shown(self) -> int:
        return len(self._rects)

    def show(self, candidates: Candidates, hint: str) -> None:
        self._candidates, self._hint = candidates, hint
        self.arrange()

    def arrange(self) -> None:
        self._ground.lay(self.x, self.y, self.width, self.height)
        if self._edge:
            self._edge.lay(self.x, self.y, self.width, self.height)
        self.canvas.clear()
        self._rects, self._more = [], None
        if self.width < self.look.mm(40):
            return
        with self.canvas:
            if self._candidates.preedit:
                self._draw_candidates()
            else:
                self._write(self._hint, self.x + self.look.mm(7), NOTE, self.look.theme.ink_soft)

    def _draw_candidates(self) -> None:
        look, theme, seen = self.look, self.look.theme, self._candidates
        more = look.mm(20)
        x = self.x + look.mm(7)
        letters = _tail(seen.preedit, look.text(BODY), self.width * 0.3)
        x = self._write(letters, x, BODY, theme.primary) + look.mm(5)
        Color(*theme.divider)
        Rectangle(pos=(round(x), self.y + look.mm(5)),
                  size=(max(1, look.mm(HAIRLINE)), self.height - 2 * look.mm(5)))
        x += look.mm(2)
        end, size, air = self.right - more, look.mm(WORD), look.mm(4.4)
        least = look.mm(VVSG_TARGET_MIN + VVSG_TARGET_GAP)
        for number, text in enumerate(seen.texts):
            best = number == 0 and seen.first == 0
            width = max(least, text_width(text, size, best) + 2 * air)
            if x + width > end and self._rects:
                break
            width = min(width, end - x)
            self._rects.append((round(x), self.y, round(width), self.height))
            self._draw_word(text, x, width, size, theme.primary if best else theme.ink, best)
            x += width
        if seen.more or seen.first or len(self._rects) < len(seen.texts):
            self._draw_more(end, more)

    def _draw_word(self, text: str, x: float, width: float, size: int, ink: Colour,
                   bold: bool) -> None:
        texture = _fresh(text, size, bold)
        wide, high = texture.size
        scale = min(1.0, (width - self.look.mm(2)) / wide)
        wide, high = wide * scale, high * scale
        Color(*ink)
        Rectangle(texture=texture, size=(wide, high),
                  pos=(round(x + (width - wide) / 2),
                       round(self.center_y - high / 2 + size * OPTICAL_SHIFT)))

    def _draw_more(self, x: float, width: float) -> None:
        self._more = (round(x), self.y, round(width), self.height)
        arrow = icon_glyphs("caret-right", "bold")[1]
        texture = legend(arrow, self.look.mm(9), "icons-bold", False)
        Color(*self.look.theme.primary)
        wide, high = texture.size
        Rectangle(texture=texture, size=(wide, high),
                  pos=(round(x + (width - wide) / 2), round(self.center_y - high / 2)))

    def _write(self, text: str, x: float, em: float, ink: Colour) -> float:
        """Draw `text` from x on; where it ends."""
        if not text:
            return x
        size = self.look.text(em)
        texture = _fresh(text, size, False)
        room = self.right - self.look.mm(5) - x
        scale = min(1.0, room / texture.width)
        Color(*ink)
        Rectangle(texture=texture, size=(texture.width * scale, texture.height * scale),
                  pos=(round(x), round(self.center_y - texture.height * scale / 2
                                       + size * OPTICAL_SHIFT)))
        return float(x + texture.width * scale)

    def at(self, x: float, y: float) -> str:
        """The part under a finger: "candidate.0", "candidate.more" or ""."""
        for sid, (left, bottom, width, height) in self.parts():
            if left <= x < left + width and bottom <= y < bottom + height:
                return sid
        return ""

    def parts(self) -> Iterable[tuple[str, Rect]]:
        for number, rect in enumerate(self._rects):
            yield f"candidate.{number}", rect
        if self._more:
            yield "candidate.more", self._more


def _tail(text: str, size: int, width: float) -> str:
    """The end of `text` that fits, with an ellipsis before it when something is left out."""
    if text_width(text, size) <= width:
        return text
    while len(text) > 1 and text_width("…" + text, size) > width:
        text = text[1:]
    return "…" + text
