"""What is wrong with the testbed's printer, and what it says of that when asked in real time."""

from dataclasses import dataclass

_FIXED_BITS = 0x12  # every DLE EOT reply carries bits 1 and 4
_OFFLINE = 0x08
SLOW_BYTES_A_SECOND = 8000.0
MIDWAY_BYTES = 200
"""Where a job is cut off when nobody says: in the first third of a receipt."""


@dataclass
class PrinterFaults:
    """The faults that are on. Counts and pace in bytes (a second)."""

    paper_out: bool = False
    near_end: bool = False
    cover_open: bool = False
    error: bool = False
    stalled: bool = False
    garbled: bool = False
    wrong_status: bool = False
    stays_out: bool = False  # the cable, once cut_after has pulled it
    lost_after: int | None = None
    cut_after: int | None = None
    paper_ends_after: int | None = None
    pace: float | None = None

    @property
    def offline(self) -> bool:
        """Whether the printer stops printing and says so."""
        return self.paper_out or self.cover_open or self.error

    def status_byte(self, n: int) -> int:
        """The reply to DLE EOT n (Epson's ESC/POS reference)."""
        match n:
            case 1:
                bits = _OFFLINE * (self.offline or self.wrong_status)
            case 2:
                bits = 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.error
            case 3:
                bits = 0x08 * self.error
            case _:
                bits = 0x60 * self.paper_out | 0x0C * (self.near_end or self.paper_out)
        return self.answer(_FIXED_BITS | bits)

    def answer(self, byte: int) -> int:
        """What the wire makes of an answer."""
        return byte ^ 0xFF if self.garbled else byte
