"""At rest: the city's name, an open door, an invitation in three languages, time, and honesty."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from babel.dates import format_date
from kivy.graphics import Color, Rectangle

from kiosk.steps import Step
from kiosk.words import LANGUAGES, Words
from screens.look import Look
from screens.screen import Front, Screen
from screens.shapes import filled, glow, gradient, outlined
from screens.tokens import BODY, CONTROL_HEIGHT, GAP_L, GAP_S, LEAD, MARGIN, TITLE
from screens.widgets.block import Block
from screens.widgets.door import RATIO, arch
from screens.widgets.icon import Icon
from screens.widgets.press import Pressable
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

TURN = 3.6
"""Seconds each language's invitation stands."""
FADE = 0.5
BREATH = 9.0
"""Seconds of one breath of the door; slow enough to be felt rather than seen."""
ARCH_TEXTURE = 512
LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB", "ko": "ko_KR"}


@dataclass(frozen=True)
class Seed:
    """One of the lights that drift out of the door, by the numbers of its path."""

    across: float
    size: float
    speed: float
    phase: float


SEEDS = tuple(
    Seed(across=(number * 0.618) % 1.0, size=2.2 + 5.5 * ((number * 0.37) % 1.0),
         speed=0.022 + 0.026 * ((number * 0.73) % 1.0), phase=(number * 0.29) % 1.0)
    for number in range(11)
)


class OpenDoor(Block):
    """Arches within arches; light breathes in the innermost and drifts up as seeds."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        theme = look.theme
        self._time = 0.0
        door = theme.door
        with self.canvas:
            self._halo_tint = Color(*door[:3], 0.0 if theme.high_contrast else 0.5)
            self._halo = Rectangle(texture=glow())
            self._arches: list[tuple[Color, Rectangle, float]] = []
            for share, alpha in ((1.0, 0.055), (0.80, 0.075), (0.61, 0.10), (0.43, 0.16)):
                tint = Color(*theme.hero_ink[:3], 0.0 if theme.high_contrast else alpha)
                self._arches.append((tint, Rectangle(texture=arch(ARCH_TEXTURE)), share))
            self._light_tint = Color(*door)
            self._light = Rectangle(texture=arch(ARCH_TEXTURE))
            self._edges: list[tuple[Rectangle, float]] = []
            for share in (1.0, 0.80, 0.61, 0.43):
                Color(*theme.hero_ink[:3], 1.0 if theme.high_contrast else 0.20)
                line = ARCH_TEXTURE * (0.006 if theme.high_contrast else 0.0035) / share
                self._edges.append((Rectangle(texture=arch(ARCH_TEXTURE, line)), share))
            self._seeds: list[tuple[Color, Rectangle]] = []
            for _ in () if theme.high_contrast else SEEDS:
                tint = Color(*door[:3], 0.0)
                self._seeds.append((tint, Rectangle(texture=glow())))

    def arrange(self) -> None:
        self._draw()

    def frame(self, passed: float) -> None:
        self._time += passed
        self._draw()

    def _draw(self) -> None:
        breath = 0.5 - 0.5 * math.cos(2 * math.pi * self._time / BREATH)
        wide = min(self.width * 0.86, self.height / RATIO)
        base = self.y
        for number, (_, rectangle, share) in enumerate(self._arches):
            self._stand(rectangle, wide * (share + 0.012 * breath * (number + 1)), base)
        for number, (rectangle, share) in enumerate(self._edges):
            self._stand(rectangle, wide * (share + 0.012 * breath * (number + 1)), base)
        self._stand(self._light, wide * (0.235 + 0.035 * breath), base)
        if self._halo_tint.a:
            self._halo_tint.a = 0.36 + 0.22 * breath
        side = wide * (1.15 + 0.12 * breath)
        self._halo.size = (side, side)
        self._halo.pos = (self.center_x - side / 2, base + wide * 0.22 - side / 2)
        for seed, (tint, rectangle) in zip(SEEDS, self._seeds, strict=False):
            way = (self._time * seed.speed + seed.phase) % 1.0
            tint.a = 0.85 * math.sin(math.pi * way) ** 1.5
            size = self.look.mm(seed.size * 1.6)
            sway = math.sin(2 * math.pi * (way * 1.3 + seed.phase)) * 0.05
            spread = (seed.across - 0.5) * (0.25 + 0.75 * way) + sway
            rectangle.size = (size, size)
            rectangle.pos = (self.center_x + spread * wide * 1.05 - size / 2,
                             base + way * self.height * 1.05)

    def _stand(self, rectangle: Rectangle, width: float, base: float) -> None:
        rectangle.size = (width, width * RATIO)
        rectangle.pos = (self.center_x - width / 2, base)


class Invitation(Block):
    """"Touch to begin", language after language, on one glass pill."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        theme = look.theme
        self._time = 0.0
        self._high = look.room(30)
        with self.canvas.before:
            self._fill = filled(self._high / 2, theme.primary_pressed if not theme.high_contrast
                                else theme.card)
            self._edge = outlined(self._high / 2, look.mm(0.7), theme.hero_ink)
        self._icon = Icon(look, "hand-tap", size=15, colour=theme.door)
        self._texts = [
            Text(look, Words(language)("Touch to begin"), size=TITLE * 0.82, bold=True,
                 colour=theme.hero_ink, align="center")
            for language in LANGUAGES
        ]
        self.add_widget(self._icon)
        for text in self._texts:
            self.add_widget(text)

    def height_for(self, width: float) -> float:
        return float(self._high)

    def natural_width(self) -> float:
        words = max(text.natural_width() for text in self._texts)
        return words + self._icon.natural_width() + self.look.mm(3 * GAP_L)

    def arrange(self) -> None:
        self._fill.lay(self.x, self.y, self.width, self.height)
        self._edge.lay(self.x, self.y, self.width, self.height)
        icon, gap = self._icon.natural_width(), self.look.mm(GAP_S)
        side = self.look.mm(GAP_L)
        self._icon.place(self.x + side, self.y, icon, self.height)
        for text in self._texts:
            text.place(self.x + side + icon + gap, self.y,
                       self.width - 2 * side - icon - gap, self.height)
        self._fade()

    def frame(self, passed: float) -> None:
        self._time += passed
        self._fade()

    def _fade(self) -> None:
        ink = self.look.theme.hero_ink
        turn, within = divmod(self._time, TURN)
        for number, text in enumerate(self._texts):
            showing = number == int(turn) % len(self._texts)
            shown = min(1.0, within / FADE, (TURN - within) / FADE) if showing else 0.0
            text.colour = (*ink[:3], max(0.0, shown))


class Rest(Pressable):
    """The whole attract screen is one target."""

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, "attract.start", visit.start)
        theme = look.theme
        self._front = front
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._ground = Rectangle(texture=gradient(theme.hero))
            Color(*theme.hero[0][:3], 0.0 if theme.high_contrast else 0.55)
            self._floor = Rectangle(size=(0, 0))
            Color(*theme.door[:3], 0.0 if theme.high_contrast else 0.42)
            self._spill = Rectangle(texture=glow(), size=(0, 0))
            Color(*theme.hero_ink[:3], 1.0 if theme.high_contrast else 0.22)
            self._sill = Rectangle(size=(0, 0))
        self._door = OpenDoor(look)
        self._time = Text(look, "", size=40, bold=True, colour=theme.hero_ink, tight=True)
        self._date = Text(look, "", size=LEAD, colour=theme.hero_ink_soft)
        self._place = Text(look, visit.place_name, size=TITLE * 1.3, bold=True, balance=True,
                           colour=theme.hero_ink, sid="attract.title")
        works = any(row.here_now for row in visit.popular)
        state = (visit.words("You can apply for services here now.") if works else
                 visit.words("You can look things up here; applying is not possible right now."))
        self._state = Text(look, state, size=BODY, colour=theme.hero_ink, sid="attract.state")
        self._dot = Icon(look, "check-circle" if works else "warning-circle", size=8.5,
                         colour=theme.hero_ink if works else theme.door, weight="bold")
        self._invitation = Invitation(look)
        for child in (self._door, self._time, self._date, self._place, self._state,
                      self._dot, self._invitation):
            self.add_widget(child)
        self._tell_time()

    def frame(self, passed: float) -> None:
        self._tell_time()

    def _tell_time(self) -> None:
        now, words = self._front.now(), self.look.words
        self._time.text = f"{now:%H:%M}"
        self._date.text = format_date(now, format="full", locale=LOCALES[words.language])

    def arrange(self) -> None:
        look, margin = self.look, self.look.mm(MARGIN + 4)
        self._ground.pos, self._ground.size = self.pos, self.size
        width = (self.width if look.portrait else self.width * 0.55) - 2 * margin
        top = self.top - look.mm(20)
        for text, gap in ((self._time, 0.0), (self._date, 1.0), (self._place, 16.0)):
            high = text.height_for(width)
            top -= high + look.mm(gap)
            text.place(self.x + margin, top, width, high)
        bottom = self.y + look.mm(17)
        high = max(self._state.height_for(width - look.mm(14)), look.mm(CONTROL_HEIGHT / 2))
        dot = self._dot.natural_width()
        natural = min(self._state.natural_width(), width - look.mm(14))
        left = self.center_x - (natural + dot + look.mm(GAP_S)) / 2
        self._dot.place(left, bottom, dot, high)
        self._state.place(left + dot + look.mm(GAP_S), bottom, natural + 2, high)
        bottom += high + look.mm(GAP_L)
        wide = min(self._invitation.natural_width(), width)
        high = self._invitation.height_for(wide)
        self._invitation.place(self.center_x - wide / 2, bottom, wide, high)
        floor = bottom + high + look.mm(16)
        self._floor.pos, self._floor.size = self.pos, (self.width, floor - self.y)
        self._sill.pos = (self.x, floor - look.mm(0.4))
        self._sill.size = (self.width, look.mm(0.4))
        spill = look.mm(150)
        self._spill.pos = (self.center_x - spill, floor - look.mm(30))
        self._spill.size = (2 * spill, look.mm(60))
        if look.portrait:
            self._door.place(self.x, floor, self.width, max(1.0, top - look.mm(GAP_L) - floor))
        else:  # beside the words, not below them
            self._door.place(self.center_x, floor, self.width / 2,
                             max(1.0, self.top - look.mm(GAP_L * 2) - floor))
            self._spill.pos = (self._door.center_x - spill, floor - look.mm(30))


class AttractScreen(Screen):
    """Fills the window; no header and no bar, for there is nothing to do but begin."""

    step: ClassVar[Step] = Step.ATTRACT

    def state(self, visit: "Visit") -> object:
        return any(row.here_now for row in visit.popular)

    def content(self, visit: "Visit") -> Sequence[Block]:
        return ()

    def make(self, visit: "Visit") -> dict[str, Block]:
        return {"body": Rest(self.look, visit, self.front)}

    def arrange(self) -> None:
        if body := self._frame_parts.get("body"):
            body.place(self.x, self.y, self.width, self.height)
