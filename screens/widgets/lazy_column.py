"""A long list of which only what is in view exists: a touch on a group of a hundred answers at
once, and dragging moves a dozen rows, not all of them.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from screens.look import Look
from screens.widgets.block import Block, Rect
from screens.widgets.scroll import Scroll

USUAL_HEIGHT = 33.0
"""mm; of a row nobody has seen yet, until the first ones are known."""


@dataclass(frozen=True)
class LazyRow:
    """A row that is made when it comes into view."""

    sid: str
    content: Hashable
    """What it shows; a row of the same id and content is kept when the list changes."""
    make: Callable[[], Block]


class LazyColumn(Block):
    """Rows below each other inside a Scroll; each as high as it wants to be."""

    def __init__(self, look: Look, rows: Sequence[LazyRow], gap: float) -> None:
        super().__init__(look)
        self.gap = gap
        self._rows = tuple(rows)
        self._made: dict[tuple[str, Hashable], Block] = {}
        self._heights: dict[tuple[str, Hashable], float] = {}
        self._width = 0.0

    def show(self, rows: Sequence[LazyRow]) -> None:
        """Show these rows; those that stay as they are keep their place in memory."""
        self._rows = tuple(rows)
        kept = {_key(row) for row in self._rows}
        for key in [key for key in self._made if key not in kept]:
            self.remove_widget(self._made.pop(key))

    @property
    def made(self) -> int:
        """How many rows exist now."""
        return len(self._made)

    def height_for(self, width: float) -> float:
        self._take_width(width)
        usual = self._usual()
        heights = sum(self._heights.get(_key(row), usual) for row in self._rows)
        return heights + self.gap * max(0, len(self._rows) - 1)

    def arrange(self) -> None:
        self._take_width(self.width)
        scroll = self._scroll()
        if scroll is None:
            low, high = self.y, self.top
        else:
            # A row more at each end: it is there before the finger brings it.
            spare = self.look.mm(USUAL_HEIGHT)
            low, high = scroll.y - spare, scroll.top + spare
        told = self.height_for(self.width)
        usual, y = self._usual(), self.top
        for row in self._rows:
            key = _key(row)
            height = self._heights.get(key, usual)
            seen = y >= low and y - height <= high
            if seen:
                block = self._block(row)
                height = self._heights[key] = block.height_for(self.width)
                block.place(self.x, y - height, self.width, height)
            elif key in self._made and self._made[key].parent is not None:
                self.remove_widget(self._made[key])
            y -= height + self.gap
        if scroll is not None and abs(self.height_for(self.width) - told) >= 1:
            scroll.arrange()  # the heights that were guessed are known now

    def parts(self) -> Iterable[tuple[str, Rect]]:
        """Rows out of view have a place too, so that it can be scrolled to."""
        usual, y = self._usual(), self.top
        for row in self._rows:
            key = _key(row)
            height = self._heights.get(key, usual)
            if key not in self._made or self._made[key].parent is None:
                yield row.sid, (self.x, y - height, self.width, height)
            y -= height + self.gap

    def _block(self, row: LazyRow) -> Block:
        key = _key(row)
        block = self._made.get(key)
        if block is None:
            block = self._made[key] = row.make()
        if block.parent is None:
            self.add_widget(block)
        return block

    def _usual(self) -> float:
        known = self._heights.values()
        return sum(known) / len(known) if known else float(self.look.room(USUAL_HEIGHT))

    def _take_width(self, width: float) -> None:
        if width != self._width:
            self._width = width
            self._heights.clear()

    def _scroll(self) -> Scroll | None:
        parent = self.parent
        while parent is not None and parent is not parent.parent:
            if isinstance(parent, Scroll):
                return parent
            parent = parent.parent
        return None


def _key(row: LazyRow) -> tuple[str, Hashable]:
    return (row.sid, row.content)
