"""A date by three wheels, in the order of the visit's language; dragged, flung or stepped."""

import calendar
from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from babel.dates import get_month_names
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, ScissorPop, ScissorPush
from kivy.input import MotionEvent

from screens.fonts import LETTERS, icon_glyphs
from screens.look import Look
from screens.shapes import filled, outlined
from screens.surfaces import surfaces_of
from screens.tokens import GAP_S, HEADING, LEAD, OUTLINE, RADIUS_M
from screens.widgets.block import Block, Rect
from screens.widgets.keys import legend

Part = Literal["year", "month", "day"]
ORDER: dict[str, tuple[Part, Part, Part]] = {
    "zh": ("year", "month", "day"),
    "ko": ("year", "month", "day"),
    "en": ("day", "month", "year"),
}
SUFFIX = {"zh": {"year": "年", "month": "月", "day": "日"},
          "ko": {"year": "년", "month": "월", "day": "일"}}
FIRST_YEAR, LAST_YEAR = 1900, 2100
ROW = 17.0
"""Height of one row of a wheel, mm."""
FRICTION = 3.4


def parse(value: str, fallback: date) -> date:
    """An ISO date, or `fallback` where there is none yet."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return fallback


def turned(day: date, part: Part, steps: int) -> date:
    """`day` with one part turned by `steps`: months and days go round, the day stays a real one."""
    year, month = day.year, day.month
    if part == "year":
        year = min(LAST_YEAR, max(FIRST_YEAR, year + steps))
    elif part == "month":
        month = (month - 1 + steps) % 12 + 1
    last = calendar.monthrange(year, month)[1]
    number = (day.day - 1 + steps) % last + 1 if part == "day" else min(day.day, last)
    return date(year, month, number)


def shown(day: date, part: Part, language: str) -> str:
    """A part in words: 1990年, 5월, May."""
    suffix = SUFFIX.get(language)
    if suffix:
        return f"{getattr(day, part)}{suffix[part]}"
    if part == "month":
        return str(get_month_names("wide", locale=language)[day.month])
    return str(getattr(day, part))


class _Wheel(Block):
    """One turning part. Draws the rows around the present one; arrows above and below step."""

    def __init__(self, look: Look, part: Part, day: Callable[[], date],
                 turn: Callable[[Part, int], None]) -> None:
        super().__init__(look)
        self.part = part
        self._day, self._turn = day, turn
        self._shift = 0.0  # pixels the wheel is turned away from its row
        self._speed = 0.0
        self._finger: object = None
        self._last = (0.0, 0.0)
        self._moved = 0.0
        surfaces = surfaces_of(look.theme)
        with self.canvas.before:
            self._ground = filled(look.mm(RADIUS_M), surfaces.key)
            line = surfaces.key_line
            self._edge = outlined(look.mm(RADIUS_M), look.mm(OUTLINE), line) if line else None

    @property
    def _row(self) -> float:
        return float(self.look.room(ROW))

    @property
    def _arrow(self) -> float:
        return float(self.look.room(17))

    def draw(self) -> None:
        self._ground.lay(self.x, self.y, self.width, self.height)
        if self._edge:
            self._edge.lay(self.x, self.y, self.width, self.height)
        self.canvas.clear()
        look, theme, row = self.look, self.look.theme, self._row
        inner_bottom, inner_top = self.y + self._arrow, self.top - self._arrow
        with self.canvas:
            Color(*theme.primary_soft)
            Rectangle(pos=(self.x + look.mm(2), self.center_y - row / 2),
                      size=(self.width - look.mm(4), row))
            if theme.high_contrast:
                for y in (self.center_y - row / 2, self.center_y + row / 2):
                    Color(*theme.primary)
                    Rectangle(pos=(self.x + look.mm(2), y),
                              size=(self.width - look.mm(4), look.mm(OUTLINE)))
            ScissorPush(x=round(self.x), y=round(inner_bottom), width=round(self.width),
                        height=max(1, round(inner_top - inner_bottom)))
            reach = int((inner_top - inner_bottom) / row / 2) + 1
            for step in range(-reach, reach + 1):
                self._draw_row(step)
            ScissorPop()
            for name, y in (("caret-up", inner_top), ("caret-down", self.y)):
                texture = legend(icon_glyphs(name, "bold")[1], look.mm(9), "icons-bold", False)
                Color(*theme.primary)
                Rectangle(texture=texture, size=texture.size,
                          pos=(round(self.center_x - texture.width / 2),
                               round(y + (self._arrow - texture.height) / 2)))

    def _draw_row(self, step: int) -> None:
        look, theme = self.look, self.look.theme
        day = self._day()
        if self.part == "year" and not FIRST_YEAR <= day.year + step <= LAST_YEAR:
            return
        text = shown(turned(day, self.part, step), self.part, look.words.language)
        y = self.center_y - step * self._row + self._shift
        here = abs(y - self.center_y) < self._row / 2
        texture = legend(text, look.text(HEADING if here else LEAD), LETTERS, here)
        scale = min(1.0, (self.width - look.mm(4)) / texture.width)
        wide, high = texture.width * scale, texture.height * scale
        Color(*(theme.primary if here else theme.ink_soft))
        Rectangle(texture=texture, size=(wide, high),
                  pos=(round(self.center_x - wide / 2), round(y - high / 2)))

    def arrange(self) -> None:
        self.draw()

    def parts(self) -> Iterable[tuple[str, Rect]]:
        yield f"date.{self.part}.up", (self.x, self.top - self._arrow, self.width, self._arrow)
        yield f"date.{self.part}.down", (self.x, self.y, self.width, self._arrow)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if self._finger is not None or not self.collide_point(*touch.pos):
            return False
        touch.ud["keeps_drag"] = True
        self._finger, self._moved, self._speed = touch, 0.0, 0.0
        self._last = (touch.y, Clock.get_time())
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if not self._holds(touch):
            return False
        moved, now = touch.y - self._last[0], Clock.get_time()
        self._speed = moved / max(1e-3, now - self._last[1])
        self._last = (touch.y, now)
        self._moved += abs(moved)
        self._roll(moved)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if not self._holds(touch):
            return False
        self._finger = None
        if self._moved < self.look.mm(4):
            self._speed = self._shift = 0.0
            away = (self.center_y - touch.y) / self._row
            steps = -1 if touch.y > self.top - self._arrow else (
                1 if touch.y < self.y + self._arrow else round(away))
            self._turn(self.part, steps)
        elif Clock.get_time() - self._last[1] > 0.12:
            self._speed = 0.0
        return True

    def _holds(self, touch: MotionEvent) -> bool:
        return self._finger is touch

    def _roll(self, pixels: float) -> None:
        self._shift += pixels
        steps = round(self._shift / self._row)
        if steps:
            self._shift -= steps * self._row
            self._turn(self.part, steps)
        else:
            self.draw()

    def frame(self, passed: float) -> None:
        if self._finger is not None:
            return
        if abs(self._speed) > self._row:
            self._roll(self._speed * passed)
            self._speed *= max(0.0, 1 - FRICTION * passed)
        elif self._shift:
            self._speed = 0.0
            self._shift = 0.0 if abs(self._shift) < 1 else self._shift * 0.6
            self.draw()


class DateWheels(Block):
    """Three wheels for one date. `on_turn` gets the ISO date after every change."""

    def __init__(self, look: Look, value: str, on_turn: Callable[[str], None],
                 today: Callable[[], date] = date.today) -> None:
        super().__init__(look)
        self._date = parse(value, today())
        self._on_turn = on_turn
        order = ORDER[look.words.language]
        self.wheels = [_Wheel(look, part, lambda: self._date, self._turn) for part in order]
        for wheel in self.wheels:
            self.add_widget(wheel)

    @property
    def value(self) -> str:
        return self._date.isoformat()

    def height_for(self, width: float) -> float:
        rows = 5 if self.look.portrait else 3
        return float(self.look.room(ROW) * rows + 2 * self.look.room(17))

    def arrange(self) -> None:
        gap = self.look.mm(GAP_S)
        width = (self.width - 2 * gap) / 3
        for number, wheel in enumerate(self.wheels):
            wheel.place(self.x + number * (width + gap), self.y, width, self.height)

    def _turn(self, part: Part, steps: int) -> None:
        if steps:
            self._date = turned(self._date, part, steps)
            self._on_turn(self.value)
        for wheel in self.wheels:
            wheel.draw()


