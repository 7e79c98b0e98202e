"""Read, then sign with a finger. Trouble with the printer is told before anyone signs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import Stroke
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import BODY, COLUMN_MAX, GAP_M, GAP_S, LEAD, MARGIN
from screens.widgets.arrange import Centred, Column, Row
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Badge, Card
from screens.widgets.desk import Desk
from screens.widgets.icon import Icon
from screens.widgets.rows import Rows
from screens.widgets.signature_pad import SignaturePad
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

PAD_HEIGHT = 118.0
PAD_HEIGHT_LANDSCAPE = 62.0


class SignScreen(Screen):
    step: ClassVar[Step] = Step.SIGN

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._strokes: tuple[Stroke, ...] = ()

    def state(self, visit: "Visit") -> object:
        return visit.sign_view

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.sign_view
        items: list[Widget] = [self.title(self.say("Read and sign"))]
        if view.fault is not None:
            items.append(self.fault(view.fault))
        texts = [Text(look, paragraph, size=LEAD) for paragraph in view.declaration]
        items.append(Card(look, Column(look, texts, gap=look.mm(GAP_S)), "sign.declaration"))
        if view.summary:
            items.append(Card(look, Rows(look, view.summary), "sign.summary"))
        return items

    def dock(self, visit: "Visit") -> Widget | None:
        view = visit.sign_view
        if view.fault is not None:
            return None
        if not view.signed:
            self._strokes = ()
        return _Desk(self.look, visit, self._strokes, self._signed, self._clear,
                     lambda: self.take_along(visit))

    def update(self, visit: "Visit") -> bool:
        # While somebody writes the pad must stay as it is; only the buttons around it change.
        desk = self._frame_parts.get("dock")
        before, now = self._shown, visit.sign_view
        same = before == now
        if not same and isinstance(desk, _Desk) and now.fault is None and before is not None:
            if not now.signed:
                self._strokes = ()
                desk.pad.clear()
            desk.show(signed=now.signed)
            self.arrange()  # its words may need another line; the pad stays where it is
            self._shown = now
            return True
        return same

    def leave(self) -> None:
        self._strokes = ()
        super().leave()

    def _signed(self, strokes: tuple[Stroke, ...]) -> None:
        self._strokes = strokes
        self.visit.sign(strokes)

    def _clear(self) -> None:
        self._strokes = ()
        self.visit.clear_signature()


class _Desk(Block):
    """The pad on its desk, with what belongs to it: sign here, clear, next."""

    def __init__(self, look: Look, visit: "Visit", strokes: tuple[Stroke, ...],
                 on_signed: Callable[[tuple[Stroke, ...]], None],
                 on_clear: Callable[[], None], ways_out: Callable[[], list[Widget]]) -> None:
        """`ways_out`: new buttons that stand before Next, as on every page of an application."""
        super().__init__(look)
        self._visit, self._on_clear, self._ways_out = visit, on_clear, ways_out
        with self.canvas.before:
            self._ground = Desk(look)
        self.pad = SignaturePad(look, "sign.pad", on_signed)
        self.pad.show(strokes)
        self._signed: bool | None = None
        self._column: Centred | None = None
        self._inner: Column | None = None
        self._hold = _Tall(look, self.pad)
        self._feet = _Feet(look)
        self.show(signed=visit.sign_view.signed)

    def show(self, *, signed: bool) -> None:
        """Draw the parts around the pad for this state."""
        if signed == self._signed:
            return
        self._signed = signed
        look, words = self.look, self._visit.words
        if self._column is not None and self._inner is not None:
            self._inner.remove_widget(self._hold)
            self._inner.remove_widget(self._feet)
            self.remove_widget(self._column)
        from_before = signed and not self.pad.touched
        asked = words("Sign here with your finger")
        if from_before:
            asked = words("You have signed. Touch Clear to sign again.")
        self.pad.enabled = not from_before
        head = Row(look, [
            (Icon(look, "signature", size=13, colour=look.theme.primary), 0),
            (Text(look, asked, size=BODY, bold=True,
                  sid="sign.signed_before" if from_before else "sign.asked"), 1),
        ], gap=look.mm(GAP_S), stretch=False)
        if signed:
            head.add(Badge(look, words("Signed"), icon="check-circle"))
        clear = Button(look, words("Clear"), "sign.clear", self._clear, kind="quiet",
                       icon="arrow-counter-clockwise", small=True)
        head.add(clear)
        following = Button(look, words("Next") if signed else words("Please sign first"),
                           "sign.next", self._visit.next, kind="primary" if signed else "quiet",
                           icon_after="caret-right" if signed else "")
        following.disabled = not signed
        clear.disabled = not signed
        if not signed:
            clear.opacity = following.opacity = 0.55
        ways_out = [(way_out, 0.0) for way_out in self._ways_out()]
        self._feet.show(Row(look, [*ways_out, (following, 1.0)], gap=look.mm(GAP_M)))
        side = look.mm(MARGIN)
        self._inner = Column(look, [head, self._hold, self._feet], gap=look.mm(GAP_S),
                             padding=(side, look.mm(GAP_M), side, look.mm(GAP_M)))
        self._column = Centred(look, self._inner, look.mm(COLUMN_MAX) + 2 * side)
        self.add_widget(self._column)
        if self.width > 1 and self.height > 1:
            self.arrange()

    def _clear(self) -> None:
        self.pad.clear()
        self._on_clear()

    def arrange(self) -> None:
        self._ground.lay(self.x, self.y, self.width, self.height)
        if self._column is not None:
            self._column.place(self.x, self.y, self.width, self.height)

    def height_for(self, width: float) -> float:
        return self._column.height_for(width) if self._column is not None else 0.0


class _Tall(Block):
    """Gives the pad its height."""

    def __init__(self, look: Look, pad: SignaturePad) -> None:
        super().__init__(look)
        self.add_widget(pad)

    def height_for(self, width: float) -> float:
        return float(self.look.mm(PAD_HEIGHT if self.look.portrait else PAD_HEIGHT_LANDSCAPE))


class _Feet(Block):
    """The buttons under the pad. They never get lower: the pad must not move under a finger."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._row: Row | None = None
        self._highest: dict[float, float] = {}
        """By width."""

    def show(self, row: Row) -> None:
        """Have these buttons instead of those before."""
        self.clear_widgets()
        self._row = row
        self.add_widget(row)

    def height_for(self, width: float) -> float:
        before = self._highest.get(width, 0.0)
        high = 0.0 if self._row is None else self._row.height_for(width)
        self._highest[width] = max(before, high)
        return self._highest[width]

    def arrange(self) -> None:
        if self._row is not None:
            self._row.place(self.x, self.y, self.width, self.height)
