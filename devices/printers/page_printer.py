"""A kiosk's A4 printer: a queue of CUPS (or a printer that speaks IPP itself), one job at a time.

Who is told what: the printer itself says what is wrong with it; the queue of CUPS only remembers
what its last job met, so its word counts while a job of ours is under way and not before.
A job that meets a fault is cancelled and reported. It never waits for paper: whoever asked for it
may have left by the time somebody fills the tray.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from enum import StrEnum
from threading import Lock
from typing import Any, TypeVar

from devices.errors import DeviceFault
from devices.printers.page_lines import (
    ABORTED,
    CANCELED,
    COMPLETED,
    HELD,
    STOPPED_JOB,
    PageLines,
    Refused,
    Silent,
)
from devices.printers.page_status import PageStatus

T = TypeVar("T")
_log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
JOB_SECONDS = 180.0
"""Longest a job may take; CUPS itself cancels it soon after, also when nobody asks any more."""
DOUBT_SECONDS = 2.5
"""How long silence, or a reason known to the queue alone (it may be an old one), is borne."""
A4 = "iso_a4_210x297mm"


class PageProgress(StrEnum):
    """How far a job is."""

    CHECKING = "checking"
    WAITING = "waiting"
    PRINTING = "printing"
    DONE = "done"


class PagesCancelled(Exception):
    """Whoever asked for the pages stopped them; the spooler has forgotten the job."""


class PagePrinter:
    """The printer at "ipp://host[:631]/printers/<queue>" (CUPS) or "ipp://printer/ipp/print".

    Safe to call from any thread; printing and clearing wait for each other. Each call runs its own
    event loop on the calling thread. The queue must be this kiosk's alone.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._one_at_a_time = Lock()

    def status(self) -> PageStatus:
        """Ask the printer, and the queue before it. Never raises."""

        async def ask(lines: PageLines) -> PageStatus:
            return await lines.status(under_way=False)

        try:
            return _run(self.address, ask)
        except Silent:
            return PageStatus("page_printer.unreachable")
        except Refused as refused:
            _log.warning("page printer: %s", refused)
            return PageStatus("page_printer.error")

    def clear(self) -> int:
        """Cancel and forget whatever lies in the queue, as is due at start: nobody is here for it.

        Returns how many jobs had been waiting. Raises DeviceFault.
        """
        with self._one_at_a_time:
            return self._told(PageLines.clear)

    def print(
        self,
        document: bytes,
        title: str,
        *,
        copies: int = 1,
        duplex: bool = False,
        progress: Callable[[PageProgress], None] = lambda _: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Print a PDF and return once the printer has put out its last page.

        `title` is seen in the spooler's list and on the printer: nothing personal. `progress` and
        `stopped` are called on this thread, the latter five times a second: True cancels the job.
        Raises DeviceFault page_printer.paper_out, .jam, .cover_open,
        .toner_out, .unreachable or .error (before the job, or in its middle: then it is cancelled
        and some pages may be out), PagesCancelled when it was stopped.
        """
        job = {
            "operation-attributes-tag": {"job-name": title, "document-format": "application/pdf"},
            "job-attributes-tag": {
                "copies": copies,
                "sides": "two-sided-long-edge" if duplex else "one-sided",
                "media": A4,
                "job-cancel-after": int(JOB_SECONDS) + 20,
            },
            "data": document,
        }
        with self._one_at_a_time:
            self._told(lambda lines: _print(lines, job, stopped, progress))

    def _told(self, work: Callable[[PageLines], Coroutine[Any, Any, T]]) -> T:
        try:
            return _run(self.address, work)
        except Silent as silent:
            raise DeviceFault("page_printer.unreachable", str(silent)) from silent
        except Refused as refused:
            raise DeviceFault("page_printer.error", str(refused)) from refused


def _run(address: str, work: Callable[[PageLines], Coroutine[Any, Any, T]]) -> T:
    async def inside() -> T:
        lines = PageLines(address)
        try:
            return await work(lines)
        finally:
            await lines.close()

    return asyncio.run(inside())


async def _print(
    lines: PageLines,
    job: dict[str, Any],
    stopped: Callable[[], bool],
    progress: Callable[[PageProgress], None],
) -> None:
    progress(PageProgress.CHECKING)
    # First this, then the queue may run again: nobody gets another's pages.
    await lines.clear()
    await lines.recover()
    status = await lines.status(under_way=False)
    if status.fault is not None:
        raise DeviceFault(status.fault, "before printing")
    if stopped():
        raise PagesCancelled
    number = await lines.submit(job)
    done = False
    try:
        await _follow(lines, number, stopped, progress)
        done = True
    finally:
        await lines.forget(number, cancel=not done)
    progress(PageProgress.DONE)


async def _follow(
    lines: PageLines,
    number: int,
    stopped: Callable[[], bool],
    progress: Callable[[PageProgress], None],
) -> None:
    """Watch one job to its end. Raises DeviceFault, PagesCancelled; the job may then still be."""
    end = time.monotonic() + JOB_SECONDS
    doubted_since: float | None = None
    recovered = False
    said = PageProgress.WAITING
    progress(said)
    while time.monotonic() < end:
        state, why = await lines.job_state(number)
        if state == COMPLETED:
            return
        if stopped():
            raise PagesCancelled  # however it ends at the spooler, nobody waits for it any more
        if state in (CANCELED, ABORTED, STOPPED_JOB, None):
            raise DeviceFault("page_printer.error", f"job state {state}: {why}")
        if state > HELD and said is PageProgress.WAITING:
            said = PageProgress.PRINTING
            progress(said)
        if state == HELD and not recovered:
            recovered = True
            await lines.release(number)
        status = await lines.status(under_way=True)
        if status.fault is not None and not lines.doubtful:
            raise DeviceFault(status.fault, "while printing")
        if status.fault is None:
            doubted_since = None
        elif doubted_since is None:
            doubted_since = time.monotonic()
        elif time.monotonic() - doubted_since > DOUBT_SECONDS:
            raise DeviceFault(status.fault, "while printing")
        await asyncio.sleep(POLL_SECONDS)
    raise DeviceFault("page_printer.error", "the job did not end in time")
