"""What the way to a service and its guide show, as plain values in the visit's language."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kiosk.views import FaultView


@dataclass(frozen=True)
class GroupView:
    id: str
    name: str
    hint: str
    icon: str
    colour: str


@dataclass(frozen=True)
class ServiceRow:
    """One line of a list of services."""

    code: str
    name: str
    department: str
    summary: str
    icon: str
    colour: str
    here_now: bool
    """True when it can be applied for at this kiosk right now."""
    beside: str = ""
    """For whom it is ("For companies"), where the other door was asked; "" otherwise."""


@dataclass(frozen=True)
class ItemRow:
    """A main item in a list of them: with one service it stands for that one, with several it
    opens to show them."""

    id: str
    name: str
    note: str
    icon: str
    colour: str
    services: tuple[ServiceRow, ...]
    open: bool
    here_now: bool
    """One of its services can be applied for here right now."""


@dataclass(frozen=True)
class GuideLine:
    text: str
    note: str = ""
    sheet: str = ""
    """The paper form it is; `Visit.open_sheet` shows it."""


@dataclass(frozen=True)
class GuideSection:
    id: str
    title: str
    icon: str
    lines: tuple[GuideLine, ...]


@dataclass(frozen=True)
class Fact:
    """What one wants to know first, in a word or two."""

    id: str
    """time, fee, visits."""
    title: str
    icon: str
    value: str


@dataclass(frozen=True)
class Elsewhere:
    """Why a service cannot be applied for at kiosks yet, and where it can."""

    sentence: str
    places: tuple[str, ...]


class PaperState(StrEnum):
    """How far a paper is that somebody asked for."""

    NONE = ""
    PRINTING = "printing"
    PRINTED = "printed"


@dataclass(frozen=True)
class ServiceView:
    row: ServiceRow
    facts: tuple[Fact, ...]
    sections: tuple[GuideSection, ...]
    missing: tuple[FaultView, ...]
    """What this kiosk lacks just now; empty when nothing is in the way."""
    elsewhere: Elsewhere | None = None
    """None where kiosks take applications for it."""
    checks: bool = False
    """There are questions by which one finds out beforehand; `Visit.open_checks` asks them."""
    can_print: bool = False
    paper: PaperState = PaperState.NONE
    in_chinese: str = ""
    """Says that the guide is in Chinese, where parts of it stand so in another language; "" where
    all is translated."""
    promise: str = ""
    """Until when the answer comes if it is handed in today; "" when on the spot."""
    notice: str = ""
    """What the catalog says beside every guide ("Demonstration data …")."""


class CheckOutcome(StrEnum):
    ASKING = "asking"
    CAN = "can"
    CANNOT = "cannot"


@dataclass(frozen=True)
class CheckView:
    """"Can I do this?": one question at a time, then what comes of it."""

    service: str
    outcome: CheckOutcome
    number: int
    """Of the question, from 1."""
    total: int
    sentence: str
    """The question; or what to do instead; or "" when it can be done."""


@dataclass(frozen=True, eq=False)
class SheetPicture:
    """An A4 page: H×W×3 uint8, rows from the top."""

    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class SheetView:
    title: str
    sample: bool
    """Filled in as a sample; blank otherwise."""
    picture: SheetPicture | None
    """None until it is drawn."""
    can_print: bool
    paper: PaperState


@dataclass(frozen=True)
class ConsentView:
    title: str
    paragraphs: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    """(what we ask for, why)."""
