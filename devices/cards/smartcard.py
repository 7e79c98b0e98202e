"""A PC/SC reader for all kinds of cards with contacts or antenna that a kiosk knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from devices.cards.apdu import Transmit
from devices.cards.pcsc_wire import PcscReaders
from devices.errors import DeviceFault
from devices.identity import IdentityDocument

READ_ATTEMPTS = 2


class CardApplication(Protocol):
    """One kind of card: what it takes to read it, given a powered chip."""

    def read(self, transmit: Transmit) -> IdentityDocument | None:
        """None when this card is of another kind. Raises DeviceFault."""


class SmartcardReader:
    """Any PC/SC reader, T=0 or T=1; a card is read by the first application that knows it.

    reader_name_prefix: only readers whose PC/SC name begins so; empty takes any.
    Satisfies devices.cards.CardReader.
    """

    def __init__(
        self,
        applications: Sequence[CardApplication],
        reader_name_prefix: str = "",
        *,
        name: str = "smartcard",
    ) -> None:
        self._name = name
        self._applications = tuple(applications)
        self._readers = PcscReaders(reader_name_prefix)

    @property
    def name(self) -> str:
        return self._name

    def wait_for_card(self, timeout: float) -> bool:
        return self._readers.wait_for_card(timeout)

    def wait_for_removal(self, timeout: float) -> bool:
        return self._readers.wait_for_removal(timeout)

    def close(self) -> None:
        self._readers.close()

    def read(self) -> IdentityDocument:
        """Raises DeviceFault: card.unknown for a card that is none of ours, card.removed,
        card.unreadable, reader.gone, and what the applications raise.
        """
        fault = DeviceFault("card.unreadable")
        for _ in range(READ_ATTEMPTS):
            try:
                self._readers.connect()
                for application in self._applications:
                    document = application.read(self._readers.transmit)
                    if document is not None:
                        return document
                raise DeviceFault("card.unknown", "no application of ours on this card")
            except DeviceFault as failed:
                fault = failed
                if failed.code != "card.unreadable":
                    break
            finally:
                self._readers.disconnect()
        if fault.code == "card.unreadable" and self._readers.wait_for_removal(0):
            # Some readers notice a lifted card only a moment after the command to it failed.
            raise DeviceFault("card.removed", str(fault))
        raise fault
