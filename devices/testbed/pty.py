"""A serial line without hardware: a pseudo-terminal that takes as long as the real wire would.

The driver opens `port`, a symbolic link that stays the same when the line is unplugged and plugged
in again, as a udev rule does it for a real reader.
"""

from __future__ import annotations

import os
import select
import tempfile
import termios
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

BITS_PER_BYTE = 10  # 8N1: start bit, eight data bits, stop bit
# Bytes become readable in groups, as from a UART with a FIFO.
FIFO_BYTES = 16

_SPEEDS = {
    9600: termios.B9600,
    19200: termios.B19200,
    38400: termios.B38400,
    57600: termios.B57600,
    115200: termios.B115200,
}


class PtyLine:
    """The device's end of a serial line. `received(bytes)` is called on the line's own thread.

    carried: how many bytes went over it so far, both ways together.
    """

    def __init__(
        self, baud: int, received: Callable[[bytes], None], link: Path | None = None
    ) -> None:
        self.baud = baud
        self.carried = 0
        self._carrying = threading.Lock()
        self._speed = _SPEEDS[baud]
        self._received = received
        self._folder: Path | None = None
        if link is None:
            self._folder = Path(tempfile.mkdtemp(prefix="yimen-pty-"))
            link = self._folder / "line"
        self._link = link
        self._ends: tuple[int, int] | None = None
        self._stop_read, self._stop_write = os.pipe()
        self._thread: threading.Thread | None = None
        self._cut = threading.Event()
        self._writing = threading.Lock()
        self._plugging = threading.Lock()
        self.plug()

    @property
    def port(self) -> str:
        """The path a driver opens."""
        return str(self._link)

    def change_speed(self, baud: int) -> None:
        """From now on the device talks and listens at `baud`."""
        self.baud, self._speed = baud, _SPEEDS[baud]

    def plug(self) -> None:
        with self._plugging:
            if self._ends is None:
                self._plug()

    def _plug(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        # The slave stays open here too, so that a driver closing the port is no hang-up.
        self._ends = (master, slave)
        self._cut.clear()
        self._link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._link.with_name(f".{self._link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(slave))
        fresh.replace(self._link)
        self._thread = threading.Thread(
            target=self._listen, args=(master, slave), name="pty-line", daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """Pull the cable, in the middle of a frame if one is on the way."""
        with self._plugging:
            if self._ends is not None:
                self._unplug(self._ends)

    def _unplug(self, ends: tuple[int, int]) -> None:
        self._cut.set()
        os.write(self._stop_write, b"x")
        if self._thread is not None:
            self._thread.join()
        with self._writing:
            self._ends = None
            self._link.unlink(missing_ok=True)
            for end in ends:
                os.close(end)

    def close(self) -> None:
        self.unplug()
        for end in (self._stop_read, self._stop_write):
            os.close(end)
        if self._folder is not None:
            self._folder.rmdir()

    def send(
        self, data: bytes, after_bytes: int = 0, stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Put `data` on the wire at its baud rate; returns when the last byte has arrived.

        after_bytes: that many bytes came the other way first and took their time too.
        stop: asked between groups of bytes; True ends the sending in mid-frame.
        """
        seconds_per_byte = BITS_PER_BYTE / self.baud
        begin = time.monotonic() + after_bytes * seconds_per_byte
        with self._writing:
            for at in range(0, len(data), FIFO_BYTES):
                group = data[at : at + FIFO_BYTES]
                due = begin + (at + len(group)) * seconds_per_byte
                if self._cut.wait(max(0.0, due - time.monotonic())) or stop():
                    return
                if self._ends is None:
                    return
                os.write(self._ends[0], group)
                self._count(group)

    def _count(self, data: bytes) -> None:
        with self._carrying:
            self.carried += len(data)

    def _listen(self, master: int, slave: int) -> None:
        while True:
            ready, _, _ = select.select([master, self._stop_read], [], [])
            if self._stop_read in ready:
                os.read(self._stop_read, 1)
                return
            data = os.read(master, 4096)
            self._count(data)
            # A driver at another speed is noise to the device.
            if termios.tcgetattr(slave)[5] == self._speed:
                self._received(data)
