"""A PC/SC reader for all kinds of cards with contacts or antenna that a kiosk knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from devices.cards.apdu import Transmit
from devices.cards.pcsc_card import SILENCE_SECONDS, PcscCard
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
    silence: seconds one command to a card may wait for its answer.
    Satisfies devices.cards.CardReader.
    """

    def __init__(
        self,
        applications: Sequence[CardApplication],
        reader_name_prefix: str = "",
        *,
        name: str = "smartcard",
        silence: float = SILENCE_SECONDS,
    ) -> None:
        self._name = name
        self._applications = tuple(applications)
        self._readers = PcscReaders(reader_name_prefix)
        self._card = PcscCard()
        self._silence = silence

    @property
    def name(self) -> str:
        return self._name

    def wait_for_card(self, timeout: float) -> bool:
        return self._readers.wait_for_card(timeout)

    def wait_for_removal(self, timeout: float) -> bool:
        return self._readers.wait_for_removal(timeout)

    def close(self) -> None:
        self._readers.close()
        self._card.close()

    def read(self) -> IdentityDocument:
        """Raises DeviceFault: card.unknown for a card that is none of ours, card.removed,
        card.unreadable, reader.gone, and what the applications raise.
        """
        reader = self._readers.occupied
        if reader is None:
            raise DeviceFault("card.removed", "no card found yet")
        if self._card.ended:
            self._card = PcscCard()
        card = self._card
        try:
            return card.run(lambda: self._read(card, reader), self._silence)
        except DeviceFault as fault:
            if fault.code == "card.unreadable" and self._readers.wait_for_removal(0):
                # Some readers notice a lifted card only a moment after the command to it failed.
                raise DeviceFault("card.removed", str(fault)) from fault
            raise

    def _read(self, card: PcscCard, reader: str) -> IdentityDocument:
        fault = DeviceFault("card.unreadable")
        for _ in range(READ_ATTEMPTS):
            try:
                card.connect(reader)
                for application in self._applications:
                    document = application.read(card.transmit)
                    if document is not None:
                        return document
                raise DeviceFault("card.unknown", "no application of ours on this card")
            except DeviceFault as failed:
                fault = failed
                if failed.code != "card.unreadable":
                    break
            finally:
                card.disconnect()
        raise fault
