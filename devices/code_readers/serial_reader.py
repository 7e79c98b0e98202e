"""Driver for a QR and bar code reader on a serial line (or USB playing one)."""

from __future__ import annotations

import time
from collections.abc import Callable

from devices.code_readers.code_lines import CodeLines
from devices.code_readers.events import CodeEvent
from devices.code_readers.supervised import WAIT_SLICE_SECONDS, SupervisedReader
from devices.serial_wire import SerialWire

# A line without an end is given up after this long a pause: the next code must not hang on to it.
PAUSE_SECONDS = 1.0


class CodeReader(SupervisedReader):
    """port: a serial device path. Lost and found again by itself."""

    def __init__(
        self, port: str, deliver: Callable[[CodeEvent], None], *, baud: int = 9600
    ) -> None:
        super().__init__(deliver)
        self._wire = SerialWire(port, baud)
        self._lines = CodeLines()
        self._buffer = bytearray(4096)

    def _listen(self) -> None:
        self._wire.open()
        self._tell_state(True)
        last = time.monotonic()
        while not self._stopping.is_set():
            count = self._wire.receive_into(self._buffer, 0, time.monotonic() + WAIT_SLICE_SECONDS)
            now = time.monotonic()
            if count == 0:
                if now - last > PAUSE_SECONDS:
                    self._lines.forget()
                continue
            last = now
            with memoryview(self._buffer) as view, view[:count] as fresh:
                for event in self._lines.feed(fresh):
                    self._deliver(event)
            self._buffer[:count] = bytes(count)

    def _let_go(self) -> None:
        self._wire.close()
        self._lines.forget()
