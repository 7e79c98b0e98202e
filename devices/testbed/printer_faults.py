"""What is wrong with the testbed's printer, and what it says of that when asked in real time."""

from dataclasses import dataclass

_FIXED_BITS = 0x12  # every DLE EOT reply carries bits 1 and 4


@dataclass
class PrinterFaults:
    """The faults that are on. Counts and pace in bytes (a second)."""

    paper_out: bool = False
    near_end: bool = False
    cover_open: bool = False
    error: bool = False
    stalled: bool = False
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
                bits = 0x08 * self.offline
            case 2:
                bits = 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.error
            case 3:
                bits = 0x08 * self.error
            case _:
                bits = 0x60 * self.paper_out | 0x0C * (self.near_end or self.paper_out)
        return _FIXED_BITS | bits
