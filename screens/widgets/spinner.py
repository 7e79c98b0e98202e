"""Signs for work that goes on: a turning ring, and the mark of a finished or failed stage."""

from kivy.graphics import Color, Line

from kiosk.views import StageState
from screens.look import Look
from screens.widgets.block import Block
from screens.widgets.icon import Icon

TURN = 1.1
"""Seconds of one turn of the ring."""


class StageMark(Block):
    """Pending: an empty ring. Active: a turning one. Done: a check. Failed: a warning."""

    def __init__(self, look: Look, state: StageState, size: float = 19.0) -> None:
        super().__init__(look)
        self._pixels = look.room(size)
        self._state = state
        self._angle = 0.0
        theme = look.theme
        self._icon: Icon | None = None
        if state in (StageState.DONE, StageState.FAILED):
            done = state is StageState.DONE
            self._icon = Icon(look, "check-circle" if done else "warning-circle", size=size * 1.2,
                              colour=theme.good if done else theme.danger)
            self.add_widget(self._icon)
            return
        active = state is StageState.ACTIVE
        with self.canvas:
            Color(*theme.primary[:3], 0.2) if active else Color(*theme.edge[:3], 0.6)
            self._ring = Line(width=look.mm(1.1 if active else 0.6))
            Color(*theme.primary)
            self._arc = Line(width=look.mm(1.1), cap="round")

    def height_for(self, width: float) -> float:
        return float(self._pixels)

    def natural_width(self) -> float:
        return float(self._pixels)

    def arrange(self) -> None:
        if self._icon:
            self._icon.place(self.x, self.y, self.width, self.height)
            return
        radius = self._pixels * 0.4
        self._ring.circle = (self.center_x, self.center_y, radius)
        self._turn()

    def _turn(self) -> None:
        if self._state is StageState.ACTIVE:
            radius = self._pixels * 0.4
            self._arc.circle = (self.center_x, self.center_y, radius, self._angle,
                                self._angle + 100)

    def frame(self, passed: float) -> None:
        if self._state is StageState.ACTIVE:
            self._angle = (self._angle + 360 * passed / TURN) % 360
            self._turn()
