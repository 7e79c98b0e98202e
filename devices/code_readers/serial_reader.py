"""Driver for a QR and bar code reader on a serial line (or USB playing one)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from devices.code_readers.code_lines import CodeLines
from devices.code_readers.events import CodeEvent, CodeReaderState
from devices.errors import DeviceFault
from devices.serial_wire import SerialWire

log = logging.getLogger(__name__)

WAIT_SLICE_SECONDS = 0.2
BACK_OFF_SECONDS = 0.2
# A line without an end is given up after this long a pause: the next code must not hang on to it.
PAUSE_SECONDS = 1.0


class CodeReader:
    """Delivers CodeScanned, CodeFault and CodeReaderState on its own thread, from start to stop.

    port: a serial device path. Lost and found again by itself.
    """

    def __init__(
        self, port: str, deliver: Callable[[CodeEvent], None], *, baud: int = 9600
    ) -> None:
        self._wire = SerialWire(port, baud)
        self._deliver = deliver
        self._lines = CodeLines()
        self._buffer = bytearray(4096)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._present: bool | None = None

    def start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="code-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except DeviceFault as fault:
                log.info("code reader: %s (%s)", fault.code, fault)
                self._lose_reader()
            except Exception as error:  # noqa: BLE001
                # The supervisor: whatever fails, codes must be read again. Only the type is
                # logged, since a message could quote the code.
                log.error("code reader failed: %s", type(error).__name__)
                self._lose_reader()
        self._wire.close()

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

    def _tell_state(self, present: bool) -> None:
        if present != self._present:
            self._present = present
            self._deliver(CodeReaderState(present))

    def _lose_reader(self) -> None:
        self._wire.close()
        self._lines.forget()
        try:
            self._tell_state(False)
        except Exception as error:  # noqa: BLE001
            # The receiver failed, not the reader; the thread must live on all the same.
            log.error("code reader: delivery failed: %s", type(error).__name__)
        self._stopping.wait(BACK_OFF_SECONDS)
