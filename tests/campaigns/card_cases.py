"""Spoiled answers for the card drivers: what a broken card, reader or cable could give."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from random import Random

from devices.cards.samv_frames import (
    Reply,
    base_parts,
    decode_reply,
    encode,
    fault_of,
    sam_id_text,
)
from devices.cards.samv_text import parse_newest_address, parse_text
from devices.cards.smartcard import CardApplication
from devices.cards.social_security import SocialSecurityCard
from devices.cards.travel_document import AccessKey, TravelDocument, TrustStore
from devices.testbed import passport
from devices.testbed.cards import NAMES, sample_card
from devices.testbed.chips import SamChip
from tests.campaigns.spoiling import mutated, named

SAM_CARDS = tuple(name for name in NAMES if isinstance(sample_card(name).chip, SamChip))
# One that somebody altered would hide whether spoiling ever looks like that.
SMARTCARDS = tuple(name for name in NAMES if name not in SAM_CARDS and "altered" not in name)
# How many answers of one read are spoiled, at most.
MOST_SPOILED = 3
# A passport takes about forty exchanges; most faults should fall where there is something to read.
LAST_SPOILED = 45
STATUS_WORDS = (0x9000, 0x6100, 0x61FF, 0x6C00, 0x6C05, 0x6282, 0x6300, 0x6700, 0x6982, 0x6988,
                0x6A82, 0x6A83, 0x6B00, 0x6D00, 0x6F00, 0x0000, 0xFFFF)  # fmt: skip


def spoiled_frame(chance: Random) -> bytes:
    """A reply of a SAM-V module, wrong on the wire or (checksum right) already in the module."""
    chip = sample_card(chance.choice(SAM_CARDS)).chip
    assert isinstance(chip, SamChip)
    body = chance.choice(
        (
            b"\0\0\x90\x01\x00\x04\x00" + chip.text + chip.photo,
            b"\0\0\x90\x01\x00\x04\x00\x04\x00" + chip.text + chip.photo + filler(1024),
            b"\0\0\x90" + "新地址".encode("utf-16-le").ljust(70, b"\0"),
            b"\0\0\x9f" + bytes(4),
            b"\0\0\x90" + bytes(16),
            bytes([0, 0, chance.randrange(256)]),
        )
    )
    if chance.random() < 0.5:
        return mutated(bytes(encode(body)), chance)
    return bytes(encode(mutated(body, chance)[:2300]))


def filler(size: int) -> bytes:
    """Bytes that are not all alike, for data nobody looks into."""
    return bytes(range(256)) * (size // 256)


def sam_frame(chance: Random) -> tuple[str, Callable[[], str]]:
    frame = bytearray(spoiled_frame(chance))

    def run() -> str:
        reply = decode_reply(frame, len(frame))
        if reply is None:
            return ""  # the driver goes on waiting, up to its limit
        if reply.status != 0x90:
            return fault_of(reply.status).code
        for take in (_base, _base_and_fingerprint, _address, _number):
            named(partial(take, frame, reply))
        return ""

    return f"{len(frame)} bytes", run


def _base(frame: bytearray, reply: Reply) -> str:
    parts = base_parts(frame, reply)
    parse_text(frame[parts.text], bytes(frame[parts.photo]))
    return ""


def _base_and_fingerprint(frame: bytearray, reply: Reply) -> str:
    parts = base_parts(frame, reply, fingerprint=True)
    parse_text(frame[parts.text], bytes(frame[parts.photo]))
    return ""


def _address(frame: bytearray, reply: Reply) -> str:
    return parse_newest_address(frame[reply.start : reply.end])[:0]


def _number(frame: bytearray, reply: Reply) -> str:
    return sam_id_text(bytes(frame[reply.start : reply.end]))[:0]


def social_security(chance: Random) -> tuple[str, Callable[[], str]]:
    return _spoiled_read(chance, chance.choice(SMARTCARDS), SocialSecurityCard())


@cache
def _passport_reader() -> TravelDocument:
    document = sample_card("kim_passport").document
    assert document is not None
    key = AccessKey.from_mrz(passport.mrz(document))
    return TravelDocument(lambda: key, TrustStore([passport.state().certificate]))


def travel_document(chance: Random) -> tuple[str, Callable[[], str]]:
    name = "kim_passport" if chance.random() < 0.9 else chance.choice(SMARTCARDS)
    return _spoiled_read(chance, name, _passport_reader())


def _spoiled_read(
    chance: Random, name: str, application: CardApplication
) -> tuple[str, Callable[[], str]]:
    """A whole read of a card of which a few answers go wrong."""
    chip = sample_card(name).chip
    assert not isinstance(chip, SamChip)
    spoiled = {chance.randrange(LAST_SPOILED) for _ in range(chance.randint(1, MOST_SPOILED))}
    exchanges = iter(range(1_000_000))

    def transmit(command: bytes) -> bytearray:
        answer = chip.respond(command)
        if next(exchanges) in spoiled:
            if chance.random() < 0.3:
                answer = answer[:-2] + chance.choice(STATUS_WORDS).to_bytes(2, "big")
            else:
                answer = mutated(answer, chance)
        return bytearray(answer)

    def run() -> str:
        chip.power_on()
        return "" if application.read(transmit) else "card.unknown"

    return name, run
