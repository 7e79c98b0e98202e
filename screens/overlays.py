"""Sheets that lie over a screen: help, leaving, "are you still there?"."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kivy.graphics import Color, Rectangle
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens.look import Look
from screens.tokens import (
    BODY,
    COLUMN_MAX,
    DISPLAY,
    GAP_L,
    GAP_M,
    GAP_XL,
    LEAD,
    MARGIN,
    TITLE,
)
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block, natural_height
from screens.widgets.button import Button
from screens.widgets.card import Card, Notice
from screens.widgets.icon import Icon
from screens.widgets.ring import Ring
from screens.widgets.scroll import Scroll
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class Overlay(Block):
    """A sheet at the lower edge, the screen behind it dimmed; touches do not pass through."""

    def __init__(self, look: Look, content: Widget) -> None:
        super().__init__(look)
        with self.canvas.before:
            Color(*look.theme.scrim)
            self._scrim = Rectangle()
        self._sheet = Card(look, Scroll(look, content), padding=(GAP_XL * 0.85, GAP_XL * 0.85),
                           edge=look.theme.edge if look.theme.high_contrast else None)
        self.add_widget(self._sheet)

    def arrange(self) -> None:
        self._scrim.pos, self._scrim.size = self.pos, self.size
        margin = self.look.mm(MARGIN)
        width = min(self.width - 2 * margin, self.look.mm(COLUMN_MAX))
        height = min(natural_height(self._sheet, width), self.height - 2 * margin)
        if self.look.low_reach and self.look.portrait:
            height = min(height, self.height * 0.6 - 2 * margin)
            y = self.y + margin
        elif self.look.portrait:
            y = self.y + max(margin, (self.height - height) * 0.42)
        else:
            y = self.y + (self.height - height) / 2
        self._sheet.place(self.center_x - width / 2, y, width, height)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        super().on_touch_move(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        super().on_touch_up(touch)
        return True


def _pair(look: Look, buttons: list[Button]) -> Widget:
    """Two buttons beside each other; below each other where words are long."""
    room = look.tokens.panel.width_px - 2 * look.mm(MARGIN + GAP_XL)
    beside = sum(button.natural_width() for button in buttons) + look.mm(GAP_M)
    if beside <= min(room, look.mm(COLUMN_MAX - 2 * GAP_XL)):
        return Row(look, [(button, 1) for button in buttons], gap=look.mm(GAP_M))
    return Column(look, buttons, gap=look.mm(GAP_M))


def help_sheet(look: Look, visit: "Visit", on_close: Callable[[], None],
               on_staff: Callable[[], None]) -> Overlay:
    """Where we are, whom to call, what helps; works when everything else is broken. The staff's
    door is here as well, quiet, while nothing of a resident has been entered; out of order, what
    staff have to do."""
    words, view, theme = visit.words, visit.help, look.theme
    items: list[Widget] = [
        Text(look, words("We are glad to help"), size=TITLE, bold=True, tight=True,
             sid="help.title"),
    ]
    for icon, heading, line in (
        ("user-sound", words("Call a member of staff"),
         words("Raise your hand or speak to the information desk.")),
        ("phone-call", words("City hotline"), view.phone),
        ("map-pin", view.place, view.address),
    ):
        items.append(Row(look, [
            (Icon(look, icon, size=16, colour=theme.primary), 0),
            (Column(look, [
                Text(look, heading, size=LEAD, bold=True),
                Text(look, line, size=BODY, colour=theme.ink_soft),
            ], gap=look.mm(0.6)), 1),
        ], gap=look.mm(GAP_M), stretch=False))
    closed = visit.closed
    if closed is None:
        items.append(Column(look, [Text(look, line, size=BODY) for line in view.lines],
                            gap=look.mm(1.5)))
    items.append(Button(look, words("Back to my business") if closed is None else words("Back"),
                        "help.close", on_close, icon="arrow-left"))
    if closed is not None:
        items.append(Notice(look, f"{words('For our staff')} · {closed.code}",
                            f"{closed.todo} {closed.door}".strip(), tone="primary",
                            sid="help.closed"))
    if visit.can_open_staff:
        items.append(Button(look, words("For our staff"), "help.staff", on_staff, kind="plain",
                            icon="user-gear", small=True))
    elif closed is not None:
        items.append(Button(look, words("Start the app afresh"), "help.restart",
                            visit.restart_closed, kind="plain", icon="arrow-clockwise",
                            small=True))
    return Overlay(look, Column(look, items, gap=look.mm(GAP_L)))


def quit_sheet(look: Look, visit: "Visit", on_stay: Callable[[], None],
               on_quit: Callable[[], None], on_take: Callable[[], None]) -> Overlay:
    """Says what happens to what was entered before it is gone, and how to keep it."""
    words = visit.words
    items: list[Widget] = [
        Icon(look, "sign-out", size=28, colour=look.theme.danger),
        Text(look, words("Stop here?"), size=TITLE, bold=True, align="center",
             sid="nav.quit.title"),
        Text(look, words("What you entered is deleted. Nothing has been sent."), size=LEAD,
             colour=look.theme.ink_soft, align="center", balance=True),
        _pair(look, [
            Button(look, words("Stop and delete"), "nav.quit.confirm", on_quit, kind="danger"),
            Button(look, words("Go on"), "nav.quit.stay", on_stay),
        ]),
    ]
    if visit.can_take:
        items.append(Button(look, words("Take it with you"), "nav.quit.take", on_take,
                            kind="quiet", icon="receipt"))
    return Overlay(look, Column(look, items, gap=look.mm(GAP_L)))


class IdleSheet(Overlay):
    """"Are you still there?" with the seconds left; one touch extends."""

    def __init__(self, look: Look, visit: "Visit", limit: float) -> None:
        words = visit.words
        self._limit = max(1.0, limit)
        self._seconds = Text(look, "", size=DISPLAY, bold=True, align="center",
                             colour=look.theme.ink)
        self._ring = Ring(look, self._seconds, size=66)
        items: list[Widget] = [
            self._ring,
            Text(look, words("Are you still there?"), size=TITLE, bold=True, align="center",
                 balance=True, sid="idle.title"),
            Text(look, words("Take your time. Without an answer everything you entered is deleted "
                             "to protect you."),
                 size=LEAD, colour=look.theme.ink_soft, align="center", balance=True),
            Button(look, words("I am still here"), "idle.extend", visit.extend, icon="hand"),
        ]
        super().__init__(look, Column(look, items, gap=look.mm(GAP_L)))
        self.count(int(limit))

    def count(self, seconds: int) -> None:
        """Show the seconds left."""
        self._seconds.text = str(seconds)
        self._ring.share = seconds / self._limit


