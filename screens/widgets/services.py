"""Lists of services, the same on home, in a group and in the search."""

from collections.abc import Callable, Sequence

from kiosk.guide_views import ItemRow, ServiceRow
from screens.look import Look
from screens.shapes import filled
from screens.tokens import BODY, GAP_M, GAP_S
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block
from screens.widgets.card import Badge, Card, ListCard
from screens.widgets.icon import Icon, Tile
from screens.widgets.lazy_column import LazyRow
from screens.widgets.text import Text

INDENT = 13.0
"""mm; how far the services of a main item stand in from it."""


def service_line(look: Look, row: ServiceRow, sid: str,
                 on_open: Callable[[str], None]) -> ListCard:
    """One service; says so when it can be applied for right here, or is for others."""
    note = f"{row.beside} · {row.department}" if row.beside else row.department
    return ListCard(look, row.name, note, sid, lambda: on_open(row.code),
                    icon=row.icon, tint=row.colour, mark=_mark(look, row.here_now))


def service_tile(look: Look, row: ServiceRow, sid: str, on_open: Callable[[str], None]) -> Card:
    """One service in small: icon and name."""
    return Card(look, Row(look, [
        (Tile(look, row.icon, row.colour, size=15), 0),
        (Text(look, row.name, size=BODY, bold=True, tight=True), 1),
    ], gap=look.mm(GAP_S), stretch=False), sid, lambda: on_open(row.code),
        padding=(GAP_S * 1.2, GAP_S * 0.9))


def item_lines(
    look: Look, items: Sequence[ItemRow], on_item: Callable[[str], None],
    on_service: Callable[[str], None],
) -> list[LazyRow]:
    """Main items; below an open one its services."""
    rows: list[LazyRow] = []
    for item in items:
        if len(item.services) == 1:
            rows.append(service_row(look, item.services[0], on_service))
            continue
        rows.append(LazyRow(
            f"group.item.{item.id}", item,
            lambda item=item: _item_line(look, item, on_item),  # type: ignore[misc]
        ))
        if item.open:
            rows += [
                LazyRow(f"home.service.{row.code}", (row, "inside"),
                        lambda row=row: _Inside(look, _way(look, row, on_service)))  # type: ignore[misc]
                for row in item.services
            ]
    return rows


def service_row(look: Look, row: ServiceRow, on_open: Callable[[str], None]) -> LazyRow:
    """`service_line`, made when it comes into view."""
    sid = f"home.service.{row.code}"
    return LazyRow(sid, row, lambda: service_line(look, row, sid, on_open))


def _item_line(look: Look, item: ItemRow, on_item: Callable[[str], None]) -> ListCard:
    return ListCard(look, item.name, item.note, f"group.item.{item.id}",
                    lambda: on_item(item.id), icon=item.icon, tint=item.colour,
                    mark=_mark(look, item.here_now),
                    caret="caret-up" if item.open else "caret-down")


def _way(look: Look, row: ServiceRow, on_open: Callable[[str], None]) -> Card:
    """One service of an open main item."""
    words = Column(look, [Text(look, row.name, size=BODY, bold=True, tight=True)])
    content = Row(look, [(words, 1)], gap=look.mm(GAP_M), stretch=False)
    mark = _mark(look, row.here_now)
    if mark is not None and look.tokens.large_text:
        words.add(Row(look, [(mark, 0), (Text(look, ""), 1)]))
    elif mark is not None:
        content.add(mark)
    content.add(Icon(look, "caret-right", size=7.5, colour=look.theme.ink_soft, weight="bold"))
    return Card(look, content, f"home.service.{row.code}", lambda: on_open(row.code),
                padding=(GAP_M, GAP_S * 1.15))


class _Inside(Block):
    """Stands in from the left, with a line that leads down from the main item."""

    def __init__(self, look: Look, item: Block) -> None:
        super().__init__(look)
        with self.canvas.before:
            self._line = filled(look.mm(0.6), look.theme.primary)
        self._item = item
        self.add_widget(item)

    def height_for(self, width: float) -> float:
        return self._item.height_for(width - self.look.mm(INDENT))

    def arrange(self) -> None:
        left = self.look.mm(INDENT)
        gap = self.look.mm(GAP_S)
        self._line.lay(self.x + left * 0.45, self.y - gap * 0.25, self.look.mm(1.2),
                       self.height + gap)
        self._item.place(self.x + left, self.y, self.width - left, self.height)


def _mark(look: Look, here_now: bool) -> Badge | None:
    return Badge(look, look.words("Apply here"), icon="check") if here_now else None
