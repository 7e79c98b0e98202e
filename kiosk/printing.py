"""Printing for one visit: the paper is looked at first, and a job belongs to one person.

Every call blocks on the wire, so it runs on the "printer" lane (see workers); `visit_over` alone
does not, and is called wherever a visit ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from devices.errors import DeviceFault
from devices.printers.layout import Layout
from devices.printers.page_printer import PagePrinter, PageProgress
from devices.printers.paper_left import PaperLeft
from devices.printers.rows import length_mm
from devices.printers.status import PrinterStatus


class Printer(Protocol):
    """What this module needs of `devices.printers.receipt_printer.ReceiptPrinter`."""

    @property
    def columns(self) -> int: ...

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
    layout: Layout = field(repr=False)
    """It may hold a slip's key."""
    receipt: bool = True
    """False for papers that say nothing about how long the next receipt will be."""


@dataclass(frozen=True)
class PageJob:
    """A4 pages, bound to the visit they were made in."""

    visit_id: str
    name: str
    """Seen in the spooler's list and on the printer: nothing personal."""
    document: bytes = field(repr=False)
    """A PDF."""
    copies: int = 1
    duplex: bool = False


@dataclass(frozen=True)
class Kept:
    """What a printer's state leaves behind when the process goes; see `Printing`."""

    void: str | None = None
    """A job that broke off and is not yet marked void on paper."""
    paper: PaperLeft = field(default_factory=PaperLeft)


class Printing:
    """The printers of this kiosk; each is None where there is none."""

    def __init__(
        self,
        printer: Printer | None,
        kept: Kept = Kept(),
        keep: Callable[[Kept], None] = lambda kept: None,
        near_end_mm: float = 0.0,
        pages: PagePrinter | None = None,
    ) -> None:
        """`kept`: from before this process started; `keep` is told whenever it changes, so that
        it outlives us. `near_end_mm`: paper left when the near-end sensor says so, 0 = unknown."""
        self._printer = printer
        self._kept = kept
        self._keep = keep
        self._near_end_mm = near_end_mm
        self._pages = pages
        self._over: set[str] = set()
        if printer is not None and kept.void is not None:
            printer.owe_void(kept.void)

    # ---- receipts

    @property
    def paper(self) -> PaperLeft:
        """What is known of the roll."""
        return self._kept.paper

    def paper_fault(self) -> str | None:
        """The fault code that keeps a receipt from being printed now; None when all is well."""
        if self._printer is None:
            return "printer.unreachable"
        paper = self._kept.paper
        try:
            status = self._printer.status()
            paper = paper.seen(status.state, self._near_end_mm)
            if status.fault is None and paper.receipts == 0:
                return "printer.paper_ending"
            return status.fault
        except DeviceFault as fault:
            return fault.code
        finally:
            self._note(self._printer, paper)

    def print(self, job: PrintJob, visit_id: str) -> None:
        """Print the job for the visit that asks. Raises DeviceFault, WrongVisit."""
        if job.visit_id != visit_id:
            raise WrongVisit(job.name)
        if self._printer is None:
            raise DeviceFault("printer.unreachable", "no printer configured")
        paper = self._kept.paper
        try:
            self._printer.print(job.layout, job.name)
            length = length_mm(job.layout, self._printer.columns)
            paper = paper.printed(length) if job.receipt else paper.used(length)
        finally:
            self._note(self._printer, paper)

    def _note(self, printer: Printer, paper: PaperLeft) -> None:
        now = Kept(printer.job_to_void, paper)
        if now != self._kept:
            self._kept = now
            self._keep(now)

    # ---- pages

    @property
    def has_pages(self) -> bool:
        """This kiosk has an A4 printer."""
        return self._pages is not None

    def page_fault(self) -> str | None:
        """The fault code that keeps A4 pages from being printed now; None when all is well."""
        if self._pages is None:
            return "page_printer.unreachable"
        return self._pages.status().fault

    def clear_pages(self) -> None:
        """Forget whatever a process before this one left in the spooler. Raises DeviceFault."""
        if self._pages is not None:
            self._pages.clear()

    def print_pages(
        self,
        job: PageJob,
        visit_id: str,
        progress: Callable[[PageProgress], None] = lambda _: None,
    ) -> None:
        """Print the pages for the visit that asks; when it ends meanwhile, they are cancelled.

        `progress` is called on this thread. Raises DeviceFault, WrongVisit, PagesCancelled.
        """
        if job.visit_id != visit_id or visit_id in self._over:
            raise WrongVisit(job.name)
        if self._pages is None:
            raise DeviceFault("page_printer.unreachable", "no page printer configured")
        self._pages.print(
            job.document, job.name, copies=job.copies, duplex=job.duplex,
            progress=progress, stopped=lambda: visit_id in self._over,
        )

    def visit_over(self, visit_id: str) -> None:
        """Nothing is printed for this visit any more. Returns at once, from any thread."""
        self._over.add(visit_id)
