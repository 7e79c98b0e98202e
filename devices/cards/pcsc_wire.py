"""PC/SC as drivers want it: any matching reader, named faults, and back again after a restart.

Built on the plain calls of winscard instead of pyscard's CardMonitor, whose thread ends for good
when pcscd stops. Here every wait is a short call on the caller's thread, and a lost context is
established anew by the next call.
"""

from __future__ import annotations

import time
from typing import Any

from smartcard import scard

from devices.cards.pcsc_codes import TIMEOUT, fault_of
from devices.errors import DeviceFault

# The upper half of a reader's state counts insertions and removals.
COUNTER_SHIFT = 16


class PcscReaders:
    """Watches all PC/SC readers whose name begins with `prefix`; the first with a card is served.

    Every method raises DeviceFault: reader.gone, card.removed, card.unreadable.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._context: Any = None
        self._states: dict[str, int] = {}
        self._seen: tuple[str, int] | None = None

    @property
    def occupied(self) -> str | None:
        """The name of the reader in which a card was found last, until that card is gone."""
        return self._seen[0] if self._seen is not None else None

    def wait_for_card(self, timeout: float) -> bool:
        """True as soon as a card lies in one of the readers; it is then the card of this object."""
        deadline = time.monotonic() + timeout
        self._look_around()
        while True:
            for name, state in self._states.items():
                if state & scard.SCARD_STATE_PRESENT:
                    self._seen = (name, state >> COUNTER_SHIFT)
                    return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._wait_for_change(self._states, left)

    def wait_for_removal(self, timeout: float) -> bool:
        """True as soon as the card found last is gone, even if another lies there already."""
        if self._seen is None:
            return True
        deadline = time.monotonic() + timeout
        name, counter = self._seen
        states = {name: scard.SCARD_STATE_UNAWARE}
        self._wait_for_change(states, 0)
        while states[name] & scard.SCARD_STATE_PRESENT and states[name] >> COUNTER_SHIFT == counter:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._wait_for_change(states, left)
        self._seen = None
        return True

    def close(self) -> None:
        self._seen = None
        self._states = {}
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def _look_around(self) -> None:
        """Which readers there are now, and what lies in them."""
        if self._context is None:
            result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            self._check(result, "establish context")
            self._context = context
        result, names = scard.SCardListReaders(self._context, [])
        self._check(result, "list readers")
        matching = [name for name in names if name.startswith(self._prefix)]
        if not matching:
            raise DeviceFault("reader.gone", "no matching PC/SC reader")
        self._states = dict.fromkeys(matching, scard.SCARD_STATE_UNAWARE)
        self._wait_for_change(self._states, 0)

    def _wait_for_change(self, states: dict[str, int], timeout: float) -> None:
        """Update `states` in place, waiting up to `timeout` seconds for one to change."""
        result, changed = scard.SCardGetStatusChange(
            self._context, max(0, round(timeout * 1000)), list(states.items())
        )
        if result & 0xFFFFFFFF != TIMEOUT:
            self._check(result, "status")
        for name, state, _atr in changed:
            if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
                raise DeviceFault("reader.gone", "PC/SC reader vanished")
            states[name] = state & ~scard.SCARD_STATE_CHANGED

    def _check(self, result: int, doing: str) -> None:
        fault = fault_of(result, doing, about_a_card=self._seen is not None)
        if fault is not None:
            raise fault
