"""A kiosk's receipt printer: asks before, during and after, never half-prints in silence."""

import logging
import time
from collections.abc import Callable, Iterable
from threading import Lock

from devices.errors import DeviceFault
from devices.printers.escpos import CLEAR_BUFFERS, encode_parts
from devices.printers.layout import Cut, Feed, Layout, Rule, Text
from devices.printers.links import Link, LinkError, await_byte, open_link
from devices.printers.status import (
    PrinterState,
    PrinterStatus,
    is_paper_answer,
    is_status_byte,
    read_status,
)

_log = logging.getLogger(__name__)

REPLY_SECONDS = 0.5
FINISH_SECONDS = 15.0  # longest a full job may take from its last byte to its confirmation
ASK_EVERY_BYTES = 2048
ASK_EVERY_BYTES_FAST = 16_384  # where the wire is faster than the printer
PICTURE_SECONDS = 3.0
"""Whoever took longer than this for a job of pictures gets text from then on (see `pictures`)."""
_PAPER_QUESTION = b"\x1dr\x01"  # GS r 1: answered in turn, so only after all print data before it


class ReceiptPrinter:
    """One printer at an address as `links.open_link` takes it.

    Safe to call from any thread; calls wait for each other. A wire is opened for each call, since
    many printers serve one connection only.
    """

    def __init__(
        self, address: str, columns: int = 48, open_wire: Callable[[str], Link] = open_link
    ) -> None:
        self.address = address
        self.columns = columns
        self._open_wire = open_wire
        self._slow = False
        self._one_at_a_time = Lock()
        self._to_void: str | None = None

    @property
    def job_to_void(self) -> str | None:
        """The job that failed midway and is not yet marked void on paper."""
        return self._to_void

    def owe_void(self, job: str) -> None:
        """Take over a void mark owed from before a restart."""
        with self._one_at_a_time:
            self._to_void = job

    def status(self) -> PrinterStatus:
        """Ask the printer (at most about 2 s). Prints an owed void mark when it can print again."""
        with self._one_at_a_time:
            try:
                link = self._open_wire(self.address)
            except LinkError:
                return PrinterStatus(PrinterState.UNREACHABLE)
            try:
                status = _ask(link)
                if status.fault is None and self._to_void is not None:
                    self._print_void(link)
                    status = _ask(link)
                return status
            except LinkError:
                return PrinterStatus(PrinterState.UNREACHABLE)
            except DeviceFault as fault:  # the void mark failed for a reason the printer named
                return PrinterStatus(PrinterState(fault.code.removeprefix("printer.")))
            finally:
                link.close()

    def pictures(self, link: Link) -> bool:
        """Whether a job goes as pictures of its lines: where the wire is faster than the printer
        (TCP, USB) and no job of pictures ever took PICTURE_SECONDS. A serial line gets text: a
        receipt is 0.8 KB as text and 40 KB as pictures, 3.5 s at 115200 baud."""
        return link.bytes_a_second is None and not self._slow

    def print(self, layout: Layout, job: str) -> None:
        """Print one job and return once the printer has confirmed it.

        `job` names it in the log and on a void mark (a receipt number, no personal data).
        Raises DeviceFault: printer.paper_out, printer.cover_open, printer.error or
        printer.unreachable when nothing was printed; printer.interrupted when it failed midway.
        """
        with self._one_at_a_time:
            try:
                link = self._open_wire(self.address)
            except LinkError as error:
                raise DeviceFault("printer.unreachable", str(error)) from error
            try:
                pictures = self.pictures(link)
                parts = encode_parts(layout, self.columns, pictures)
                begin = time.monotonic()
                self._print(link, parts, job)
                self._slow |= pictures and time.monotonic() - begin > PICTURE_SECONDS
            finally:
                link.close()

    def _print(self, link: Link, parts: Iterable[bytes], job: str) -> None:
        try:
            status = _ask(link)
            if status.fault is not None:
                raise DeviceFault(status.fault, f"before printing: {status.state}")
            if self._to_void is not None:
                self._print_void(link)
            answers = _confirms(link)
        except LinkError as error:
            raise DeviceFault("printer.unreachable", str(error)) from error
        try:
            _send(link, parts, answers)
        except (LinkError, DeviceFault) as error:
            self._to_void = job
            _drop_rest(link)
            _log.warning("print job %s interrupted: %s", job, error)
            raise DeviceFault("printer.interrupted", str(error)) from error

    def _print_void(self, link: Link) -> None:
        """Mark the half-printed paper as void and cut it off. Raises LinkError, DeviceFault."""
        mark: Layout = (
            Feed(1),
            Rule(),
            Text("作废 VOID 무효", align="center", width=2, height=2, bold=True),
            Text(self._to_void or "", align="center"),
            Rule(),
            Cut(),
        )
        answers = _confirms(link)
        _send(link, encode_parts(mark, self.columns), answers)
        _log.info("print job %s marked void", self._to_void)
        self._to_void = None


def _ask(link: Link) -> PrinterStatus:
    """DLE EOT 1 to 4. A printer silent to the first is not asked further: unknown."""
    replies: dict[int, int | None] = {}
    for n in (1, 2, 3, 4):
        link.write(bytes((0x10, 0x04, n)))
        replies[n] = await_byte(link, is_status_byte, REPLY_SECONDS)
        if replies[1] is None:
            break
    return read_status(replies)


def _confirms(link: Link) -> bool:
    """Whether this printer answers GS r at all; not every one does."""
    link.write(_PAPER_QUESTION)
    return await_byte(link, is_paper_answer, REPLY_SECONDS) is not None


def _send(link: Link, parts: Iterable[bytes], answers: bool) -> None:
    """Send, asking now and then. Raises LinkError, or DeviceFault with what the printer says."""
    unasked, enough = 0, ASK_EVERY_BYTES if link.bytes_a_second else ASK_EVERY_BYTES_FAST
    for part in parts:
        link.write(part)
        unasked += len(part)
        if unasked >= enough:
            unasked = 0
            _refuse_fault(_ask(link), "while printing")
    if not answers:
        _refuse_fault(_ask(link), "after printing")
        return
    link.write(_PAPER_QUESTION)
    end = time.monotonic() + FINISH_SECONDS
    while time.monotonic() < end:
        if await_byte(link, is_paper_answer, REPLY_SECONDS) is not None:
            return  # everything before the question is on paper, even if the roll ends here
        _refuse_fault(_ask(link), "after printing")
    raise DeviceFault("printer.error", "the printer never confirmed the job")


def _refuse_fault(status: PrinterStatus, when: str) -> None:
    if status.fault is not None:
        raise DeviceFault(status.fault, f"{when}: {status.state}")


def _drop_rest(link: Link) -> None:
    """Empty the printer's buffers, so the rest of a broken job does not print after new paper."""
    try:
        link.write(CLEAR_BUFFERS)
    except LinkError:
        return  # the wire is gone; the void mark covers whatever still comes out
