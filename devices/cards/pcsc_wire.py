"""PC/SC as drivers want it: any matching reader, named faults, and back again after a restart.

Built on the plain calls of winscard instead of pyscard's CardMonitor, whose thread ends for good
when pcscd stops. Here every wait is a short call on the caller's thread, and a lost context is
established anew by the next call.
"""

from __future__ import annotations

import time
from typing import Any

from smartcard import scard

from devices.errors import DeviceFault

# What pcscd answers when a card was lifted, maybe long ago, maybe during this call.
REMOVED = frozenset(
    code & 0xFFFFFFFF
    for code in (
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_W_UNPOWERED_CARD,
    )
)
# What it answers about a card it cannot get on with; the reader is fine.
CARD_TROUBLE = frozenset(
    code & 0xFFFFFFFF
    for code in (
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_W_UNSUPPORTED_CARD,
        scard.SCARD_W_RESET_CARD,
        scard.SCARD_E_PROTO_MISMATCH,
        scard.SCARD_E_SHARING_VIOLATION,
        scard.SCARD_E_NOT_TRANSACTED,
        scard.SCARD_E_NOT_READY,
        scard.SCARD_E_TIMEOUT,
        scard.SCARD_E_INSUFFICIENT_BUFFER,
        scard.SCARD_F_COMM_ERROR,
    )
)
TIMEOUT = scard.SCARD_E_TIMEOUT & 0xFFFFFFFF
# The upper half of a reader's state counts insertions and removals.
COUNTER_SHIFT = 16


class PcscReaders:
    """All PC/SC readers whose name begins with `prefix`; the first with a card is served.

    Every method raises DeviceFault: reader.gone, card.removed, card.unreadable.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._context: Any = None
        self._states: dict[str, int] = {}
        self._seen: tuple[str, int] | None = None
        self._card: Any = None
        self._protocol = 0

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

    def connect(self) -> None:
        """Power the card found last and choose T=0 or T=1, whichever it speaks."""
        if self._seen is None:
            raise DeviceFault("card.removed", "no card found yet")
        result, card, protocol = scard.SCardConnect(
            self._context,
            self._seen[0],
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        self._check(result, "connect")
        self._card = card
        self._protocol = (
            scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        )

    def transmit(self, command: bytes) -> bytearray:
        result, answer = scard.SCardTransmit(self._card, self._protocol, list(command))
        self._check(result, "transmit")
        data = bytearray(answer)
        answer[:] = [0] * len(answer)
        return data

    def disconnect(self) -> None:
        """Power the card off. Does nothing when not connected."""
        card, self._card = self._card, None
        if card is not None:
            scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)

    def close(self) -> None:
        self.disconnect()
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
        code = result & 0xFFFFFFFF
        if code == scard.SCARD_S_SUCCESS:
            return
        detail = f"{doing}: PC/SC {code:08X}"
        if code in REMOVED:
            raise DeviceFault("card.removed", detail)
        if code in CARD_TROUBLE and self._context is not None and self._seen is not None:
            raise DeviceFault("card.unreadable", detail)
        # All the rest means pcscd or the reader left us; the context is of no more use.
        raise DeviceFault("reader.gone", detail)
