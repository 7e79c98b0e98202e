"""What a receipt says, line by line, apart from how any printer is told to print it."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]
Scale = Literal[1, 2]


@dataclass(frozen=True)
class Text:
    """A paragraph; wrapped to the paper. Width and height are multiples of the plain size."""

    text: str
    align: Align = "left"
    width: Scale = 1
    height: Scale = 1
    bold: bool = False


@dataclass(frozen=True)
class Pair:
    """A label at the left edge and its value at the right edge, on one line when both fit."""

    left: str
    right: str


@dataclass(frozen=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True)
class Qr:
    """A QR code in the middle of the paper, error correction M; `module` in printer dots."""

    data: str
    module: int = 6


@dataclass(frozen=True)
class Feed:
    """Empty lines of plain height."""

    lines: int = 1


@dataclass(frozen=True)
class Cut:
    """The end of the paper; feeds past the cutter first."""


Line = Text | Pair | Rule | Qr | Feed | Cut
Layout = tuple[Line, ...]
