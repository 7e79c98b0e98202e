"""Staff sign in: their card, then a PIN; or a one-time code and a PIN of their choice.

The door stands open where nobody has identified yet, and at a kiosk that is out of order.
"""

from abc import abstractmethod
from collections.abc import Callable

from kiosk.contract.staff import CODE_DIGITS, PIN_DIGITS, StaffCard, is_trivial_pin
from kiosk.person import Person
from kiosk.rooms import Rooms
from kiosk.shifts import Shifts
from kiosk.staff import SignedIn, StaffDoor, staff_card
from kiosk.staff_views import StaffDoorView, StaffPhase
from kiosk.steps import Step
from kiosk.visit.identifying import Identifying

_FROM = (Step.LANGUAGE, Step.HOME, Step.SEARCH, Step.GROUP, Step.SERVICE, Step.CONSENT,
         Step.STATUS, Step.OUT_OF_ORDER)
"""Where the door may be opened: nothing of a resident has been entered yet. A kiosk that is out of
order needs staff most."""
_TYPED_AGAIN = {
    "staff.code_refused": StaffPhase.CODE,
    "staff.trivial_pin": StaffPhase.NEW_PIN,
    "staff.pins_differ": StaffPhase.NEW_PIN,
}
"""After these faults; after every other one the PIN is asked for."""


class SigningIn(Identifying):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._shifts = Shifts(rooms.store.settings, rooms.clock)
        self._door = StaffDoor(
            rooms.hub.line, lambda: rooms.hub.identity, self._shifts, rooms.store.audit,
            rooms.clock,
        )
        self._door_from_closed = False
        self._staff_card: StaffCard | None = None
        self._staff_phase = StaffPhase.PIN
        self._staff_code = ""
        self._staff_pin = ""
        self._staff_fault: str | None = None
        self._signed_in: SignedIn | None = None

    @property
    def can_open_staff(self) -> bool:
        """The help sheet shows the door."""
        return (
            self.step in _FROM
            and self._person is None
            and self._application is None
            and self._rooms.hub.identity is not None
        )

    def open_staff(self) -> None:
        """Ask for the staff card."""
        self._need(*_FROM)
        if self.can_open_staff:
            self._door_from_closed = self.step is Step.OUT_OF_ORDER
            self._identify("staff")

    @property
    def staff_door(self) -> StaffDoorView:
        phase, fault = self._staff_phase, self._staff_fault
        digits = {StaffPhase.CODE: CODE_DIGITS, StaffPhase.ASKING: 0}.get(phase, PIN_DIGITS)
        return StaffDoorView(
            phase=phase,
            first_time=bool(self._staff_code) or phase is StaffPhase.CODE,
            digits=digits,
            fault=None if fault is None else self._view(fault, ()),
        )

    def staff_first_time(self) -> None:
        """There is a one-time code: bind the card that was read."""
        self._need(Step.STAFF_SIGN_IN)
        if self._staff_phase is StaffPhase.PIN:
            self._to_phase(StaffPhase.CODE)

    def staff_digits(self, digits: str) -> None:
        """What was typed in the present phase: code, PIN, new PIN or the new PIN again."""
        self._need(Step.STAFF_SIGN_IN)
        card, phase, door = self._staff_card, self._staff_phase, self._door
        assert card is not None
        if phase is StaffPhase.ASKING or len(digits) != self.staff_door.digits:
            return
        if phase is StaffPhase.PIN:
            self._ask_the_door(lambda: door.sign_in(card, digits))
        elif phase is StaffPhase.CODE:
            self._staff_code = digits
            self._to_phase(StaffPhase.NEW_PIN)
        elif phase is StaffPhase.NEW_PIN:
            if is_trivial_pin(digits, card.number):
                self._to_phase(StaffPhase.NEW_PIN, "staff.trivial_pin")
            else:
                self._staff_pin = digits
                self._to_phase(StaffPhase.REPEAT_PIN)
        elif digits != self._staff_pin:
            self._to_phase(StaffPhase.NEW_PIN, "staff.pins_differ")
        else:
            code = self._staff_code
            self._ask_the_door(lambda: door.bind(card, digits, code))

    def _staff_known(self, person: Person) -> None:
        self._staff_card = staff_card(person)
        self._staff_phase, self._staff_fault = StaffPhase.PIN, None
        self._go(Step.STAFF_SIGN_IN)

    def _to_phase(self, phase: StaffPhase, fault: str | None = None) -> None:
        self._staff_phase, self._staff_fault = phase, fault
        if phase in (StaffPhase.PIN, StaffPhase.CODE):
            self._staff_code = ""
        if phase is not StaffPhase.REPEAT_PIN:
            self._staff_pin = ""
        self._changed()

    def _ask_the_door(self, work: Callable[[], SignedIn]) -> None:
        self._to_phase(StaffPhase.ASKING)
        self._rooms.workers.submit("hub", work, self._door_opened, self._door_refused)

    def _door_opened(self, signed_in: SignedIn) -> None:
        if self.step is not Step.STAFF_SIGN_IN:  # they left while the hub was asked
            return
        self._signed_in = signed_in
        self._staff_card, self._staff_code, self._staff_pin = None, "", ""
        self._enter_staff_home()

    def _door_refused(self, error: Exception) -> None:
        if self.step is Step.STAFF_SIGN_IN:
            code = str(getattr(error, "code", "unexpected"))
            self._to_phase(_TYPED_AGAIN.get(code, StaffPhase.PIN), code)

    @abstractmethod
    def _enter_staff_home(self) -> None:
        """They are let in."""
