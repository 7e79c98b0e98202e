"""Staff sign-in, once the card is read: a PIN, or a one-time code and a new PIN."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.staff_views import StaffDoorView, StaffPhase
from kiosk.steps import Step
from screens.input.keyboard import Keyboard
from screens.input.rime import shared_engine
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import DISPLAY, GAP_L, GAP_M, HEADING, LEAD, TITLE
from screens.widgets.arrange import Row, Spacer
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.icon import Icon
from screens.widgets.keyboard import KeyboardPanel
from screens.widgets.ring import Ring
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class StaffSignInScreen(Screen):
    """One number at a time on the number pad; PINs stand as dots."""

    step: ClassVar[Step] = Step.STAFF_SIGN_IN

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._keyboard = Keyboard(shared_engine())
        self._typed: Text | None = None

    def state(self, visit: "Visit") -> object:
        return visit.staff_door

    def rebuild(self, visit: "Visit") -> None:
        view = visit.staff_door
        self._keyboard.open("digits", "", view.digits)
        super().rebuild(visit)

    def leave(self) -> None:
        self._keyboard.close()
        self._typed = None
        super().leave()

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.staff_door
        if view.phase is StaffPhase.ASKING:
            return self._asking()
        self._typed = Text(look, self._as_seen(view), size=self._size(view), bold=True,
                           align="center", sid="staff.typed")
        items: list[Widget] = [
            Row(look, [
                (Icon(look, "user-gear", size=20), 0),
                (self.title(self._question(view)), 1),
            ], gap=look.mm(GAP_M), stretch=False),
        ]
        if view.fault is not None:
            items.append(self.fault(view.fault))
        else:
            items.append(self.lead(self._advice(view)))
        items.append(Card(look, self._typed, padding=(GAP_L, GAP_L)))
        if view.phase is StaffPhase.PIN:
            items.append(Button(look, self.say("I have a one-time code"), "staff.first_time",
                                visit.staff_first_time, kind="quiet", icon="identification-card"))
        return items

    def dock(self, visit: "Visit") -> Widget | None:
        if visit.staff_door.phase is StaffPhase.ASKING:
            return None
        panel = KeyboardPanel(self.look, self._keyboard, self._write, self._done, self.arrange)
        panel.done_text = self.say("Continue")
        panel.refresh()
        return panel

    def _asking(self) -> list[Widget]:
        look = self.look
        return [
            Spacer(look, stretch=1),
            Ring(look, Icon(look, "user-gear", size=42), size=92, turning=True),
            Spacer(look, look.mm(GAP_L)),
            Text(look, self.say("One moment, I am asking the city…"), size=TITLE, bold=True,
                 align="center", balance=True, tight=True, sid="staff_sign_in.title"),
            Text(look, self.say("You can take your card back now."), size=LEAD, align="center",
                 colour=look.theme.ink_soft, balance=True),
            self.few_seconds(),
            Spacer(look, stretch=1.4),
        ]

    def _question(self, view: StaffDoorView) -> str:
        match view.phase:
            case StaffPhase.CODE:
                return self.say("Please type your one-time code")
            case StaffPhase.NEW_PIN:
                return self.say("Choose a PIN of six digits")
            case StaffPhase.REPEAT_PIN:
                return self.say("Please type the new PIN again")
            case _:
                return self.say("Please type your PIN")

    def _advice(self, view: StaffDoorView) -> str:
        match view.phase:
            case StaffPhase.CODE:
                return self.say("It has ten digits, works once and for a day.")
            case StaffPhase.NEW_PIN:
                return self.say("No rows, no repetitions, no birthday. Tell it to nobody.")
            case StaffPhase.REPEAT_PIN:
                return self.say("So that no slip of the finger locks you out.")
            case _:
                return self.say("For our staff only. Cover the keys with your hand.")

    def _size(self, view: StaffDoorView) -> float:
        return HEADING * 1.3 if view.phase is StaffPhase.CODE else DISPLAY

    def _as_seen(self, view: StaffDoorView) -> str:
        count = len(self._keyboard.text)
        if view.phase is StaffPhase.CODE:
            text = self._keyboard.text.ljust(view.digits, "_")
            return " ".join((text[:4], text[4:7], text[7:]))
        return " ".join("●" * count + "○" * (view.digits - count))

    def _write(self) -> None:
        if self._typed is not None:
            self._typed.text = self._as_seen(self.visit.staff_door)

    def _done(self) -> None:
        digits = self._keyboard.text
        if len(digits) == self.visit.staff_door.digits:
            self._keyboard.open("digits", "", len(digits))
            self.visit.staff_digits(digits)
            self._write()
