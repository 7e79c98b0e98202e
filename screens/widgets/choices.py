"""Choices as big targets: one of several, in as many columns as their words allow."""

from collections.abc import Callable, Sequence

from screens.look import Look
from screens.shapes import filled, outlined
from screens.tokens import BODY, GAP_M, GAP_S, HAIRLINE, OUTLINE, PRIMARY_TARGET, RADIUS_M
from screens.widgets.arrange import Grid
from screens.widgets.block import Block, natural_height
from screens.widgets.icon import Icon
from screens.widgets.press import Pressable
from screens.widgets.text import Text

MOST_COLUMNS = 3


class Choice(Pressable):
    """One choice: a round mark and its words; the chosen one is told by mark, edge and weight."""

    def __init__(
        self, look: Look, text: str, sid: str, on_act: Callable[[], None] | None, *, chosen: bool
    ) -> None:
        super().__init__(look, sid, on_act)
        theme, radius = look.theme, look.mm(RADIUS_M)
        self._ground = theme.primary_soft if chosen else theme.card
        with self.canvas.before:
            self._fill = filled(radius, self._ground)
            self._edge = outlined(
                radius,
                look.mm(OUTLINE * 1.7 if chosen else HAIRLINE * 1.6),
                theme.primary if chosen else theme.edge,
            )
        self._mark = Icon(
            look,
            "check-circle" if chosen else "circle",
            size=10,
            colour=theme.primary if chosen else theme.edge,
            weight="bold",
        )
        self._label = Text(
            look, text, size=BODY, bold=chosen, colour=theme.primary if chosen else theme.ink
        )
        self.add_widget(self._mark)
        self.add_widget(self._label)

    def _left(self) -> float:
        return self.look.mm(GAP_M) + self._mark.natural_width() + self.look.mm(GAP_S)

    def natural_width(self) -> float:
        return self._left() + self._label.natural_width() * 1.06 + self.look.mm(GAP_M)

    def height_for(self, width: float) -> float:
        words = natural_height(self._label, width - self._left() - self.look.mm(GAP_M))
        return max(float(self.look.room(PRIMARY_TARGET + 3)), words + 2 * self.look.mm(GAP_S))

    def arrange(self) -> None:
        for shape in (self._fill, self._edge):
            shape.lay(self.x, self.y, self.width, self.height)
        left = self._left()
        self._mark.place(
            self.x + self.look.mm(GAP_M), self.y, self._mark.natural_width(), self.height
        )
        self._label.place(
            self.x + left, self.y, self.width - left - self.look.mm(GAP_M), self.height
        )

    def paint(self, pressed: bool) -> None:
        self._fill.colour = self.look.theme.card_pressed if pressed else self._ground


class Choices(Block):
    """All choices of one question. `on_choose` gets the value."""

    def __init__(
        self,
        look: Look,
        choices: Sequence[tuple[str, str]],
        chosen: str,
        sid: str,
        on_choose: Callable[[str], None],
    ) -> None:
        """`choices`: (value, label); the sid of each is `sid`.value."""
        super().__init__(look)
        self._items = [
            Choice(
                look,
                label,
                f"{sid}.{value}",
                lambda value=value: on_choose(value),  # type: ignore[misc]
                chosen=value == chosen,
            )
            for value, label in choices
        ]
        self._grid: Grid | None = None

    def _laid_out(self, width: float) -> Grid:
        gap = self.look.mm(GAP_S)
        widest = max((item.natural_width() for item in self._items), default=0)
        fit = max(1, min(MOST_COLUMNS, int((width + gap) // (widest + gap))))
        columns = min(fit, max(1, len(self._items)))
        if columns == MOST_COLUMNS and len(self._items) == MOST_COLUMNS + 1:
            columns = 2  # two and two look better than three and one
        if self._grid is None or self._grid.columns != columns:
            if self._grid is not None:
                self._grid.clear_widgets()
                self.remove_widget(self._grid)
            self._grid = Grid(self.look, self._items, columns, gap)
            self.add_widget(self._grid)
        return self._grid

    def height_for(self, width: float) -> float:
        return self._laid_out(width).height_for(width)

    def arrange(self) -> None:
        self._laid_out(self.width).place(self.x, self.y, self.width, self.height)
