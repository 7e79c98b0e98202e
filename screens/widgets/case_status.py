"""How far a case is: its state as a badge, and the way from received to ready."""

from dataclasses import dataclass

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from screens.look import Look
from screens.shapes import filled
from screens.theme import Colour
from screens.tokens import BODY, GAP_M, GAP_S, LEAD
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block
from screens.widgets.card import Badge
from screens.widgets.icon import Icon
from screens.widgets.text import Text


@dataclass(frozen=True)
class StatusLook:
    message: str
    icon: str
    tone: str


STATUS_SENTENCES = {
    "waiting": StatusLook("Kept here, not yet sent", "cloud-arrow-up", "caution"),
    "received": StatusLook("Received", "tray", "primary"),
    "reviewing": StatusLook("Being reviewed", "magnifying-glass", "primary"),
    "accepted": StatusLook("Accepted", "stamp", "primary"),
    "supplement": StatusLook("Something is missing", "file-plus", "caution"),
    "ready": StatusLook("Ready", "seal-check", "good"),
    "unknown": StatusLook("Not found", "question", "caution"),
}
WAY = ("received", "accepted", "reviewing", "ready")
"""The steps people see; a supplement interrupts the review."""


def status_badge(look: Look, status: str) -> Badge:
    """The state in a word, with an icon: never by colour alone."""
    shown = STATUS_SENTENCES.get(status, STATUS_SENTENCES["unknown"])
    icons = {"good": "check", "primary": "clock", "caution": "info"}
    return Badge(look, look.words(shown.message), icon=icons[shown.tone],
                 colour=getattr(look.theme, shown.tone),
                 ground=getattr(look.theme, f"{shown.tone}_soft"))


def promise_line(look: Look, sentence: str, sid: str) -> Row:
    """By when the answer is promised."""
    return Row(look, [
        (Icon(look, "calendar-check", size=9.5), 0), (Text(look, sentence, size=BODY, sid=sid), 1),
    ], gap=look.mm(GAP_S), stretch=False)


class _Stop(Block):
    """One step of the way: a dot with a line down to the next."""

    def __init__(self, look: Look, text: str, icon: str, *, done: bool, here: bool,
                 last: bool) -> None:
        super().__init__(look)
        theme = look.theme
        self._last, self._side = last, look.room(15)
        colour = theme.primary if done or here else theme.edge
        with self.canvas:
            Color(*(theme.primary if done else (*theme.edge[:3], 0.4)))
            self._line = Rectangle(size=(0, 0))
            self._dot = filled(self._side / 2, colour if done or here else theme.page)
            self._rim = filled(self._side / 2 - look.mm(0.85),
                               colour if done or here else theme.card)
        ink: Colour = theme.text_on_filled if done or here else theme.edge
        self._icon = Icon(look, "check" if done else icon, size=8.5, colour=ink,
                          weight="bold" if done else "duotone")
        self._text = Text(look, text, size=LEAD if here else BODY, bold=here,
                          colour=theme.ink if done or here else theme.ink_soft)
        self.add_widget(self._icon)
        self.add_widget(self._text)

    def _left(self) -> float:
        return self._side + self.look.mm(GAP_M)

    def height_for(self, width: float) -> float:
        words = self._text.height_for(width - self._left())
        return max(float(self._side), words) + (0 if self._last else self.look.mm(8))

    def arrange(self) -> None:
        side, line = self._side, self.look.mm(1)
        base = self.top - side
        self._dot.lay(self.x, base, side, side)
        inset = self.look.mm(0.85)
        self._rim.lay(self.x + inset, base + inset, side - 2 * inset, side - 2 * inset)
        self._icon.place(self.x, base, side, side)
        if not self._last:
            self._line.pos = (self.x + side / 2 - line / 2, self.y)
            self._line.size = (line, self.height - side)
        high = max(side, self._text.height_for(self.width - self._left()))
        self._text.place(self.x + self._left(), self.top - high, self.width - self._left(), high)


def status_way(look: Look, status: str) -> Widget:
    """The way of a case with the present step in bold."""
    present = WAY.index(status) if status in WAY else (2 if status == "supplement" else 0)
    stops = [
        _Stop(look, look.words(STATUS_SENTENCES[name].message), STATUS_SENTENCES[name].icon,
              done=number < present or status == "ready", here=number == present,
              last=number == len(WAY) - 1)
        for number, name in enumerate(WAY)
    ]
    return Column(look, stops)
