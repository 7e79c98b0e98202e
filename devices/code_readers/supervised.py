"""What all code readers share: a thread that listens, loses the reader, and finds it again."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from devices.code_readers.events import CodeEvent, CodeReaderState
from devices.errors import DeviceFault

log = logging.getLogger(__name__)

WAIT_SLICE_SECONDS = 0.2
BACK_OFF_SECONDS = 0.2


class SupervisedReader(ABC):
    """Delivers CodeScanned, CodeFault and CodeReaderState on its own thread, from start to stop."""

    def __init__(self, deliver: Callable[[CodeEvent], None]) -> None:
        self._deliver = deliver
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

    @abstractmethod
    def _listen(self) -> None:
        """Open the wire, say that the reader is there, deliver until `_stopping` is set.

        Raises DeviceFault("reader.gone") when the wire is lost.
        """

    @abstractmethod
    def _let_go(self) -> None:
        """Close the wire and forget a code begun."""

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
        self._let_go()

    def _tell_state(self, present: bool) -> None:
        if present != self._present:
            self._present = present
            self._deliver(CodeReaderState(present))

    def _lose_reader(self) -> None:
        self._let_go()
        try:
            self._tell_state(False)
        except Exception as error:  # noqa: BLE001
            # The receiver failed, not the reader; the thread must live on all the same.
            log.error("code reader: delivery failed: %s", type(error).__name__)
        self._stopping.wait(BACK_OFF_SECONDS)
