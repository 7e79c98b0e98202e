"""The pad one signs on with a finger: ink that follows at once, as strokes with their times."""

import time
from collections.abc import Callable

from kivy.graphics import Color, InstructionGroup, Line, Rectangle
from kivy.input import MotionEvent

from kiosk.views import Stroke
from screens.look import Look
from screens.shapes import filled, outlined
from screens.surfaces import surfaces_of
from screens.tokens import OUTLINE, RADIUS_M
from screens.widgets.block import Block

MIN_STEP = 0.002
"""Points nearer than this (of the pad's width) are left out: the hand's tremble, not writing."""


class SignaturePad(Block):
    """Collects strokes in 0…1 of the pad, y downwards. `on_signed` is called after every stroke."""

    def __init__(
        self,
        look: Look,
        sid: str,
        on_signed: Callable[[tuple[Stroke, ...]], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(look, sid)
        self._on_signed, self._now = on_signed, now
        self._strokes: list[Stroke] = []
        self._open: list[tuple[float, float, float]] = []
        self._began: float | None = None
        self._line: Line | None = None
        self.enabled = True
        surfaces = surfaces_of(look.theme)
        with self.canvas:
            self._paper = filled(look.mm(RADIUS_M), surfaces.paper)
            self._baseline_tint = Color(*surfaces.paper_line)
            self._baseline = Rectangle()
            self._edge = outlined(look.mm(RADIUS_M), look.mm(OUTLINE), look.theme.edge)
            Color(*surfaces.pen)
            self._ink = InstructionGroup()
        self.canvas.add(self._ink)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        return tuple(self._strokes)

    @property
    def touched(self) -> bool:
        """Something was written, if only a part of a stroke."""
        return bool(self._strokes or self._open)

    def clear(self) -> None:
        """Forget the signature."""
        self._strokes, self._open, self._began, self._line = [], [], None, None
        self._ink.clear()

    def show(self, strokes: tuple[Stroke, ...]) -> None:
        """Draw strokes that were signed before (coming back, another size or theme)."""
        self.clear()
        self._strokes = list(strokes)
        self._redraw()

    def arrange(self) -> None:
        x, y, width, height = self.x, self.y, self.width, self.height
        self._paper.lay(x, y, width, height)
        self._edge.lay(x, y, width, height)
        margin = self.look.mm(12)
        self._baseline.pos = (x + margin, y + round(height * 0.26))
        self._baseline.size = (max(1, width - 2 * margin), max(2, self.look.mm(0.5)))
        self._redraw()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.enabled or self._line is not None or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        touch.ud["keeps_drag"] = True
        self._open = []
        self._line = self._new_line()
        self._add(touch.x, touch.y)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        self._add(touch.x, touch.y)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        if self._line is not None:  # else it was cleared while the finger was down
            self._add(touch.x, touch.y)
            self._strokes.append(tuple(self._open))
            self._open, self._line = [], None
            self._on_signed(self.strokes)
        return True

    def _add(self, x: float, y: float) -> None:
        if self._line is None:
            return
        now = self._now()
        if self._began is None:
            self._began = now
        at = (
            min(1.0, max(0.0, (x - self.x) / self.width)),
            min(1.0, max(0.0, 1 - (y - self.y) / self.height)),
        )
        if self._open and max(abs(at[0] - self._open[-1][0]), abs(at[1] - self._open[-1][1])) < (
            MIN_STEP
        ):
            return
        self._open.append((*at, now - self._began))
        self._line.points = self._points(tuple(self._open))

    def _new_line(self) -> Line:
        line = Line(width=self.look.mm(0.9), cap="round", joint="round")
        self._ink.add(line)
        return line

    def _points(self, stroke: Stroke) -> list[float]:
        points: list[float] = []
        for px, py, _ in stroke:
            points += [self.x + px * self.width, self.y + (1 - py) * self.height]
        # A dot is a stroke as well (i, 氵): a line needs two points to be seen.
        return points if len(points) > 2 else [points[0], points[1], points[0] + 1, points[1]]

    def _redraw(self) -> None:
        self._ink.clear()
        for stroke in self._strokes:
            self._new_line().points = self._points(stroke)
