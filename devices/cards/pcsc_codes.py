"""What pcscd answers (pcsclite.h), as faults of ours."""

from __future__ import annotations

from smartcard import scard

from devices.errors import DeviceFault

# A card was lifted, maybe long ago, maybe during this call.
REMOVED = frozenset(
    code & 0xFFFFFFFF
    for code in (
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_W_UNPOWERED_CARD,
    )
)
# It cannot get on with the card; the reader is fine.
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


def fault_of(result: int, doing: str, *, about_a_card: bool = True) -> DeviceFault | None:
    """The fault a call's result means; None for success.

    about_a_card: whether the call was about a card; else only the reader can be at fault.
    """
    code = result & 0xFFFFFFFF
    if code == scard.SCARD_S_SUCCESS:
        return None
    detail = f"{doing}: PC/SC {code:08X}"
    if code in REMOVED:
        return DeviceFault("card.removed", detail)
    if about_a_card and code in CARD_TROUBLE:
        return DeviceFault("card.unreadable", detail)
    # All the rest means pcscd or the reader left us; the context is of no more use.
    return DeviceFault("reader.gone", detail)
