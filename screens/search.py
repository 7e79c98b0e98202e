"""Search: what is typed finds services with every key: Hanzi, pinyin, initials, Korean, English."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from screens.input.keyboard import Keyboard
from screens.input.layouts import Mode
from screens.input.rime import shared_engine
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import BODY, GAP_S, LEAD
from screens.widgets.arrange import Column
from screens.widgets.block import Block
from screens.widgets.card import DoorCard
from screens.widgets.field import TextLine
from screens.widgets.icon import Icon
from screens.widgets.keyboard import KeyboardPanel
from screens.widgets.lazy_column import LazyColumn
from screens.widgets.services import service_row
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

LONGEST: dict[str, int] = {"zh": 40, "en": 80, "ko": 60}
"""Characters of a search in each language; nobody types more on glass."""
MODES: dict[str, Mode] = {"zh": "pinyin", "ko": "hangul", "en": "latin"}


class SearchScreen(Screen):
    """The line and the keyboard stay; the list below the line changes with every key."""

    step: ClassVar[Step] = Step.SEARCH
    keeps_scroll: ClassVar[bool] = False

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._keyboard = Keyboard(shared_engine())
        self._line: TextLine | None = None
        self._typing = False

    def state(self, visit: "Visit") -> object:
        return visit.language

    def rebuild(self, visit: "Visit") -> None:
        if not self._typing:
            self._typing = True
            self._keyboard.open(MODES[visit.language], "", LONGEST[visit.language])
        super().rebuild(visit)

    def leave(self) -> None:
        self._keyboard.close()
        self._typing = False
        self._line = None
        super().leave()

    def pinned(self, visit: "Visit") -> Block | None:
        self._line = TextLine(self.look, "search.line", lambda: None, pill=True, active=True,
                              icon="magnifying-glass", text=self._keyboard.text,
                              hint=self.say("Search services and offices"))
        return self._line

    def dock(self, visit: "Visit") -> Widget | None:
        panel = KeyboardPanel(self.look, self._keyboard, self._typed, self._open_first,
                              self.arrange)
        panel.done_text = self.say("Open")
        panel.refresh()
        return panel

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, query = self.look, self._query()
        rows = visit.search(query) if query else visit.popular
        if query and not rows:
            return self._nothing(visit, query)
        items: list[Widget] = []
        if not query:
            items.append(Text(look, self.say("Most used here"), size=LEAD, bold=True))
        lines = [service_row(look, row, visit.open_service) for row in rows]
        return [*items, LazyColumn(look, lines, gap=look.mm(GAP_S))]

    def _nothing(self, visit: "Visit", query: str) -> Sequence[Widget]:
        """Nothing found: the groups in which it may stand."""
        look = self.look
        said = Text(look, self.say("Nothing found yet. Try fewer or other words."), size=LEAD,
                    colour=look.theme.ink_soft, align="center", balance=True)
        groups = visit.nearest_groups(query)
        if not groups:
            return [Icon(look, "binoculars", size=34), said]
        doors = [
            DoorCard(look, group.name, group.hint, group.icon, group.colour,
                     f"home.group.{group.id}", partial(visit.open_group, group.id))
            for group in groups
        ]
        return [said, Text(look, self.say("Perhaps it is in one of these:"), size=BODY, bold=True),
                Column(look, doors, gap=look.mm(GAP_S))]

    def _query(self) -> str:
        """What is written, with the pinyin letters still being typed."""
        letters = self._keyboard.candidates.preedit
        return (self._keyboard.text + letters.replace(" ", "").replace("'", "")).strip()

    def _typed(self) -> None:
        """Only the list is made anew: the keyboard must keep the fingers on it."""
        if self._line is not None:
            self._line.write(self._keyboard.text, self._keyboard.candidates.preedit)
        self.renew_body()

    def _open_first(self) -> None:
        rows = self.visit.search(self._query()) if self._query() else ()
        if rows:
            self.visit.open_service(rows[0].code)
