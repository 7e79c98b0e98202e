"""The testbed's receipt printer behind a serial line that takes as long as a real one.

with PrinterPty(115200) as wired:
    ReceiptPrinter(wired.address).print(layout, job="YM0001")
    wired.printer.jobs[-1].lines, wired.seconds_on_the_wire
"""

import contextlib
import socket
import threading
import time
from pathlib import Path
from typing import Self

from devices.testbed.faults import Wire, WireFault, refuse_missing
from devices.testbed.printer import PrinterTcp
from devices.testbed.pty import BITS_PER_BYTE, FIFO_BYTES, PtyLine

_XON, _XOFF = b"\x11", b"\x13"


class PrinterPty:
    """`printer` has the paper and the faults; `address` is what ReceiptPrinter takes.

    A cable cut in `printer` (cut_after, gone) hangs the serial line up; `plug()` mends it.
    """

    def __init__(self, baud: int = 115200, columns: int = 48, link: Path | None = None) -> None:
        self.printer = PrinterTcp(columns)
        self.baud = baud
        self.received = 0
        """Bytes that came over the line so far."""
        self._due = 0.0
        self._closing = threading.Event()
        self._wire: socket.socket | None = None
        self._line = PtyLine(baud, self._from_driver, link)
        self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def port(self) -> str:
        """The serial port."""
        return self._line.port

    @property
    def address(self) -> str:
        """The address on the wire."""
        return f"serial://{self._line.port}?baud={self.baud}"

    @property
    def seconds_on_the_wire(self) -> float:
        """What the bytes received so far take at this speed, one after the other."""
        return self.received * BITS_PER_BYTE / self.baud

    def hold(self, on: bool = True) -> None:
        """The printer's buffer is full (XOFF), or has room again (XON)."""
        self._line.send(_XOFF if on else _XON)

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """See devices.testbed.faults; the same as on TCP but for the cable, which is serial."""
        refuse_missing(Wire.PRINTER, kind)
        self.heal()
        if kind is WireFault.ABSENT:
            self.unplug()
        else:
            self.printer.fault(kind, after)

    def heal(self) -> None:
        """The wire is as it should be; paper, cover and cutter stay as they are."""
        self.printer.heal()
        self.plug()

    def unplug(self) -> None:
        """Pull the serial cable."""
        self._line.unplug()

    def plug(self) -> None:
        """Put cable and printer back."""
        self.printer.gone(False)
        self._line.plug()
        if self._wire is None:
            self._connect()

    def close(self) -> None:
        """Stop for good."""
        self._closing.set()
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)
        self._line.close()
        self.printer.close()

    def _connect(self) -> None:
        wire = socket.create_connection(("127.0.0.1", self.printer.port))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wire = wire
        threading.Thread(
            target=self._to_driver, args=(wire,), name="printer-serial", daemon=True
        ).start()

    def _from_driver(self, data: bytes) -> None:
        """On the line's thread, which reads no further meanwhile: so the driver feels the pace."""
        for at in range(0, len(data), FIFO_BYTES):
            group = data[at : at + FIFO_BYTES]
            now = time.monotonic()
            self._due = max(self._due, now) + len(group) * BITS_PER_BYTE / self.baud
            if self._closing.wait(max(0.0, self._due - now)):
                return
            self.received += len(group)
            wire = self._wire
            if wire is not None:
                with contextlib.suppress(OSError):  # the other thread hangs up
                    wire.sendall(group)

    def _to_driver(self, wire: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := wire.recv(256):
                self._line.send(data)
        wire.close()
        self._wire = None
        if not self._closing.is_set():
            self._line.unplug()
