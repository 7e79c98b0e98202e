"""Printing for one visit: the paper is looked at first, and a job belongs to one person.

Every call blocks on the wire, so it runs on the "printer" lane (see workers).
"""

from dataclasses import dataclass
from typing import Protocol

from devices.errors import DeviceFault
from devices.printers.layout import Layout
from devices.printers.status import PrinterStatus


class Printer(Protocol):
    """What this module needs of `devices.printers.receipt_printer.ReceiptPrinter`."""

    def status(self) -> PrinterStatus: ...

    def print(self, layout: Layout, job: str) -> None: ...


class WrongVisit(Exception):
    """A print job of another visit or person was refused (decision 6)."""


@dataclass(frozen=True)
class PrintJob:
    """One paper, bound to the visit it was made in."""

    visit_id: str
    name: str
    """Neutral name for logs; nothing personal."""
    layout: Layout


class Printing:
    """The receipt printer of this kiosk; `printer` is None where there is none."""

    def __init__(self, printer: Printer | None) -> None:
        self._printer = printer

    def paper_fault(self) -> str | None:
        """The fault code that keeps a receipt from being printed now; None when all is well."""
        if self._printer is None:
            return "printer.unreachable"
        try:
            return self._printer.status().fault
        except DeviceFault as fault:
            return fault.code

    def print(self, job: PrintJob, visit_id: str) -> None:
        """Print the job for the visit that asks. Raises DeviceFault, WrongVisit."""
        if job.visit_id != visit_id:
            raise WrongVisit(job.name)
        if self._printer is None:
            raise DeviceFault("printer.unreachable", "no printer configured")
        self._printer.print(job.layout, job.name)
