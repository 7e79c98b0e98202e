"""Reads one card, drops the document, and waits to be looked into. Run by test_memory.py.

    python -m tests.devices.cards.card_in_a_process KIND PORT_OR_READER [hoard]

hoard: keep what came over the wire, as a driver that does not tidy up would.
"""

from __future__ import annotations

import gc
import sys

from devices.cards.apdu import Response
from devices.cards.events import CardReader
from devices.cards.pcsc_card import PcscCard
from devices.cards.samv import SamvReader
from devices.cards.samv_line import SamvLine
from devices.cards.smartcard import SmartcardReader
from devices.cards.social_security import SocialSecurityCard
from devices.cards.travel_document import AccessKey, TravelDocument
from devices.cards.travel_document.secure_messaging import Session

LIMIT = 10.0


def reader_of(kind: str, place: str) -> CardReader:
    if kind == "id_card":
        return SamvReader(place)
    # Number, birth and expiry as they stand in the printed lines; no name is in them.
    number, birth, expiry = sys.stdin.readline().split() if kind == "passport" else ("", "", "")
    passport = TravelDocument(lambda: AccessKey(number, birth, expiry))
    return SmartcardReader([SocialSecurityCard(), passport], place)


def hoard() -> list[bytes]:
    """From now on everything is kept that a driver has in its hands."""
    kept: list[bytes] = []
    wipe, transmit, unprotect = SamvLine.wipe, PcscCard.transmit, Session.unprotect

    def keep_and_wipe(line: SamvLine) -> None:
        kept.append(bytes(line.buffer))
        wipe(line)

    def keep_answer(card: PcscCard, command: bytes) -> bytearray:
        answer = transmit(card, command)
        kept.append(bytes(answer))
        return answer

    def keep_plain(session: Session, response: Response) -> Response:
        plain = unprotect(session, response)
        kept.append(bytes(plain.data))
        return plain

    SamvLine.wipe = keep_and_wipe  # type: ignore[method-assign, assignment]
    PcscCard.transmit = keep_answer  # type: ignore[method-assign, assignment]
    Session.unprotect = keep_plain  # type: ignore[method-assign, assignment]
    return kept


def main() -> None:
    kept = hoard() if "hoard" in sys.argv else []
    reader = reader_of(sys.argv[1], sys.argv[2])
    assert reader.wait_for_card(LIMIT)
    assert reader.read().number
    gc.collect()
    print(f"looked at {len(kept)} answers", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
