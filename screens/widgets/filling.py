"""A place that takes all the height its column has left, at least so much."""

from screens.look import Look
from screens.widgets.arrange import Spacer
from screens.widgets.block import Block


class Filling(Spacer):
    """Shows `item` as high as there is room."""

    def __init__(self, look: Look, item: Block, least: float) -> None:
        """`least`: mm, or the height the item asks for, whichever is more."""
        super().__init__(look, look.mm(least), stretch=1)
        self.item = item
        self.add_widget(item)

    def height_for(self, width: float) -> float:
        return max(super().height_for(width), self.item.height_for(width))

    def arrange(self) -> None:
        self.item.place(self.x, self.y, self.width, self.height)
