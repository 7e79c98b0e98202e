"""A serial line as drivers want it: opens itself, says reader.gone, reads into their own buffer."""

from __future__ import annotations

import errno
import os
import select
import termios
import time

import serial

from devices.errors import DeviceFault

# SerialException is an OSError; what termios says of a cable just pulled is not.
LOST = (OSError, ValueError, termios.error)


class SerialWire:
    """8N1, no handshake. Every method raises DeviceFault("reader.gone") when the line is lost."""

    def __init__(self, port: str, baud: int) -> None:
        self._port = port
        self._baud = baud
        self._serial: serial.Serial | None = None

    @property
    def baud(self) -> int:
        return self._baud

    def open(self) -> None:
        """Open the port unless it is open."""
        if self._serial is not None:
            return
        try:
            self._serial = serial.Serial(
                self._port, self._baud, timeout=0, write_timeout=1.0, exclusive=True
            )
        except LOST as error:
            # EAGAIN: another program has it; ENOENT: not plugged in.
            number = getattr(error, "errno", None)
            why = errno.errorcode.get(number, "") if isinstance(number, int) else ""
            why = why or type(error).__name__
            raise DeviceFault("reader.gone", f"cannot open port: {why}") from error

    def close(self) -> None:
        wire, self._serial = self._serial, None
        if wire is not None:
            wire.close()

    def send(self, data: bytes | bytearray) -> None:
        """Forget what came in unasked, then write."""
        self.open()
        assert self._serial is not None
        try:
            self._serial.reset_input_buffer()
            self._serial.write(data)
        except LOST as error:
            self.close()
            raise DeviceFault("reader.gone", f"write: {type(error).__name__}") from error

    def receive_into(self, buffer: bytearray, at: int, deadline: float) -> int:
        """Read what is there into buffer[at:]; wait for it until `deadline` (time.monotonic()).

        Returns the number of bytes, 0 when none came in time. The bytes are never copied elsewhere
        in this process, so overwriting `buffer` removes them.
        """
        self.open()
        assert self._serial is not None
        try:
            line = self._serial.fileno()
            ready, _, _ = select.select([line], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return 0
            with memoryview(buffer) as whole, whole[at:] as rest:
                count = os.readv(line, [rest])
        except LOST as error:
            self.close()
            raise DeviceFault("reader.gone", f"read: {type(error).__name__}") from error
        if count == 0:
            self.close()
            raise DeviceFault("reader.gone", "line hung up")
        return count
