"""What staff see, as plain values in the visit's language. Nothing here is about a resident."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.views import FaultView


class StaffPhase(StrEnum):
    """Where signing in stands, once the card is read."""

    PIN = "pin"
    CODE = "code"
    NEW_PIN = "new_pin"
    REPEAT_PIN = "repeat_pin"
    ASKING = "asking"


@dataclass(frozen=True)
class StaffDoorView:
    phase: StaffPhase
    first_time: bool
    """A card is being bound with a one-time code."""
    digits: int
    """How many digits this phase asks for; 0 where none are typed."""
    fault: FaultView | None


class Tone(StrEnum):
    """How something stands; named like the colours of the theme."""

    GOOD = "good"
    CAUTION = "caution"
    DANGER = "danger"
    PRIMARY = "primary"
    """Nothing to judge: being looked at, or not there by design."""


@dataclass(frozen=True)
class PartRow:
    """One part of the kiosk and how it stands right now."""

    id: str
    """id_card, smartcard, camera, code_reader, printer, line, outbox."""
    name: str
    tone: Tone
    state: str
    note: str = ""


@dataclass(frozen=True)
class ShelfRow:
    """One submission the hub refused for good."""

    submission_id: str
    number: str
    service: str
    reason: str
    since: str


@dataclass(frozen=True)
class ClosedView:
    """A kiosk that takes nobody in, as staff read it."""

    code: str
    """Of faults.toml, to be told on the telephone."""
    todo: str
    door: str
    """Why nobody can sign in here; "" where they can."""


@dataclass(frozen=True)
class StaffHomeView:
    name: str
    role: str
    until: str
    """When the shift is over, in words."""
    online: bool
    parts: tuple[PartRow, ...]
    shelf: tuple[ShelfRow, ...]
    said: str
    """What came of the last action; "" when there was none."""
    fault: FaultView | None
    busy: bool
    may_restart: bool
    has_printer: bool
    may_set: bool = False
    """Settings may be changed here."""
    may_take_mat: bool = False
    """The camera works: what it sees empty can be taken."""
