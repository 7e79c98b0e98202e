"""What the screens of a draft show, as plain values in the visit's language."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.views import FaultView


class DraftPhase(StrEnum):
    OFFER = "offer"
    """What will be kept and what the slip is."""
    KEEPING = "keeping"
    KEPT = "kept"


@dataclass(frozen=True)
class DraftView:
    phase: DraftPhase
    service: str
    until: str
    """Day and time until which it is kept."""
    fault: FaultView | None
    """Why nothing was kept."""
    came_from_slip: bool
    """It was taken up from a slip, which stays good unless it is deleted."""


class ResumePhase(StrEnum):
    CODE = "code"
    """The slip's code is wanted: under the reader, or typed."""
    SEARCHING = "searching"
    FOUND = "found"
    FAULT = "fault"


@dataclass(frozen=True)
class ResumeView:
    phase: ResumePhase
    service: str
    begun: str
    until: str
    fault: FaultView | None
