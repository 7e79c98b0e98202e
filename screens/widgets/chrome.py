"""What stands around every screen: header, way back, progress, bottom bar."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kivy.graphics import Color, Rectangle

from kiosk.views import Progress
from kiosk.words import LANGUAGES
from screens.look import Look
from screens.shapes import filled, gradient, outlined
from screens.tokens import (
    BAR_HEIGHT,
    BODY,
    CONTROL_HEIGHT,
    GAP_S,
    HAIRLINE,
    HEADER_HEIGHT,
    MARGIN,
    NAV_HEIGHT,
    NOTE,
    RADIUS_M,
    VVSG_TARGET_GAP,
)
from screens.widgets.arrange import Row
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.door import DoorMark
from screens.widgets.icon import Icon
from screens.widgets.press import Pressable
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

OWN_NAMES = {"zh": "中文", "en": "English", "ko": "한국어"}
"""Each language by the name its speakers give it; the same in every language."""


class Hero(Block):
    """The blue ground of header, home and attract."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._ground = Rectangle(texture=gradient(look.theme.hero))
            Color(*look.theme.divider[:3], 1.0 if look.theme.high_contrast else 0.0)
            self._line = Rectangle(size=(0, 0))

    def arrange(self) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        self._line.pos = self.pos
        self._line.size = (self.width, self.look.mm(HAIRLINE * 1.5))


class Segment(Pressable):
    """One language of the switch."""

    def __init__(self, look: Look, text: str, sid: str, on_act: Callable[[], None],
                 chosen: bool) -> None:
        super().__init__(look, sid, on_act)
        theme = look.theme
        self._chosen = chosen
        self._resting = theme.hero_ink if chosen else (*theme.hero_ink[:3], 0.0)
        with self.canvas.before:
            self._fill = filled(look.mm(CONTROL_HEIGHT) / 2 - look.mm(0.9), self._resting)
        ink = theme.hero[0] if chosen else theme.hero_ink
        self._label = Text(look, text, size=NOTE, bold=chosen, colour=ink, align="center")
        self.add_widget(self._label)

    def natural_width(self) -> float:
        return max(self.look.mm(CONTROL_HEIGHT + 4),
                   self._label.natural_width() + 2 * self.look.mm(GAP_S * 0.8))

    def arrange(self) -> None:
        inset = self.look.mm(0.9)
        self._fill.lay(self.x + inset, self.y + inset, self.width - 2 * inset,
                       self.height - 2 * inset)
        self._label.place(self.x, self.y, self.width, self.height)

    def paint(self, pressed: bool) -> None:
        light = (*self.look.theme.hero_ink[:3], 0.25)
        self._fill.colour = light if pressed and not self._chosen else self._resting


class LanguageSwitch(Block):
    """All languages beside each other; one touch changes every word, nothing is lost."""

    def __init__(self, look: Look, visit: "Visit") -> None:
        super().__init__(look)
        theme = look.theme
        radius = look.mm(CONTROL_HEIGHT) / 2
        with self.canvas.before:
            self._fill = filled(radius, theme.hero_glass)
            self._edge = outlined(radius, look.mm(0.5), (*theme.hero_ink[:3], 0.75))
        self._row = Row(look, [
            (Segment(look, OWN_NAMES[code], f"header.language.{code}",
                     partial(visit.set_language, code),
                     chosen=visit.language == code), 0)
            for code in LANGUAGES
        ], gap=look.mm(VVSG_TARGET_GAP))
        self.add_widget(self._row)

    def natural_width(self) -> float:
        return self._row.natural_width()

    def height_for(self, width: float) -> float:
        return float(self.look.mm(CONTROL_HEIGHT))

    def arrange(self) -> None:
        self._fill.lay(self.x, self.y, self.width, self.height)
        self._edge.lay(self.x, self.y, self.width, self.height)
        self._row.place(self.x, self.y, self.width, self.height)


class Header(Row):
    """Mark and place at the left, languages at the right; lies on a Hero."""

    def __init__(self, look: Look, visit: "Visit") -> None:
        place = Text(look, visit.place_name, size=NOTE, bold=True, colour=look.theme.hero_ink,
                     tight=True, balance=True)
        super().__init__(look, [
            (DoorMark(look), 0), (place, 1), (LanguageSwitch(look, visit), 0),
        ], gap=look.mm(GAP_S), padding=(look.mm(MARGIN), look.mm(3), look.mm(MARGIN), look.mm(3)),
           stretch=False)

    def height_for(self, width: float) -> float:
        return max(float(self.look.mm(HEADER_HEIGHT)), super().height_for(width))


class Steps(Block):
    """A segment for each step, filled up to the present one."""

    def __init__(self, look: Look, progress: Progress) -> None:
        super().__init__(look)
        theme = look.theme
        with self.canvas:
            self._segments = [
                filled(look.mm(1.1),
                       theme.primary if number < progress.step else (*theme.edge[:3], 0.32))
                for number in range(progress.steps)
            ]

    def height_for(self, width: float) -> float:
        return float(self.look.mm(2.2))

    def arrange(self) -> None:
        gap = self.look.mm(1.8)
        width = (self.width - gap * (len(self._segments) - 1)) / len(self._segments)
        for number, segment in enumerate(self._segments):
            segment.lay(self.x + number * (width + gap), self.y, width, self.height)


class Navigation(Block):
    """Back at the left, where we are in the middle, the way out at the right."""

    def __init__(self, look: Look, visit: "Visit", on_quit: Callable[[], None] | None) -> None:
        super().__init__(look)
        words, progress = visit.words, visit.progress
        self._back = Button(look, words("Back"), "nav.back", visit.back, kind="quiet",
                            icon="caret-left", small=True) if visit.can_go_back else None
        self._quit = Button(look, words("Quit"), "nav.quit", on_quit, kind="quiet", icon="x",
                            small=True) if on_quit else None
        self._where = Text(
            look,
            words("Step {step} of {steps}", step=progress.step, steps=progress.steps)
            if progress else "",
            size=BODY, bold=True, colour=look.theme.ink_soft, align="center", sid="nav.step",
        )
        self._steps = Steps(look, progress) if progress else None
        for child in (self._back, self._quit, self._where, self._steps):
            if child:
                self.add_widget(child)

    def height_for(self, width: float) -> float:
        steps = self.look.mm(6) if self._steps else 0
        return float(self.look.room(NAV_HEIGHT) + steps)

    def arrange(self) -> None:
        margin, high = self.look.mm(MARGIN), self.look.room(NAV_HEIGHT)
        control = self.look.room(CONTROL_HEIGHT)
        base = self.top - high + (high - control) / 2 - self.look.mm(1)
        left = right = 0.0
        if self._back:
            left = self._back.natural_width()
            self._back.place(self.x + margin, base, left, control)
        if self._quit:
            right = self._quit.natural_width()
            self._quit.place(self.right - margin - right, base, right, control)
        side = margin + max(left, right) + self.look.mm(GAP_S)
        self._where.place(self.x + side, base, max(1.0, self.width - 2 * side), control)
        if self._steps:
            self._steps.place(self.x + margin, self.y + self.look.mm(3),
                              self.width - 2 * margin, self.look.mm(2.2))


class BarButton(Pressable):
    """A tool of the bottom bar: icon over word; filled while it is on."""

    def __init__(self, look: Look, text: str, icon: str, sid: str, on_act: Callable[[], None],
                 active: bool = False) -> None:
        super().__init__(look, sid, on_act)
        theme = look.theme
        self._resting = theme.primary if active else (*theme.card_pressed[:3], 0.0)
        self._pushed = theme.primary_pressed if active else theme.card_pressed
        with self.canvas.before:
            self._fill = filled(look.mm(RADIUS_M), self._resting)
        ink = theme.text_on_filled if active else theme.primary
        self._icon = Icon(look, icon, size=11, colour=ink)
        self._label = Text(look, text, size=NOTE * 0.94, bold=active, align="center", tight=True,
                           colour=theme.text_on_filled if active else theme.ink)
        self.add_widget(self._icon)
        self.add_widget(self._label)

    def height_for(self, width: float) -> float:
        words = self._label.height_for(width - self.look.mm(3))
        return self._icon.height_for(width) + words + self.look.mm(7.5)

    def arrange(self) -> None:
        self._fill.lay(self.x, self.y, self.width, self.height)
        icon = self._icon.height_for(self.width)
        words = self._label.height_for(self.width - self.look.mm(3))
        gap = self.look.mm(1.2)
        y = self.center_y + (icon + words + gap) / 2
        self._icon.place(self.x, y - icon, self.width, icon)
        self._label.place(self.x + self.look.mm(1.5), y - icon - gap - words,
                          self.width - self.look.mm(3), words)

    def paint(self, pressed: bool) -> None:
        self._fill.colour = self._pushed if pressed else self._resting


class BottomBar(Row):
    """Always the same four: large text, contrast, low reach, help."""

    def __init__(self, look: Look, visit: "Visit", on_help: Callable[[], None]) -> None:
        words, looks = visit.words, visit.looks

        def toggle(name: str) -> Callable[[], None]:
            return lambda: visit.set_looks(replace(looks, **{name: not getattr(looks, name)}))

        buttons = [
            BarButton(look, words("Large text"), "text-aa", "bar.large_text",
                      toggle("large_text"), looks.large_text),
            BarButton(look, words("High contrast"), "circle-half", "bar.contrast",
                      toggle("high_contrast"), looks.high_contrast),
        ]
        if look.portrait:
            buttons.append(BarButton(look, words("Lower"), "arrow-line-down", "bar.low_reach",
                                     toggle("low_reach"), looks.low_reach))
        buttons.append(BarButton(look, words("Help"), "question", "bar.help", on_help))
        super().__init__(look, [(button, 1) for button in buttons], gap=look.mm(GAP_S),
                         padding=(look.mm(MARGIN), look.mm(3.2), look.mm(MARGIN), look.mm(3.2)))
        with self.canvas.before:
            Color(*look.theme.card)
            self._ground = Rectangle()
            Color(*look.theme.divider)
            self._line = Rectangle()

    def height_for(self, width: float) -> float:
        return max(float(self.look.mm(BAR_HEIGHT)), super().height_for(width))

    def arrange(self) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        line = self.look.mm(HAIRLINE)
        self._line.pos, self._line.size = (self.x, self.top - line), (self.width, line)
        super().arrange()
