"""How many receipts a roll still gives, as far as anybody can know.

A printer says one thing only: the roll is thinner than its sensor's mark. How many millimetres are
left at the mark is measured once per printer and setting; from there on what is printed is counted.
"""

from dataclasses import dataclass, replace

from devices.printers.status import PrinterState

FIRST_RECEIPT_MM = 170.0
"""What a receipt is taken for before the first one was printed."""


@dataclass(frozen=True)
class PaperLeft:
    """What is known of the roll. mm: paper left, None while the sensor has not said so."""

    mm: float | None = None
    receipt_mm: float = FIRST_RECEIPT_MM
    """Length of the receipt printed last."""

    @property
    def receipts(self) -> int | None:
        """About how many receipts of the last one's length are left; None: not known."""
        return None if self.mm is None else int(self.mm // self.receipt_mm)

    def seen(self, state: PrinterState, near_end_mm: float) -> "PaperLeft":
        """After the printer said how it is. `near_end_mm`: left at the mark, 0 = not measured."""
        match state:
            case PrinterState.READY:  # a new roll, or thick enough still
                return replace(self, mm=None)
            case PrinterState.NEAR_END if near_end_mm > 0 and self.mm is None:
                return replace(self, mm=float(near_end_mm))
            case PrinterState.PAPER_OUT:
                return replace(self, mm=0.0)
        return self

    def printed(self, mm: float) -> "PaperLeft":
        """After a receipt of that length came out (or may have)."""
        return replace(self.used(mm), receipt_mm=mm)

    def used(self, mm: float) -> "PaperLeft":
        """After that much paper came out that is no receipt."""
        return replace(self, mm=None if self.mm is None else max(0.0, self.mm - mm))
