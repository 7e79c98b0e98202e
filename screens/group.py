"""One door: the main items behind it, each with its services."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import GAP_M, GAP_S
from screens.widgets.arrange import Column, Row
from screens.widgets.icon import Tile
from screens.widgets.lazy_column import LazyColumn, LazyRow
from screens.widgets.scroll import Scroll
from screens.widgets.services import item_lines

if TYPE_CHECKING:
    from kiosk.visit import Visit


class GroupScreen(Screen):
    """Main items, most used first; one with several services opens in its place."""

    step: ClassVar[Step] = Step.GROUP

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._list: LazyColumn | None = None
        self._left: tuple[object, float] = (None, 0.0)
        """Where this visit left the list of which group: back from a guide it stands there."""

    def state(self, visit: "Visit") -> object:
        return visit.group, visit.items

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, group = self.look, visit.group
        head = Row(look, [
            (Tile(look, group.icon, group.colour, size=28), 0),
            (Column(look, [self.title(group.name), self.note(group.hint)], gap=look.mm(1)), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        self._list = LazyColumn(look, self._rows(visit), gap=look.mm(GAP_S))
        return [head, self._list]

    def update(self, visit: "Visit") -> bool:
        """An item that opens or closes changes the list in its place."""
        state = self.state(visit)
        if state == self._shown:
            return True
        shown = self._shown
        if self._list is None or not isinstance(shown, tuple) or shown[0] != visit.group:
            return False
        self._shown = state
        self._list.show(self._rows(visit))
        self.arrange()
        return True

    def rebuild(self, visit: "Visit") -> None:
        first = self._shown is None
        super().rebuild(visit)
        body = self._frame_parts["body"]
        if first and isinstance(body, Scroll) and self._left[0] == (visit.id, visit.group.id):
            body.scroll_to(self._left[1])

    def leave(self) -> None:
        body = self._frame_parts.get("body")
        if isinstance(body, Scroll) and isinstance(self._shown, tuple):
            self._left = ((self.visit.id, self._shown[0].id), body.offset)
        self._list = None
        super().leave()

    def _rows(self, visit: "Visit") -> list[LazyRow]:
        return item_lines(self.look, visit.items, visit.open_item, visit.open_service)
