"""Cards that say who stands here: resident card (SAM-V, serial), social security card (PC/SC).

A reader is anything that satisfies `CardReader`; `CardWatch` turns readers into events.
"""

from devices.cards.events import (
    CardEvent,
    CardFault,
    CardGone,
    CardRead,
    CardReader,
    CardSeen,
    ReaderState,
)
from devices.cards.watch import CardWatch

__all__ = [
    "CardEvent",
    "CardFault",
    "CardGone",
    "CardRead",
    "CardReader",
    "CardSeen",
    "CardWatch",
    "ReaderState",
]
