"""What happens at a card reader, and what a reader must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from devices.identity import IdentityDocument


@dataclass(frozen=True)
class ReaderState:
    """The reader became usable (present) or was lost."""

    reader: str
    present: bool


@dataclass(frozen=True)
class CardSeen:
    """A card was laid down; it is being read. CardRead or CardFault follows."""

    reader: str


@dataclass(frozen=True)
class CardRead:
    reader: str
    document: IdentityDocument


@dataclass(frozen=True)
class CardFault:
    """The card could not be read. code: see devices.errors.FAULT_CODES. CardGone still follows."""

    reader: str
    code: str


@dataclass(frozen=True)
class CardGone:
    """The card seen last is no longer there."""

    reader: str


CardEvent = ReaderState | CardSeen | CardRead | CardFault | CardGone


class CardReader(Protocol):
    """One reader. Used by one thread at a time; every method may raise DeviceFault.

    DeviceFault("reader.gone") means: the reader itself is lost. Calling again looks for it again,
    so recovery needs nothing but patience.
    """

    @property
    def name(self) -> str: ...

    def wait_for_card(self, timeout: float) -> bool:
        """True as soon as a card lies there, False after `timeout` seconds without one."""

    def read(self) -> IdentityDocument:
        """Read the card found last. Raises card.removed, card.unreadable, card.unknown, …"""

    def wait_for_removal(self, timeout: float) -> bool:
        """True as soon as that card is gone, False while it still lies there after `timeout`."""

    def close(self) -> None:
        """Let go of the wire. The next call opens it again."""
