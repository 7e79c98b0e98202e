"""The line to one card over PC/SC, and how to leave it behind when the card falls silent.

pcscd knows no way out of a command that a card never answers: SCardCancel ends waiting for readers
only, and while the command lasts its whole context is locked. So a card has a context of its own,
and is read on a thread of its own; a silent card keeps both until it is lifted, and nobody waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from smartcard import scard

from devices.cards.pcsc_codes import fault_of
from devices.errors import DeviceFault

# Longer than any command of ours takes any card; one that needs time says so to the reader, and
# even then answers within seconds (ISO/IEC 7816-3, waiting time extension).
SILENCE_SECONDS = 4.0
# How often a clock is looked at while the card answers one command after the other.
LOOK_SECONDS = 0.5

T = TypeVar("T")


class PcscCard:
    """The context, connection and commands of a card, and the thread on which it is read.

    connect(), transmit() and disconnect() are for the work given to run(); they raise DeviceFault.
    ended: closed, or left behind with a silent card; it cannot be used any more.
    """

    def __init__(self) -> None:
        self.ended = False
        self._context: Any = None
        self._card: Any = None
        self._protocol = 0
        self._asked_at: float | None = None
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        # One thread for all reads: a new one each time is slower, and begins with cold memory.
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[], T], limit: float = SILENCE_SECONDS) -> T:
        """What `work`, which talks to the card, returns or raises; done on the card's own thread.

        Raises DeviceFault("card.unreadable") once a single command has waited for `limit` seconds.
        Then, or when the waiting itself is broken off, the card and this object are left behind.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="card-reading", daemon=True)
            self._thread.start()
        job = _Job(work)
        self._jobs.put(job)
        try:
            while not job.done.wait(min(LOOK_SECONDS, max(0.001, limit - self.silent_for()))):
                if self.silent_for() >= limit:
                    raise DeviceFault("card.unreadable", "card does not answer")
        finally:
            if not job.done.is_set():
                job.abandon()
                self.close()
        error, job.error = job.error, None  # else each would keep the other, and what was read
        if error is not None:
            raise error
        return job.results.pop()

    def close(self) -> None:
        """Power the card off and let go of PC/SC, as soon as the card lets us."""
        self.ended = True
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.do()
            del job  # it holds what was read
        self.disconnect()
        if self._context is not None:
            scard.SCardReleaseContext(self._context)

    def silent_for(self) -> float:
        """Seconds the command under way waits for its answer; 0 between commands."""
        asked_at = self._asked_at
        return 0.0 if asked_at is None else time.monotonic() - asked_at

    def connect(self, reader: str) -> None:
        """Power the card in `reader` and choose T=0 or T=1, whichever it speaks."""
        if self._context is None:
            _, self._context = self._call(
                "establish context", scard.SCardEstablishContext, scard.SCARD_SCOPE_SYSTEM
            )
        _, self._card, protocol = self._call(
            "connect",
            scard.SCardConnect,
            self._context,
            reader,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        self._protocol = (
            scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        )

    def transmit(self, command: bytes) -> bytearray:
        """Command bytes to answer bytes, which are the caller's to overwrite."""
        _, answer = self._call(
            "transmit", scard.SCardTransmit, self._card, self._protocol, list(command)
        )
        data = bytearray(answer)
        answer[:] = [0] * len(answer)
        return data

    def disconnect(self) -> None:
        """Power the card off. Does nothing when not connected, and never fails."""
        card, self._card = self._card, None
        if card is not None:
            with suppress(DeviceFault):  # it is gone already
                self._call("disconnect", scard.SCardDisconnect, card, scard.SCARD_UNPOWER_CARD)

    def _call(self, doing: str, function: Callable[..., Any], *arguments: Any) -> Any:
        self._asked_at = time.monotonic()
        try:
            answer = function(*arguments)
        finally:
            self._asked_at = None
        # Most calls answer a code and more, some the code alone.
        fault = fault_of(answer if isinstance(answer, int) else answer[0], doing)
        if fault is not None:
            raise fault
        return answer


class _Job(Generic[T]):
    """Something to do on another thread, and what came of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.done = threading.Event()
        self.results: list[T] = []
        self.error: BaseException | None = None
        self._work = work
        self._lock = threading.Lock()
        self._abandoned = False

    def do(self) -> None:
        try:
            self.results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - the waiting thread raises it
            self.error = error
        with self._lock:
            if self._abandoned:
                self._forget()
            self.done.set()

    def abandon(self) -> None:
        """Nobody will ask for what comes of it."""
        with self._lock:
            self._abandoned = True
            self._forget()

    def _forget(self) -> None:
        self.results.clear()
        self.error = None
