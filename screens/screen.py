"""The base of every screen: what stands around the content, and when it is built anew."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import FaultView
from screens.look import Look
from screens.theme import Colour
from screens.tokens import (
    BODY,
    COLUMN_MAX,
    GAP_L,
    GAP_M,
    GAP_S,
    LEAD,
    LOW_REACH,
    MARGIN,
    NOTE,
    TITLE,
)
from screens.widgets.arrange import Centred, Column, Row, Spacer
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Notice
from screens.widgets.chrome import BottomBar, Header, Hero, Navigation
from screens.widgets.door import DoorMark
from screens.widgets.ring import Ring
from screens.widgets.scroll import Scroll
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

WITHOUT_WAY_OUT = frozenset(
    {Step.ATTRACT, Step.LANGUAGE, Step.HOME, Step.GOODBYE, Step.OUT_OF_ORDER, Step.STAFF_HOME}
)
"""Screens without Back and Quit: nothing has begun yet, everything is over, or the way out has a
name of its own ("Sign out")."""


class Front(Protocol):
    """What a screen may ask of the app around it."""

    now: Callable[[], datetime]
    """Local time of day for people's eyes."""

    def open_help(self) -> None:
        """Lay the help sheet over the screen."""

    def ask_quit(self) -> None:
        """End the visit; asks first when something was entered."""


class Screen(Block):
    """One step of a visit. See `screens/__init__.py` for how to add one.

    `content` makes the blocks of the column. They are made anew when `state(visit)` changes;
    screens that must not lose a caret or a live picture change themselves in `update` instead.
    """

    step: ClassVar[Step]
    column_max: float = COLUMN_MAX
    """mm; the column is never wider, and stands in the middle."""
    keeps_scroll: ClassVar[bool] = True
    """After a rebuild the column stays where it was scrolled to."""

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look)
        self.visit, self.front = visit, front
        self._shown: object = None
        self._made: tuple[object, ...] | None = None
        self._frame_parts: dict[str, Block] = {}

    # What a screen fills in.

    def content(self, visit: "Visit") -> Sequence[Widget]:
        """The blocks of the column, top to bottom."""
        return ()

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        """Buttons that stay in view under the column, the next step last."""
        return ()

    def hero(self, visit: "Visit") -> Block | None:
        """Something on the blue ground under the header."""
        return None

    def pinned(self, visit: "Visit") -> Block | None:
        """Something that stays above the column while it scrolls."""
        return None

    def dock(self, visit: "Visit") -> Widget | None:
        """Something across the whole width above the bottom bar: a keyboard."""
        return None

    def state(self, visit: "Visit") -> object:
        """What is shown, comparable; when it changes the content is made anew."""
        return object()

    def update(self, visit: "Visit") -> bool:
        """Change what is shown in place. False: make it anew."""
        return self.state(visit) == self._shown

    def leave(self) -> None:
        """Forget everything of this visit: called when another screen takes over."""
        self.clear_widgets()
        self._frame_parts = {}
        self._made = self._shown = None

    # What every screen does alike.

    def refresh(self, visit: "Visit") -> bool:
        """Show the visit as it is now; whether everything had to be made anew."""
        self.visit = visit
        made = (visit.language, visit.progress, visit.can_go_back, visit.fault, visit.looks)
        if made == self._made and self.update(visit):
            return False
        self._made = made
        self.rebuild(visit)
        return True

    def rebuild(self, visit: "Visit") -> None:
        """Make everything anew from the visit."""
        self._shown = self.state(visit)
        scroll = self._frame_parts.get("body")
        offset = scroll.offset if isinstance(scroll, Scroll) and self.keeps_scroll else 0.0
        self.clear_widgets()
        self._frame_parts = self.make(visit)
        for part in self._frame_parts.values():
            self.add_widget(part)
        self.arrange()
        body = self._frame_parts["body"]
        if offset and isinstance(body, Scroll):
            body.scroll_to(offset)

    def make(self, visit: "Visit") -> dict[str, Block]:
        """The parts of the window by name; "body" is always there."""
        look = self.look
        side = look.mm(MARGIN)
        parts: dict[str, Block] = {"body": self._body(visit)}
        parts["ground"] = Hero(look)
        if look.low_reach and look.portrait:
            parts["sky"] = Sky(look)
        parts["header"] = Header(look, visit)
        if hero := self.hero(visit):
            parts["hero"] = hero
        if self.step not in WITHOUT_WAY_OUT:
            parts["nav"] = Navigation(look, visit, self.front.ask_quit)
        if visit.fault:
            parts["fault"] = Column(look, [fault_notice(look, visit, visit.fault, self.front)],
                                    padding=(side, look.mm(GAP_S), side, 0))
        if pinned := self.pinned(visit):
            parts["pinned"] = Column(look, [pinned], padding=(side, look.mm(GAP_S), side, 0))
        dock = self.dock(visit)
        actions = list(self.actions(visit)) if dock is None else []
        if actions:
            weights = [1.0 if len(actions) == 1 or action is actions[-1] else 0.0
                       for action in actions]
            row = Row(look, list(zip(actions, weights, strict=True)), gap=look.mm(GAP_M),
                      padding=(side, look.mm(GAP_S), side, look.mm(GAP_L)))
            parts["actions"] = Centred(look, row, look.mm(COLUMN_MAX) + 2 * side)
        if dock is not None:
            parts["dock"] = dock if isinstance(dock, Block) else Column(look, [dock])
        if dock is None or not look.low_reach:
            parts["bar"] = BottomBar(look, visit, self.front.open_help)
        return parts

    def _body(self, visit: "Visit") -> Scroll:
        look, side = self.look, self.look.mm(MARGIN)
        column = Column(look, self.content(visit), gap=look.mm(GAP_M),
                        padding=(side, look.mm(GAP_M), side, look.mm(GAP_M * 0.8)))
        return Scroll(look, Centred(look, column, look.mm(self.column_max) + 2 * side))

    def renew_body(self) -> None:
        """Make only the column anew; what stands around it, a keyboard too, stays."""
        if "body" not in self._frame_parts:
            return
        self.remove_widget(self._frame_parts["body"])
        body = self._frame_parts["body"] = self._body(self.visit)
        self.add_widget(body, index=len(self.children))
        self.arrange()

    def arrange(self) -> None:
        parts = self._frame_parts
        if "body" not in parts:
            return
        low = self.look.low_reach and self.look.portrait
        top = self.y + self.height * LOW_REACH if low else self.top
        width = self.width
        high = {name: part.height_for(width) for name, part in parts.items()
                if name not in ("body", "ground", "sky")}
        blue = high["header"] + high.get("hero", 0)
        parts["ground"].place(self.x, top - blue, width, self.top - top + blue)
        if "sky" in parts:
            parts["sky"].place(self.x, top, width, self.top - top)
        for name in ("header", "hero", "nav", "fault", "pinned"):
            if name in parts:
                top -= high[name]
                parts[name].place(self.x, top, width, high[name])
        bottom = self.y
        for name in ("bar", "dock", "actions"):
            if name in parts:
                parts[name].place(self.x, bottom, width, high[name])
                bottom += high[name]
        parts["body"].place(self.x, bottom, width, max(1.0, top - bottom))

    # Words every screen uses.

    def say(self, message: str, **values: object) -> str:
        """The sentence in the visit's language."""
        return self.visit.words(message, **values)

    def title(self, text: str) -> Text:
        """The one question of the screen."""
        return Text(self.look, text, size=TITLE, bold=True, balance=True, tight=True,
                    sid=f"{self.step.value}.title")

    def lead(self, text: str) -> Text:
        """A sentence under the title."""
        return Text(self.look, text, size=LEAD, colour=self.look.theme.ink_soft, balance=True)

    def body(self, text: str, *, bold: bool = False) -> Text:
        return Text(self.look, text, size=BODY, bold=bold)

    def note(self, text: str, *, colour: Colour | None = None) -> Text:
        return Text(self.look, text, size=NOTE, colour=colour or self.look.theme.ink_soft)

    def waiting(self, what: str) -> list[Widget]:
        """Something is on its way: what it is, and how long it takes."""
        look = self.look
        return [
            Spacer(look, look.mm(GAP_L)), Ring(look, size=48, turning=True),
            Text(look, what, size=LEAD, align="center", balance=True,
                 colour=look.theme.ink_soft),
            self.few_seconds(),
        ]

    def few_seconds(self) -> Text:
        """How long whoever reads this has to wait."""
        return Text(self.look, self.say("It takes a few seconds."), size=BODY, align="center",
                    colour=self.look.theme.ink_soft, sid="wait.length")

    def take_along(self, visit: "Visit") -> list[Widget]:
        """The way out of an application that keeps it, where this kiosk can print a slip."""
        if not visit.can_take:
            return []
        return [Button(self.look, self.say("Take it with you"), "draft.take", visit.take_with_you,
                       kind="quiet", icon="receipt")]

    def fault(self, fault: FaultView) -> Notice:
        """A fault in words with what can be done about it."""
        return fault_notice(self.look, self.visit, fault, self.front)


class Sky(Block):
    """What stands above the reach of someone sitting, in low-reach mode: only to be seen."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._mark = DoorMark(look, size=88)
        self.add_widget(self._mark)

    def arrange(self) -> None:
        self._mark.place(self.x, self.y, self.width, self.height)


def fault_notice(look: Look, visit: "Visit", fault: FaultView, front: Front) -> Notice:
    """A fault as a sheet: what is the matter, the way on, and the buttons it offers."""
    words = visit.words
    offers = {
        "retry": lambda: Button(look, words("Try again"), "fault.retry", visit.retry,
                                kind="primary", icon="arrow-clockwise", small=True),
        "skip": lambda: Button(look, words("Go on without it"), "fault.skip", visit.skip,
                               kind="quiet", small=True),
        "help": lambda: Button(look, words("Ask for help"), "fault.help", front.open_help,
                               kind="quiet", icon="hand", small=True),
    }
    buttons = tuple(offers[action]() for action in fault.actions if action in offers)
    return Notice(look, fault.sentence, fault.way_on, tone="caution", buttons=buttons,
                  sid="fault")
