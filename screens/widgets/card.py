"""Cards: white sheets on the page; some can be pressed as a whole."""

from collections.abc import Callable

from kivy.uix.widget import Widget

from screens.lines import break_lines
from screens.look import Look
from screens.shapes import filled, outlined, shadowed
from screens.theme import Colour
from screens.tokens import (
    BODY,
    GAP_L,
    GAP_M,
    GAP_S,
    LEAD,
    NOTE,
    PRIMARY_TARGET,
    RADIUS_L,
    VVSG_TARGET_MIN,
)
from screens.widgets.arrange import Column, Row
from screens.widgets.block import natural_height, place
from screens.widgets.icon import Icon, Tile
from screens.widgets.press import Pressable
from screens.widgets.text import Text, text_width


class Card(Pressable):
    """A sheet around one block. With `on_act` the whole sheet is a touch target."""

    def __init__(self, look: Look, content: Widget, sid: str = "",
                 on_act: Callable[[], None] | None = None, *,
                 padding: tuple[float, float] = (GAP_L, GAP_M), ground: Colour | None = None,
                 edge: Colour | None = None) -> None:
        """`padding`: mm at the sides, mm above and below. `edge`: a meaningful outline."""
        super().__init__(look, sid, on_act)
        theme = look.theme
        self._ground = ground or theme.card
        self.padding = (look.mm(padding[0]), look.mm(padding[1]))
        radius = look.mm(RADIUS_L)
        with self.canvas.before:
            self._shadow = (
                shadowed(radius, look.mm(4.2), theme.shadow) if theme.shadow[3] > 0 else None
            )
            self._fill = filled(radius, self._ground)
            width = theme.card_line_width if edge is None else max(0.85, theme.card_line_width)
            self._edge = outlined(radius, look.mm(width), edge or theme.card_line)
        self.content = content
        self.add_widget(content)

    def height_for(self, width: float) -> float:
        side, above = self.padding
        least = self.look.mm(PRIMARY_TARGET if self.on_act else VVSG_TARGET_MIN)
        return max(least, natural_height(self.content, width - 2 * side) + 2 * above)

    def arrange(self) -> None:
        if self._shadow:
            self._shadow.lay(self.x, self.y - self.look.mm(1.1), self.width, self.height)
        self._fill.lay(self.x, self.y, self.width, self.height)
        self._edge.lay(self.x, self.y, self.width, self.height)
        side, above = self.padding
        place(self.content, self.x + side, self.y + above, self.width - 2 * side,
              self.height - 2 * above)

    def paint(self, pressed: bool) -> None:
        self._fill.colour = self.look.theme.card_pressed if pressed else self._ground


class ListCard(Card):
    """One line of a list: tile, title, second line, a mark at the end."""

    def __init__(self, look: Look, title: str, note: str, sid: str,
                 on_act: Callable[[], None] | None, *, icon: str = "", tint: str = "blue",
                 mark: Widget | None = None, title_size: float = LEAD,
                 caret: str = "caret-right") -> None:
        """`caret`: what a touch does: leads on, opens or closes below."""
        words: list[Widget] = [Text(look, title, size=title_size, bold=True, tight=True)]
        if note:
            words.append(Text(look, note, size=NOTE, colour=look.theme.ink_soft))
        # Large words need the whole width: the mark goes below them.
        below = look.tokens.large_text and mark is not None
        if below:
            words.append(Row(look, [(mark, 0), (Text(look, ""), 1)]))
        row = Row(look, gap=look.mm(GAP_M), stretch=False)
        if icon:
            row.add(Tile(look, icon, tint, size=19))
        row.add(Column(look, words, gap=look.mm(0.8)), 1)
        if mark is not None and not below:
            row.add(mark)
        if on_act is not None:
            row.add(Icon(look, caret, size=7.5, colour=look.theme.ink_soft, weight="bold"))
        super().__init__(look, row, sid, on_act, padding=(GAP_M, GAP_S * 1.15))


class Examples(Text):
    """"One · two · three": as many of them as stand on one line."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__(look, text, size=NOTE * 0.94, colour=look.theme.ink_soft, tight=True)

    def lines(self, width: float) -> list[str]:
        examples = self.text.split(" · ")
        for count in range(len(examples), 1, -1):
            line = " · ".join(examples[:count])
            if text_width(line, self.pixels) <= width:
                return [line]
        return super().lines(width) if len(examples) == 1 else break_lines(
            examples[0], width, lambda line: text_width(line, self.pixels)
        )


class DoorCard(Card):
    """A group of services on the home screen: tile, name, what is inside."""

    def __init__(self, look: Look, title: str, note: str, icon: str, tint: str, sid: str,
                 on_act: Callable[[], None]) -> None:
        words = Column(look, [
            Text(look, title, size=LEAD * 1.04, bold=True, tight=True),
            Examples(look, note),
        ], gap=look.mm(0.8))
        row = Row(look, [(Tile(look, icon, tint, size=19), 0), (words, 1)],
                  gap=look.mm(GAP_S * 1.1), stretch=False)
        super().__init__(look, row, sid, on_act, padding=(GAP_S * 1.2, GAP_S))


class Badge(Card):
    """A small word with a ground: a state, never a target."""

    def __init__(self, look: Look, text: str, *, icon: str = "", colour: Colour | None = None,
                 ground: Colour | None = None, sid: str = "") -> None:
        super(Card, self).__init__(look, sid)
        theme = look.theme
        ink = colour or theme.good
        self._radius = look.room(12) / 2
        self.padding = (look.mm(GAP_S), look.mm(1.2))
        with self.canvas.before:
            self._fill = filled(self._radius, ground or theme.good_soft)
            self._line = (
                outlined(self._radius, look.mm(0.6), ink) if theme.high_contrast else None
            )
        self._row = Row(look, gap=look.mm(1.6), stretch=False)
        if icon:
            self._row.add(Icon(look, icon, size=6.4, colour=ink, weight="bold"))
        self._row.add(Text(look, text, size=NOTE * 0.94, bold=True, colour=ink))
        self.add_widget(self._row)

    def natural_width(self) -> float:
        return self._row.natural_width() + 2 * self.padding[0]

    def height_for(self, width: float) -> float:
        return max(2 * self._radius, self._row.height_for(width) + 2 * self.padding[1])

    def arrange(self) -> None:
        height = self.height_for(self.width)
        y = self.y + (self.height - height) / 2
        self._fill.lay(self.x, y, self.width, height)
        if self._line:
            self._line.lay(self.x, y, self.width, height)
        self._row.place(self.x + self.padding[0], y, self.width - 2 * self.padding[0], height)

    def paint(self, pressed: bool) -> None:
        pass


class Notice(Card):
    """A coloured sheet with an icon and a sentence: advice, caution, trouble, good news."""

    def __init__(self, look: Look, title: str, note: str = "", *, tone: str = "caution",
                 icon: str = "", buttons: tuple[Widget, ...] = (), sid: str = "") -> None:
        """`tone`: primary, good, caution or danger."""
        theme = look.theme
        ink: Colour = getattr(theme, tone)
        icons = {"primary": "info", "good": "check-circle", "caution": "warning",
                 "danger": "warning-circle"}
        words: list[Widget] = [Text(look, title, size=BODY, bold=True, colour=theme.ink)]
        if note:
            words.append(Text(look, note, size=BODY, colour=theme.ink))
        items: list[Widget] = [
            Row(look, [
                (Icon(look, icon or icons[tone], size=15, colour=ink), 0),
                (Column(look, words, gap=look.mm(1)), 1),
            ], gap=look.mm(GAP_M), stretch=False)
        ]
        if buttons:
            items.append(Row(look, [(button, 1) for button in buttons], gap=look.mm(GAP_S)))
        super().__init__(look, Column(look, items, gap=look.mm(GAP_M)), sid,
                         padding=(GAP_M * 1.2, GAP_M), ground=getattr(theme, f"{tone}_soft"),
                         edge=ink)
        if self._shadow:
            self._shadow.colour = (0, 0, 0, 0)
