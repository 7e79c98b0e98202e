"""The line to one card over PC/SC, and how to leave it behind when the card falls silent.

pcscd knows no way out of a command that a card never answers: SCardCancel ends waiting for readers
only, and while the command lasts its whole context is locked. So a card has a context of its own,
and is read on a thread of its own; a silent card keeps both until it is lifted, and nobody waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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
    """A card's context, connection and commands. Every method raises DeviceFault.

    Used by one thread at a time, except `silent_for`. left_behind: a silent card still holds it;
    it closes itself when that ends and may not be used any more.
    """

    def __init__(self) -> None:
        self.left_behind = False
        self._context: Any = None
        self._card: Any = None
        self._protocol = 0
        self._asked_at: float | None = None

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
            scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)

    def close(self) -> None:
        self.disconnect()
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def _call(self, doing: str, function: Callable[..., Any], *arguments: Any) -> Any:
        self._asked_at = time.monotonic()
        try:
            answer = function(*arguments)
        finally:
            self._asked_at = None
        fault = fault_of(answer[0], doing)
        if fault is not None:
            raise fault
        return answer


def unless_silent(card: PcscCard, work: Callable[[], T], limit: float = SILENCE_SECONDS) -> T:
    """What `work`, which talks to `card`, returns or raises; run on a thread of its own.

    Raises DeviceFault("card.unreadable") once a single command has waited for `limit` seconds;
    then, or when the waiting itself is broken off, `card` is left behind.
    """
    run = _Run(card, work)
    threading.Thread(target=run.work, name="card-reading", daemon=True).start()
    try:
        while not run.done.wait(min(LOOK_SECONDS, max(0.001, limit - card.silent_for()))):
            if card.silent_for() >= limit:
                raise DeviceFault("card.unreadable", "card does not answer")
    finally:
        run.leave()
    if run.error is not None:
        raise run.error
    return run.results.pop()


class _Run(Generic[T]):
    def __init__(self, card: PcscCard, work: Callable[[], T]) -> None:
        self.done = threading.Event()
        self.results: list[T] = []
        self.error: BaseException | None = None
        self._card = card
        self._work = work
        self._lock = threading.Lock()

    def work(self) -> None:
        try:
            self.results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - the waiting thread raises it
            self.error = error
        with self._lock:
            self.done.set()
            if self._card.left_behind:
                # Nobody waits any more: nothing of the card may stay, nor its line.
                self.results.clear()
                self.error = None
                self._card.close()

    def leave(self) -> None:
        """Nobody waits for this any more, unless it is done."""
        with self._lock:
            self._card.left_behind = not self.done.is_set()
