"""A receipt printer on TCP: speaks ESC/POS, keeps what it got, draws its paper, and can fail.

with PrinterTcp() as printer:
    ReceiptPrinter(printer.address).print(layout, job="YM0001")
    printer.jobs[-1].raw, printer.picture().save("receipt.png")
"""

import contextlib
import socket
import struct
from collections import deque
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Self

from PIL import Image

from devices.testbed.escpos_reader import Command, EscposReader
from devices.testbed.faults import Wire, WireFault, refuse_missing
from devices.testbed.paper_roll import (
    Printed,
    PrintedCode,
    PrintedCut,
    PrintedLine,
    PrintHead,
    draw_paper,
)
from devices.testbed.printer_faults import MIDWAY_BYTES, SLOW_BYTES_A_SECOND, PrinterFaults

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Job:
    """What came between one ESC @ and the cut (or the next ESC @, when the job broke off)."""

    paper: int  # which strip of paper; a broken job and the mark after it share one
    raw: bytes = b""
    printed: list[Printed] = field(default_factory=list)
    finished: bool = False

    @property
    def lines(self) -> list[str]:
        """The printed lines of text; picture lines are not among them."""
        return [item.text for item in self.printed if isinstance(item, PrintedLine)]

    @property
    def codes(self) -> list[str]:
        """The data of the QR codes."""
        return [item.data.decode() for item in self.printed if isinstance(item, PrintedCode)]


class PrinterTcp:
    """The printer; `address` is what ReceiptPrinter takes. Faults may be set while it prints."""

    def __init__(self, columns: int = 48, port: int = 0) -> None:
        self.columns = columns
        self._change = Condition()
        self._faults = PrinterFaults()
        self._head = PrintHead()
        self._jobs: list[Job] = []
        self._strip = 0
        self._buffer: deque[tuple[Command, socket.socket]] = deque()
        self._connections: set[socket.socket] = set()
        self._stopped = False
        self._listener: socket.socket | None = None
        self.port = port
        self._listen()
        Thread(target=self._work, name="testbed-printer", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """The address on the wire."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def jobs(self) -> list[Job]:
        """Every job so far, in order; the last one may still be printing."""
        with self._change:
            return list(self._jobs)

    def finished_jobs(self) -> list[Job]:
        """The jobs that reached their cut."""
        return [job for job in self.jobs if job.finished]

    def picture(self) -> Image.Image:
        """The strip of paper printed last, as an RGB picture (blank paper when there is none)."""
        with self._change:
            strip = self._jobs[-1].paper if self._jobs else 0
            printed = [item for job in self._jobs if job.paper == strip for item in job.printed]
        return draw_paper(printed, self.columns)

    def state(self) -> dict[str, object]:
        """What the panel shows."""
        with self._change:
            faults = {name: value for name, value in vars(self._faults).items() if value}
            return {
                "gone": self._listener is None,
                "faults": faults,
                "jobs": len(self._jobs),
                "finished": sum(job.finished for job in self._jobs),
            }

    # Faults -----------------------------------------------------------------------------------

    def paper_out(self, on: bool = True) -> None:
        """Take the roll out, or put one in; printing goes on where it stopped."""
        self._set(paper_out=on, paper_ends_after=None)

    def near_end(self, on: bool = True) -> None:
        """The roll is nearly used up."""
        self._set(near_end=on)

    def cover_open(self, on: bool = True) -> None:
        """Open or close the cover."""
        self._set(cover_open=on)

    def error(self, on: bool = True) -> None:
        """The cutter jams, or is freed."""
        self._set(error=on)

    def stall(self, on: bool = True) -> None:
        """Silence: bytes are taken in, nothing is printed or answered."""
        self._set(stalled=on)

    def pace(self, bytes_a_second: float | None) -> None:
        """Print slowly; None is as fast as it goes."""
        self._set(pace=bytes_a_second)

    def cut_after(self, count: int | None) -> None:
        """The cable is pulled after `count` more bytes of print data, once; None: not at all."""
        self._set(cut_after=count)

    def paper_ends_after(self, count: int | None) -> None:
        """The roll runs out after `count` more bytes were printed; None: not at all."""
        self._set(paper_ends_after=count)

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """See devices.testbed.faults."""
        refuse_missing(Wire.PRINTER, kind)
        self.heal()
        count = MIDWAY_BYTES if after is None else after
        match kind:
            case WireFault.ABSENT:
                self.gone()
            case WireFault.SLOW:
                self.pace(SLOW_BYTES_A_SECOND)
            case WireFault.STALLED:
                self.stall()
            case WireFault.GARBLED:
                self._set(garbled=True)
            case WireFault.TRUNCATED:
                self._set(lost_after=count)
            case WireFault.UNPLUGGED:
                self._set(cut_after=count, stays_out=True)
            case WireFault.WRONG_STATUS:
                self._set(wrong_status=True)

    def heal(self) -> None:
        """The wire is as it should be; paper, cover and cutter stay as they are."""
        self._set(
            stalled=False, garbled=False, wrong_status=False, stays_out=False,
            lost_after=None, cut_after=None, pace=None,
        )  # fmt: skip
        self.gone(False)

    def reset(self) -> None:
        """As new: healed, full of paper, closed, every job forgotten."""
        with self._change:
            self._faults = PrinterFaults()
            self._buffer.clear()
            self._jobs.clear()
            self._head = PrintHead()
            self._strip = 0
            self._change.notify_all()
        self.gone(False)

    def gone(self, on: bool = True) -> None:
        """Pull the plug (connections are reset, new ones refused) or put it back."""
        if on:
            self._unplug()
        elif self._listener is None:
            self._listen()

    def close(self) -> None:
        """Stop for good."""
        with self._change:
            self._stopped = True
            self._change.notify_all()
        self._unplug()

    def _set(self, **faults: object) -> None:
        with self._change:
            for name, value in faults.items():
                setattr(self._faults, name, value)
            self._change.notify_all()

    # The wire ---------------------------------------------------------------------------------

    def _listen(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener
        Thread(target=self._accept, args=(listener,), name="printer-wire", daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                wire, _ = listener.accept()
            except OSError:
                return  # unplugged
            with self._change:
                self._connections.add(wire)
            Thread(target=self._serve, args=(wire,), name="printer-line", daemon=True).start()

    def _unplug(self) -> None:
        with self._change:
            listener, self._listener = self._listener, None
            wires, self._connections = self._connections, set()
            self._buffer.clear()
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() alone does not
            listener.close()
        for wire in wires:
            _reset(wire)

    def _serve(self, wire: socket.socket) -> None:
        reader = EscposReader()
        try:
            while data := wire.recv(4096):
                for command in reader.feed(data):
                    self._receive(command, wire)
        except OSError:
            pass  # the other side went, or we pulled the plug
        finally:
            with self._change:
                self._connections.discard(wire)
            # The buffer keeps what was received: a real printer goes on printing it.

    def _receive(self, command: Command, wire: socket.socket) -> None:
        with self._change:
            if command.real_time:
                if not self._faults.stalled:
                    self._real_time(command, wire)
                return
            if self._is_lost(len(command.raw)):
                return
            left = self._faults.cut_after
            if left is not None:
                left -= len(command.raw)
                self._faults.cut_after = left if left >= 0 else None
            if left is None or left >= 0:
                self._buffer.append((command, wire))
                self._change.notify_all()
                return
            stays_out = self._faults.stays_out
        if stays_out:
            self._unplug()
        _reset(wire)
        raise ConnectionAbortedError("cable pulled")

    def _is_lost(self, count: int) -> bool:
        left = self._faults.lost_after
        if left is not None:
            self._faults.lost_after = left = max(0, left - count)
        return left == 0

    def _real_time(self, command: Command, wire: socket.socket) -> None:
        if command.name == b"\x10\x04":
            _answer(wire, self._faults.status_byte(command.data[0]))
        elif command.raw[:3] == b"\x10\x14\x08":
            self._buffer.clear()

    # The mechanism ----------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(self._may_print)
                if self._stopped:
                    return
                command, wire = self._buffer.popleft()
                pace = self._faults.pace
                self._execute(command, wire)
                if pace:
                    # Told to be quick again, it is so in the middle of a picture too.
                    self._take_time(len(command.raw) / pace, pace)

    def _take_time(self, seconds: float, pace: float) -> None:
        self._change.wait_for(lambda: self._stopped or self._faults.pace != pace, seconds)

    def _may_print(self) -> bool:
        held = self._faults.offline or self._faults.stalled
        return self._stopped or (bool(self._buffer) and not held)

    def _execute(self, command: Command, wire: socket.socket) -> None:
        if command.name == b"\x1dr":
            _answer(wire, self._faults.answer(0x0C if self._faults.near_end else 0x00))
            return
        job = self._job_for(command)
        job.raw += command.raw
        printed = self._head.execute(command)
        job.printed.extend(printed)
        if any(isinstance(item, PrintedCut) for item in printed):
            job.finished = True
            self._strip += 1
        left = self._faults.paper_ends_after
        if left is not None:
            left -= len(command.raw)
            self._faults.paper_ends_after = left if left > 0 else None
            self._faults.paper_out = self._faults.paper_out or left <= 0
        self._change.notify_all()

    def _job_for(self, command: Command) -> Job:
        fresh = not self._jobs or self._jobs[-1].finished
        if fresh or (command.name == b"\x1b@" and self._jobs[-1].printed):
            self._jobs.append(Job(paper=self._strip))
        return self._jobs[-1]


def _answer(wire: socket.socket, byte: int) -> None:
    with contextlib.suppress(OSError):  # who asked may be gone
        wire.sendall(bytes([byte]))


def _reset(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        wire.shutdown(socket.SHUT_RD)
    wire.close()
