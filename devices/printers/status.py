"""What a receipt printer says of itself, from its real-time status bytes (DLE EOT 1 to 4).

Bits after Epson's ESC/POS reference. Every reply has the fixed pattern 0xx1xx10, which keeps it
apart from answers to GS r (0xx0xx00).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PrinterState(StrEnum):
    """One word for the printer; when several hold, the one a person must mend first."""

    READY = "ready"
    NEAR_END = "near_end"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    ERROR = "error"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


_FAULTS = {
    PrinterState.PAPER_OUT: "printer.paper_out",
    PrinterState.COVER_OPEN: "printer.cover_open",
    PrinterState.ERROR: "printer.error",
    PrinterState.UNREACHABLE: "printer.unreachable",
    # Who does not answer may be switched off: never promise paper on it.
    PrinterState.UNKNOWN: "printer.unreachable",
}


@dataclass(frozen=True)
class PrinterStatus:
    """The state of the printer at one moment."""

    state: PrinterState

    @property
    def fault(self) -> str | None:
        """The fault code that keeps this printer from printing, or None when it can print."""
        return _FAULTS.get(self.state)


def is_status_byte(byte: int) -> bool:
    """Whether a byte has the pattern of a DLE EOT reply (0xx1xx10)."""
    return byte & 0x93 == 0x12


def is_paper_answer(byte: int) -> bool:
    """Whether a byte has the pattern of an answer to GS r 1 (0xx0xx00)."""
    return byte & 0x93 == 0x00


def read_status(replies: Mapping[int, int | None]) -> PrinterStatus:
    """Union of the replies to DLE EOT n. `replies[n]` is a status byte, None where none came.

    A named fault in any reply wins over silence in another; with no fault named, a missing answer
    to 1 (printer), 2 (offline cause) or 4 (paper) means unknown, never ready. DLE EOT 3 is absent
    on many printers and may be missing.
    """
    known = {n: byte for n, byte in replies.items() if byte is not None and is_status_byte(byte)}
    printer, offline, error, paper = (known.get(n, 0) for n in (1, 2, 3, 4))
    if offline & 0x04:
        return PrinterStatus(PrinterState.COVER_OPEN)
    if paper & 0x60 or offline & 0x20:
        return PrinterStatus(PrinterState.PAPER_OUT)
    if offline & 0x40 or error & 0x6C:
        return PrinterStatus(PrinterState.ERROR)
    if any(n not in known for n in (1, 2, 4)):
        return PrinterStatus(PrinterState.UNKNOWN)
    if printer & 0x08:  # offline for a cause it does not name
        return PrinterStatus(PrinterState.ERROR)
    return PrinterStatus(PrinterState.NEAR_END if paper & 0x0C else PrinterState.READY)
