"""Containers: things below each other, beside each other, in a grid, with air around them."""

from collections.abc import Sequence

from kivy.uix.widget import Widget

from screens.look import Look
from screens.widgets.block import Block, natural_height, place


class Spacer(Block):
    """Air of a fixed height (pixels), or, with `stretch`, as much as its column has left."""

    def __init__(self, look: Look, height: float = 0, stretch: float = 0) -> None:
        super().__init__(look)
        self._height = height
        self.stretch = stretch

    def height_for(self, width: float) -> float:
        return self._height


class Column(Block):
    """Blocks below each other. Left-over height goes to `Spacer(stretch=…)` inside."""

    def __init__(self, look: Look, items: Sequence[Widget] = (), gap: float = 0,
                 padding: tuple[float, float, float, float] = (0, 0, 0, 0)) -> None:
        """`padding`: left, top, right, bottom in pixels."""
        super().__init__(look)
        self.gap, self.padding = gap, padding
        self.items: list[Widget] = []
        for item in items:
            self.add(item)

    def add(self, item: Widget) -> None:
        self.items.append(item)
        self.add_widget(item)

    def height_for(self, width: float) -> float:
        left, top, right, bottom = self.padding
        inner = width - left - right
        gaps = self.gap * max(0, len(self.items) - 1)
        return top + bottom + gaps + sum(natural_height(item, inner) for item in self.items)

    def natural_width(self) -> float:
        widths = [item.natural_width() for item in self.items if isinstance(item, Block)]
        return max(widths, default=0) + self.padding[0] + self.padding[2]

    def arrange(self) -> None:
        left, top, right, _ = self.padding
        inner = self.width - left - right
        spare = max(0.0, self.height - self.height_for(self.width))
        shares = sum(item.stretch for item in self.items if isinstance(item, Spacer))
        y = self.top - top
        for item in self.items:
            height = natural_height(item, inner)
            if isinstance(item, Spacer) and shares:
                height += spare * item.stretch / shares
            y -= height
            place(item, self.x + left, y, inner, height)
            y -= self.gap


class Row(Block):
    """Blocks beside each other: weight 0 takes its natural width, others share what is left."""

    def __init__(self, look: Look, items: Sequence[tuple[Widget, float]] = (), gap: float = 0,
                 padding: tuple[float, float, float, float] = (0, 0, 0, 0),
                 stretch: bool = True) -> None:
        """`stretch`: items are as high as the row; otherwise they keep theirs, in the middle."""
        super().__init__(look)
        self.gap, self.padding, self.stretch = gap, padding, stretch
        self.items: list[tuple[Widget, float]] = []
        for item, weight in items:
            self.add(item, weight)

    def add(self, item: Widget, weight: float = 0) -> None:
        self.items.append((item, weight))
        self.add_widget(item)

    def _widths(self, width: float) -> list[float]:
        left, _, right, _ = self.padding
        room = width - left - right - self.gap * max(0, len(self.items) - 1)
        fixed = [
            0.0 if weight else (item.natural_width() if isinstance(item, Block) else item.width)
            for item, weight in self.items
        ]
        weights = sum(weight for _, weight in self.items) or 1
        spare = max(0.0, room - sum(fixed))
        return [
            spare * weight / weights if weight else own
            for (_, weight), own in zip(self.items, fixed, strict=True)
        ]

    def natural_width(self) -> float:
        own = [item.natural_width() if isinstance(item, Block) else item.width
               for item, _ in self.items]
        gaps = self.gap * max(0, len(own) - 1)
        return sum(own) + gaps + self.padding[0] + self.padding[2]

    def height_for(self, width: float) -> float:
        heights = [natural_height(item, own)
                   for (item, _), own in zip(self.items, self._widths(width), strict=True)]
        return max(heights, default=0) + self.padding[1] + self.padding[3]

    def arrange(self) -> None:
        left, top, _, bottom = self.padding
        x, room = self.x + left, self.height - top - bottom
        for (item, _), width in zip(self.items, self._widths(self.width), strict=True):
            height = room if self.stretch else min(room, natural_height(item, width))
            place(item, x, self.y + bottom + (room - height) / 2, width, height)
            x += width + self.gap


class Grid(Block):
    """`columns` cells in a row; the cells of a row are as high as its highest."""

    def __init__(self, look: Look, items: Sequence[Widget], columns: int, gap: float) -> None:
        super().__init__(look)
        self.items, self.columns, self.gap = list(items), columns, gap
        for item in self.items:
            self.add_widget(item)

    def _cell(self, width: float) -> float:
        return (width - self.gap * (self.columns - 1)) / self.columns

    def _rows(self, width: float) -> list[tuple[list[Widget], float]]:
        """(cells, height) of each row."""
        cell = self._cell(width)
        rows = [self.items[start : start + self.columns]
                for start in range(0, len(self.items), self.columns)]
        return [(row, max(natural_height(item, cell) for item in row)) for row in rows]

    def height_for(self, width: float) -> float:
        rows = self._rows(width)
        return sum(height for _, height in rows) + self.gap * max(0, len(rows) - 1)

    def arrange(self) -> None:
        cell, y = self._cell(self.width), self.top
        for row, height in self._rows(self.width):
            y -= height
            for column, item in enumerate(row):
                place(item, self.x + column * (cell + self.gap), y, cell, height)
            y -= self.gap


class Centred(Block):
    """Keeps a column readable: never wider than `max_width`, in the middle of its place."""

    def __init__(self, look: Look, item: Widget, max_width: float) -> None:
        super().__init__(look)
        self.item, self.max_width = item, max_width
        self.add_widget(item)

    def height_for(self, width: float) -> float:
        return natural_height(self.item, min(width, self.max_width))

    def arrange(self) -> None:
        width = min(self.width, self.max_width)
        place(self.item, self.x + (self.width - width) / 2, self.y, width, self.height)
