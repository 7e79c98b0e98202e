"""Buttons: the one obvious next step, and the quieter ones beside it."""

from collections.abc import Callable
from typing import Literal

from screens.look import Look
from screens.shapes import filled, outlined, shadowed
from screens.theme import Colour
from screens.tokens import (
    BODY,
    BUTTON_HEIGHT,
    CONTROL_HEIGHT,
    GAP_M,
    GAP_S,
    LEAD,
    OUTLINE,
    PRIMARY_TARGET,
)
from screens.widgets.block import natural_height
from screens.widgets.icon import Icon
from screens.widgets.press import Pressable
from screens.widgets.text import Text

Kind = Literal["primary", "quiet", "danger", "glass", "plain"]


class Button(Pressable):
    """Words on a pill, with an icon before or after them.

    `primary`: the next step, one a screen. `quiet`: other ways. `danger`: throws something away.
    `glass`: on the hero. `plain`: no ground. `small` is for back, quit and tools.
    """

    def __init__(self, look: Look, text: str, sid: str, on_act: Callable[[], None] | None, *,
                 kind: Kind = "primary", icon: str = "", icon_after: str = "",
                 small: bool = False) -> None:
        super().__init__(look, sid, on_act)
        self.kind: Kind = kind
        self.small = small
        theme = look.theme
        self._minimum = look.room(CONTROL_HEIGHT if small else max(BUTTON_HEIGHT, PRIMARY_TARGET))
        radius = self._minimum / 2
        self._grounds = _grounds(look, kind)
        with self.canvas.before:
            self._shadow = (
                shadowed(radius, look.mm(3), (*theme.primary[:3], 0.28))
                if kind == "primary" and not small and not theme.high_contrast else None
            )
            self._fill = filled(radius, self._grounds[0])
            edge = _edge(look, kind)
            self._edge = outlined(radius, look.mm(OUTLINE), edge) if edge else None
        ink = _ink(look, kind)
        self.label = Text(look, text, size=BODY if small else LEAD, bold=True, colour=ink,
                          align="center")
        size = 7.8 if small else 9.5
        self._icon = Icon(look, icon, size=size, colour=ink, weight="bold") if icon else None
        self._after = (
            Icon(look, icon_after, size=size, colour=ink, weight="bold") if icon_after else None
        )
        for child in (self._icon, self.label, self._after):
            if child is not None:
                self.add_widget(child)

    def _sides(self) -> tuple[float, float]:
        """Padding at each side, and the gap to an icon."""
        return (self.look.mm(GAP_M if self.small else GAP_M * 1.5), self.look.mm(GAP_S * 0.7))

    def _icons_width(self) -> float:
        _, gap = self._sides()
        return sum(icon.natural_width() + gap for icon in (self._icon, self._after) if icon)

    def natural_width(self) -> float:
        words = self.label.natural_width() if self.label.text else -self._sides()[1]
        return max(self._minimum, words + 2 * self._sides()[0] + self._icons_width())

    def height_for(self, width: float) -> float:
        inner = width - 2 * self._sides()[0] - self._icons_width()
        return max(self._minimum, natural_height(self.label, inner) + self.look.mm(GAP_S))

    def arrange(self) -> None:
        for shape in (self._shadow, self._fill, self._edge):
            if shape:
                shape.lay(self.x, self.y, self.width, self.height)
        side, gap = self._sides()
        room = self.width - 2 * side - self._icons_width()
        words = min(self.label.natural_width() if self.label.text else 0, max(room, 1))
        lines = self.label.lines(words)
        if len(lines) > 1:
            words = room
        if not self.label.text:
            gap = 0
        x = self.center_x - (words + (self._icons_width() if gap else self._bare())) / 2
        if self._icon:
            self._icon.place(x, self.y, self._icon.natural_width(), self.height)
            x += self._icon.natural_width() + gap
        self.label.place(x, self.y, words, self.height)
        if self._after:
            self._after.place(x + words + gap, self.y, self._after.natural_width(), self.height)

    def _bare(self) -> float:
        return sum(icon.natural_width() for icon in (self._icon, self._after) if icon)

    def paint(self, pressed: bool) -> None:
        self._fill.colour = self._grounds[1 if pressed else 0]


class IconButton(Button):
    """A round button with only an icon: for tools whose meaning everybody knows."""

    def __init__(self, look: Look, icon: str, sid: str, on_act: Callable[[], None] | None, *,
                 kind: Kind = "quiet") -> None:
        super().__init__(look, "", sid, on_act, kind=kind, icon=icon, small=True)


class Chip(Pressable):
    """One of several choices beside each other; the chosen one is filled and carries a check."""

    def __init__(self, look: Look, text: str, sid: str, on_act: Callable[[], None] | None, *,
                 chosen: bool = False) -> None:
        super().__init__(look, sid, on_act)
        theme = look.theme
        self._minimum = look.room(PRIMARY_TARGET)
        self._chosen = chosen
        with self.canvas.before:
            self._fill = filled(self._minimum / 2, theme.primary if chosen else theme.card)
            self._edge = outlined(self._minimum / 2, look.mm(OUTLINE),
                                  theme.primary if chosen else theme.edge)
        ink = theme.text_on_filled if chosen else theme.ink
        self.label = Text(look, text, bold=chosen, colour=ink, align="center")
        self.add_widget(self.label)
        self._check = Icon(look, "check", size=8, colour=ink, weight="bold") if chosen else None
        if self._check:
            self.add_widget(self._check)

    def _side(self) -> float:
        return self.look.mm(GAP_M)

    def _check_room(self) -> float:
        return self._check.natural_width() + self.look.mm(GAP_S / 2) if self._check else 0.0

    def natural_width(self) -> float:
        words = self.label.natural_width() + 2 * self._side() + self._check_room()
        return max(self._minimum, words)

    def height_for(self, width: float) -> float:
        words = natural_height(self.label, width - 2 * self._side() - self._check_room())
        return max(self._minimum, words + self.look.mm(GAP_S))

    def arrange(self) -> None:
        self._fill.lay(self.x, self.y, self.width, self.height)
        self._edge.lay(self.x, self.y, self.width, self.height)
        left = self._check_room()
        room = self.width - 2 * self._side() - left
        words = min(self.label.natural_width(), room)
        x = self.center_x - (words + left) / 2
        if self._check:
            self._check.place(x, self.y, self._check.natural_width(), self.height)
        self.label.place(x + left, self.y, words, self.height)

    def paint(self, pressed: bool) -> None:
        theme = self.look.theme
        resting = theme.primary if self._chosen else theme.card
        pushed = theme.primary_pressed if self._chosen else theme.card_pressed
        self._fill.colour = pushed if pressed else resting


def _grounds(look: Look, kind: Kind) -> tuple[Colour, Colour]:
    """(resting, pressed)."""
    theme = look.theme
    clear = (*theme.card_pressed[:3], 0.0)
    glass = theme.hero_glass
    grounds: dict[Kind, tuple[Colour, Colour]] = {
        "primary": (theme.primary, theme.primary_pressed),
        "danger": (theme.danger, theme.ink),
        "quiet": (theme.card, theme.card_pressed),
        "glass": (glass, (*glass[:3], min(1.0, glass[3] + 0.12))),
        "plain": (clear, theme.card_pressed),
    }
    return grounds[kind]


def _edge(look: Look, kind: Kind) -> Colour | None:
    theme = look.theme
    if kind == "quiet":
        return theme.edge
    if kind == "glass":
        return theme.hero_ink
    return theme.ink if kind == "danger" and theme.high_contrast else None


def _ink(look: Look, kind: Kind) -> Colour:
    theme = look.theme
    inks: dict[Kind, Colour] = {
        "primary": theme.text_on_filled, "danger": theme.text_on_filled,
        "quiet": theme.ink, "glass": theme.hero_ink, "plain": theme.primary,
    }
    return inks[kind]
