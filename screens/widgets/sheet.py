"""A sheet at the bottom of the screen, where the keyboard stands otherwise: wheels, long lists."""

from collections.abc import Callable

from screens.look import Look
from screens.tokens import COLUMN_MAX, GAP_M, GAP_S
from screens.widgets.arrange import Centred, Column
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.desk import Desk
from screens.widgets.scroll import Scroll

LIST_HEIGHT = 175.0
"""mm of a long list; on landscape panels what the wheels would take."""


class Sheet(Block):
    """`content` over a button that carries on ("key.done", like the key of the keyboard)."""

    def __init__(
        self,
        look: Look,
        content: Block,
        done_text: str,
        on_done: Callable[[], None],
        *,
        scrolls: bool = False,
    ) -> None:
        super().__init__(look)
        with self.canvas.before:
            self._ground = Desk(look)
        self._scrolls = scrolls
        inner = Window(look, content) if scrolls else content
        button = Button(look, done_text, "key.done", on_done)
        side = look.mm(GAP_M)
        column = Column(
            look, [inner, button], gap=look.mm(GAP_S), padding=(side, side, side, side)
        )
        self.add_widget(Centred(look, column, look.mm(COLUMN_MAX)))

    def arrange(self) -> None:
        self._ground.lay(self.x, self.y, self.width, self.height)
        super().arrange()


class Window(Scroll):
    """A scrolling list of a fixed height."""

    def height_for(self, width: float) -> float:
        most = self.look.mm(LIST_HEIGHT if self.look.portrait else LIST_HEIGHT * 0.5)
        return min(float(most), super().height_for(width))
