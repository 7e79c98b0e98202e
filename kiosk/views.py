"""What a visit shows, as plain values: texts are already in the visit's language.

Screens read these and draw them; nothing here can be changed by a screen.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FaultView:
    """An expected fault, in words; `actions` is what the screen offers: retry, skip, help."""

    code: str
    sentence: str
    way_on: str
    actions: tuple[str, ...] = ("retry", "help")


class IdentifyState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    RECOGNISED = "recognised"
    FAULT = "fault"


@dataclass(frozen=True)
class IdentifyView:
    state: IdentifyState
    fault: FaultView | None
    readers: tuple[tuple[str, bool], ...]
    """(reader id "id_card" | "smartcard", works)."""
    purpose: str
    """"apply" or "case"."""
    passport: bool = False
    """A passport will do here; `Visit.use_passport` asks for its printed lines."""
    lines_known: bool = False
    """They are known: the passport itself is wanted now."""


@dataclass(frozen=True)
class LinesView:
    """The lines printed in a passport, as the screen asks for them."""

    way: str
    """"camera" or "typed"."""
    camera: bool
    """They can be shown to the camera; typing is always possible."""
    fault: FaultView | None
    seen_before: bool
    """Values stand there that did not open the chip."""


@dataclass(frozen=True)
class FieldView:
    """One question. `value` is what was entered or prefilled, always text ("" when empty)."""

    id: str
    label: str
    hint: str
    kind: str
    """text, number, phone, idnumber, date, choice, boolean, address, note."""
    keyboard: str
    """latin, pinyin, digits, hangul."""
    value: str
    display: str
    """What to show: masked where the field asks for it, choices by their label."""
    source: str
    """Where a prefilled value comes from ("From your ID card"), "" when entered here."""
    choices: tuple[tuple[str, str], ...]
    """(value, label)."""
    required: bool
    problem: str
    """Sentence about what is wrong; "" while fine or not yet left."""
    max_length: int
    locked: bool = False
    """Read from the chip and not to be changed here (name, number …)."""
    from_paper: bool = False
    """Read from a paper under the camera: to be looked at."""
    doubtful: bool = False
    """Read from a paper, and not surely; until somebody has looked at it."""


@dataclass(frozen=True)
class FormView:
    title: str
    page: int
    pages: int
    fields: tuple[FieldView, ...]
    complete: bool
    """Every field of this page is fine."""
    paper: bool = False
    """A paper can fill some of this page: `Visit.fill_from_paper`."""
    note: str = ""
    """What was just read from a paper."""


@dataclass(frozen=True)
class MaterialView:
    id: str
    name: str
    note: str
    required: bool
    pages: int
    """Pages kept so far."""
    pages_max: int
    next_side: str = ""
    """What the next page is called ("Back"); "" where the material does not say, or has it all."""


@dataclass(frozen=True, eq=False)
class LiveView:
    """The newest camera picture: `image` is H×W×3 uint8 RGB, corners in 0…1 of width and height."""

    image: NDArray[np.uint8] | None
    number: int
    corners: tuple[tuple[float, float], ...] | None
    advice: str
    """What to do in words: "Lay the paper inside the frame.", "Hold still…"."""
    fault: FaultView | None
    steady: float
    """0…1: how long the paper has been lying still of what automatic capture needs."""


@dataclass(frozen=True)
class ReadingView:
    """The scan screen when it fills a form: nothing is kept of the picture."""

    busy: bool
    """The paper is being read now."""
    seconds: int
    """How long that takes, about."""
    fault: FaultView | None


@dataclass(frozen=True, eq=False)
class CapturedView:
    """The flattened page, H×W×3 uint8 RGB, to keep or take again."""

    image: NDArray[np.uint8]
    problem: FaultView | None


@dataclass(frozen=True)
class ReviewSection:
    id: str
    """"form:<page index>", "materials", "signature": what `Visit.edit` takes."""
    title: str
    rows: tuple[tuple[str, str], ...]


Stroke = tuple[tuple[float, float, float], ...]
"""One pen stroke: (x, y, seconds since the first touch), x and y in 0…1 of the pad."""


@dataclass(frozen=True)
class SignView:
    declaration: tuple[str, ...]
    summary: tuple[tuple[str, str], ...]
    signed: bool
    fault: FaultView | None
    """No paper, cover open…: shown before anyone signs."""


class StageState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Stage:
    """One of committing, printing, sending."""

    id: str
    title: str
    state: StageState
    note: str = ""


@dataclass(frozen=True, eq=False)
class DrawnPaper:
    """A paper as the printer prints it: H×W uint8, rows from the top, 0 = ink, 255 = paper."""

    dots: NDArray[np.uint8]


@dataclass(frozen=True)
class ReceiptView:
    number: str
    qr: str
    service: str
    confirmed: bool
    """The hub's signed receipt is here; until then "received, not yet confirmed"."""
    printed: bool
    print_fault: FaultView | None
    next_steps: tuple[str, ...]
    drawn: DrawnPaper | None = None
    """The receipt itself, from the very layout that is printed; None until it is drawn."""


@dataclass(frozen=True)
class StatusView:
    """What a receipt's code alone may show: status, never a person."""

    number: str
    status: str
    """received, reviewing, accepted, supplement, ready, unknown."""
    sentence: str
    fault: FaultView | None
    loading: bool = False
    promise: str = ""
    """By when the answer is promised, as a sentence; "" while none is due."""


@dataclass(frozen=True)
class CaseView:
    loading: bool
    fault: FaultView | None
    cases: tuple["CaseCard", ...] = ()


@dataclass(frozen=True)
class CaseCard:
    receipt_number: str
    case_number: str
    service: str
    status: str
    sentence: str
    timeline: tuple[tuple[str, str], ...]
    """(date and time in the visit's language, what happened)."""
    answers: tuple[tuple[str, str], ...]
    highlighted: bool
    """True for the case whose receipt was scanned."""
    receipt_owed: bool = False
    """This kiosk still owes the printed receipt; `Visit.print_owed(receipt_number)`."""
    promise: str = ""
    """By when the answer is promised, as a sentence; "" while none is due."""


@dataclass(frozen=True)
class HelpView:
    place: str
    address: str
    phone: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Looks:
    """How this visit wants the screen; reset with every visit."""

    large_text: bool = False
    high_contrast: bool = False
    low_reach: bool = False


@dataclass(frozen=True)
class Progress:
    """"Step 2 of 6" in the header; None outside an application."""

    step: int
    steps: int
    title: str = field(default="")
