"""The common ground of our widgets: a height for a width, a place, a semantic id.

Kivy's layouts settle over several frames. Ours are laid out at once, top-down: a parent asks
`height_for(width)` and calls `place(x, y, width, height)`; nothing waits for a trigger. Widgets of
plain Kivy may stand among them: they keep their own height.
"""

from collections.abc import Callable, Iterable

from kivy.uix.widget import Widget

from screens.look import Look

Rect = tuple[float, float, float, float]


class Block(Widget):
    """A widget that can say how high it wants to be."""

    sid: str = ""
    """Semantic id, unique on its screen; "" for mere decoration."""

    def __init__(self, look: Look, sid: str = "") -> None:
        super().__init__(size_hint=(None, None))
        self.look = look
        self.sid = sid

    def apply_class_lang_rules(self, *arguments: object, **options: object) -> None:
        """No rules: Kivy's own style would draw over every class called Button or Label."""

    def height_for(self, width: float) -> float:
        """Pixels this block wants when it is `width` pixels wide."""
        return sum(natural_height(child, width) for child in self.children[:1])

    def natural_width(self) -> float:
        """Pixels it would take if there were room; for blocks that stand in a Row."""
        return 0.0

    def place(self, x: float, y: float, width: float, height: float) -> None:
        """Take this place (lower left corner, window pixels) and lay out what is inside."""
        self.pos = (round(x), round(y))
        self.size = (round(width), round(height))
        self.arrange()

    def arrange(self) -> None:
        """Lay out what is inside the present place."""
        for child in self.children:
            place(child, self.x, self.y, self.width, self.height)

    def parts(self) -> Iterable[tuple[str, Rect]]:
        """Touchable parts that are no widgets of their own: (sid, (x, y, w, h))."""
        return ()

    def frame(self, passed: float) -> None:
        """Called before each drawn frame, with the seconds since the last one."""


def natural_height(widget: Widget, width: float) -> float:
    return widget.height_for(width) if isinstance(widget, Block) else float(widget.height)


def place(widget: Widget, x: float, y: float, width: float, height: float) -> None:
    if isinstance(widget, Block):
        widget.place(x, y, width, height)
    else:
        widget.pos = (x, y)
        widget.size = (width, height)


def each(widget: Widget, action: Callable[[Block], None]) -> None:
    """Do `action` for every block from `widget` down."""
    if isinstance(widget, Block):
        action(widget)
    for child in list(widget.children):
        each(child, action)
