"""Two or three views of one thing beside each other; the one that is shown carries a check."""

from collections.abc import Callable, Sequence

from screens.look import Look
from screens.shapes import filled, outlined
from screens.tokens import GAP_S, LEAD, OUTLINE, PRIMARY_TARGET
from screens.widgets.arrange import Row
from screens.widgets.block import natural_height
from screens.widgets.icon import Icon
from screens.widgets.press import Pressable
from screens.widgets.text import Text


class Tab(Pressable):
    """Icon and word on a pill; filled, with a check, while its view is shown."""

    def __init__(self, look: Look, text: str, icon: str, sid: str, on_act: Callable[[], None],
                 *, chosen: bool, height: float = PRIMARY_TARGET) -> None:
        """`height`: mm."""
        super().__init__(look, sid, on_act)
        theme = look.theme
        self._minimum = look.room(height)
        self._chosen = chosen
        radius = look.room(height) / 2
        with self.canvas.before:
            self._fill = filled(radius, theme.primary if chosen else theme.card)
            self._edge = outlined(radius, look.mm(OUTLINE),
                                  theme.primary if chosen else theme.edge)
        ink = theme.text_on_filled if chosen else theme.ink
        self._row = Row(look, [
            (Icon(look, "check" if chosen else icon, size=9.5, colour=ink,
                  weight="bold" if chosen else "duotone"), 0),
            (Text(look, text, size=LEAD, bold=True, colour=ink, tight=True), 1),
        ], gap=look.mm(GAP_S * 0.8), stretch=False)
        self.add_widget(self._row)

    def _side(self) -> float:
        return float(self.look.mm(GAP_S * 1.4))

    def natural_width(self) -> float:
        return self._row.natural_width() + 2 * self._side()

    def height_for(self, width: float) -> float:
        words = natural_height(self._row, width - 2 * self._side())
        return max(self._minimum, words + self.look.mm(GAP_S))

    def arrange(self) -> None:
        self._fill.lay(self.x, self.y, self.width, self.height)
        self._edge.lay(self.x, self.y, self.width, self.height)
        width = min(self._row.natural_width() + 1, self.width - 2 * self._side())
        self._row.place(self.center_x - width / 2, self.y, width, self.height)

    def paint(self, pressed: bool) -> None:
        theme = self.look.theme
        resting = theme.primary if self._chosen else theme.card
        pushed = theme.primary_pressed if self._chosen else theme.card_pressed
        self._fill.colour = pushed if pressed else resting


def tabs(look: Look, choices: Sequence[Tab]) -> Row:
    """The tabs in one row, all of one width."""
    return Row(look, [(tab, 1) for tab in choices], gap=look.mm(GAP_S))
