"""Printing for one visit: the paper is looked at first, and a job belongs to one person.

Every call blocks on the wire, so it runs on the "printer" lane (see workers).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devices.errors import DeviceFault
from devices.printers.layout import Layout
from devices.printers.status import PrinterStatus


class Printer(Protocol):
    """What this module needs of `devices.printers.receipt_printer.ReceiptPrinter`."""

    @property
    def job_to_void(self) -> str | None: ...

    def owe_void(self, job: str) -> None: ...

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

    def __init__(
        self,
        printer: Printer | None,
        void: str | None = None,
        keep_void: Callable[[str | None], None] = lambda job: None,
    ) -> None:
        """`void`: a job that broke off before this process started and is not yet marked void
        on paper; `keep_void` is told whenever that changes, so that it outlives us."""
        self._printer = printer
        self._void = void
        self._keep_void = keep_void
        if printer is not None and void is not None:
            printer.owe_void(void)

    def paper_fault(self) -> str | None:
        """The fault code that keeps a receipt from being printed now; None when all is well."""
        if self._printer is None:
            return "printer.unreachable"
        try:
            return self._printer.status().fault
        except DeviceFault as fault:
            return fault.code
        finally:
            self._note_void(self._printer)

    def print(self, job: PrintJob, visit_id: str) -> None:
        """Print the job for the visit that asks. Raises DeviceFault, WrongVisit."""
        if job.visit_id != visit_id:
            raise WrongVisit(job.name)
        if self._printer is None:
            raise DeviceFault("printer.unreachable", "no printer configured")
        try:
            self._printer.print(job.layout, job.name)
        finally:
            self._note_void(self._printer)

    def _note_void(self, printer: Printer) -> None:
        if printer.job_to_void != self._void:
            self._void = printer.job_to_void
            self._keep_void(self._void)
