"""Readers become events: one thread a reader, and one that sees to it that they live."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from devices.cards.events import (
    CardEvent,
    CardFault,
    CardGone,
    CardRead,
    CardReader,
    CardSeen,
    ReaderState,
)
from devices.errors import DeviceFault

log = logging.getLogger(__name__)

# How long a worker stays inside a reader before it looks whether it should stop.
WAIT_SLICE_SECONDS = 0.2
# A lost reader is looked for again after this; a crashing driver after up to the longest.
FIRST_BACK_OFF_SECONDS = 0.1
LONGEST_BACK_OFF_SECONDS = 1.0
# Longer than any driver of ours may stay in a card that does not answer.
STOP_LIMIT_SECONDS = 5.0
# How often it is looked whether every worker lives.
LOOK_SECONDS = 0.25


class CardWatch:
    """Watches readers and delivers what happens, in order for each reader.

    `deliver` is called on worker threads; it should only hand the event on (a queue's `put`).
    After CardSeen comes CardRead or CardFault, then CardGone, always in this order, also when a
    driver crashes or its thread dies in between: then the reader counts as lost and found again.
    """

    def __init__(self, readers: Sequence[CardReader], deliver: Callable[[CardEvent], None]) -> None:
        self._workers = [_Worker(reader, deliver) for reader in readers]
        self._stopping = threading.Event()
        self._supervisor: threading.Thread | None = None

    def start(self) -> None:
        if self._supervisor is not None and self._supervisor.is_alive():
            return
        self._stopping.clear()
        for worker in self._workers:
            worker.start()
        self._supervisor = threading.Thread(
            target=self._supervise, name="card-watch", daemon=True
        )
        self._supervisor.start()

    def stop(self) -> None:
        """Ask every worker to stop and wait until it has, with its reader closed.

        A worker stuck in a card that fell silent is left behind after STOP_LIMIT_SECONDS.
        """
        self._stopping.set()
        if self._supervisor is not None:
            self._supervisor.join()
        for worker in self._workers:
            worker.ask_to_stop()
        for worker in self._workers:
            worker.join()

    @property
    def idle(self) -> bool:
        """No card is being read and no event is being delivered."""
        return not any(worker.busy.is_set() for worker in self._workers)

    def _supervise(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for worker in self._workers:
                worker.revive()


class _Worker:
    def __init__(self, reader: CardReader, deliver: Callable[[CardEvent], None]) -> None:
        self.busy = threading.Event()
        self._reader = reader
        self._deliver = deliver
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._card_lies = False
        self._owes_answer = False
        self._died = False
        self._present: bool | None = None
        self._back_off = FIRST_BACK_OFF_SECONDS

    def start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._stopping.clear()
        self._begin()

    def revive(self) -> None:
        """Begin anew where the thread ended by itself: an exit called, or memory run out."""
        if self._thread is None or self._thread.is_alive():
            return
        log.error("%s: thread died, started again", self._reader.name)
        self._died = True
        self._begin()

    def _begin(self) -> None:
        self._thread = threading.Thread(
            target=self._run, name=f"card-watch-{self._reader.name}", daemon=True
        )
        self._thread.start()

    def ask_to_stop(self) -> None:
        self._stopping.set()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(STOP_LIMIT_SECONDS)
            if self._thread.is_alive():
                log.error("%s: stuck in its card, left behind", self._reader.name)

    def _run(self) -> None:
        if self._died:
            self._died = False
            self._lose_reader()
        while not self._stopping.is_set():
            try:
                self._watch()
            except DeviceFault as fault:
                log.info("%s: %s (%s)", self._reader.name, fault.code, fault)
                self._lose_reader()
            except Exception as error:  # noqa: BLE001
                # Whatever a driver or its library throws, the reader must come back. Only the
                # type is logged, since a message could quote card data.
                log.error("%s: driver failed: %s", self._reader.name, type(error).__name__)
                self._lose_reader()
        self._close()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            found = self._reader.wait_for_card(WAIT_SLICE_SECONDS)
            self._tell_state(True)
            if found:
                self._serve_card()

    def _serve_card(self) -> None:
        name = self._reader.name
        self.busy.set()
        try:
            self._card_lies = self._owes_answer = True
            self._deliver(CardSeen(name))
            try:
                document = self._reader.read()
            except DeviceFault as fault:
                log.info("%s: %s (%s)", name, fault.code, fault)
                self._answer(CardFault(name, fault.code))
                if fault.code == "reader.gone":
                    raise
            else:
                self._answer(CardRead(name, document))
                del document
        finally:
            self.busy.clear()
        while not self._stopping.is_set():
            if self._reader.wait_for_removal(WAIT_SLICE_SECONDS):
                self._tell_card_gone()
                return

    def _answer(self, event: CardRead | CardFault) -> None:
        self._owes_answer = False
        self._tell(event)

    def _tell_state(self, present: bool) -> None:
        if present:
            self._back_off = FIRST_BACK_OFF_SECONDS
        if present != self._present:
            self._present = present
            self._tell(ReaderState(self._reader.name, present))

    def _tell_card_gone(self) -> None:
        if self._owes_answer:
            # Whoever saw CardSeen waits for one; whatever ended the read is not the card's doing,
            # but to the one who laid it down that makes no difference.
            self._answer(CardFault(self._reader.name, "card.unreadable"))
        if self._card_lies:
            self._card_lies = False
            self._tell(CardGone(self._reader.name))

    def _tell(self, event: CardEvent) -> None:
        self.busy.set()
        try:
            self._deliver(event)
        finally:
            self.busy.clear()

    def _lose_reader(self) -> None:
        """Say what is lost, close, and wait a little longer each time."""
        self._close()
        try:
            self._tell_card_gone()
            self._tell_state(False)
        except Exception as error:  # noqa: BLE001
            # The receiver failed, not the reader; the thread must live on all the same.
            log.error("%s: delivery failed: %s", self._reader.name, type(error).__name__)
        self._stopping.wait(self._back_off)
        self._back_off = min(self._back_off * 2, LONGEST_BACK_OFF_SECONDS)

    def _close(self) -> None:
        try:
            self._reader.close()
        except Exception as error:  # noqa: BLE001
            # Closing what is already broken may fail in any way; there is nothing left to do.
            log.error("%s: close failed: %s", self._reader.name, type(error).__name__)
