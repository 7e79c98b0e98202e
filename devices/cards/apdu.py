"""Talking to a chip card (ISO/IEC 7816-4): commands, status words, records. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.errors import DeviceFault

SW_OK = 0x9000
SW_NOT_ALLOWED = 0x6982
SW_FILE_NOT_FOUND = 0x6A82
SW_RECORD_NOT_FOUND = 0x6A83
MORE_DATA = 0x61
WRONG_LENGTH = 0x6C
# A card that keeps asking for another round is broken; none of ours needs more than two.
MOST_ROUNDS = 8

# First status bytes of a card that works but does not know a name (ISO/IEC 7816-4): not ours.
REFUSALS = frozenset({0x62, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D, 0x6E})
NO_ANSWER = 0x0C  # P2 of SELECT: do not describe what was selected

Transmit = Callable[[bytes], bytearray]
"""Command bytes to answer bytes, status word last."""


@dataclass(frozen=True, repr=False)
class Response:
    """data: the caller's to overwrite. sw: both status bytes as one number."""

    data: bytearray
    sw: int


def select_by_name(name: bytes, *, no_answer: bool = False) -> bytes:
    return bytes([0x00, 0xA4, 0x04, NO_ANSWER if no_answer else 0x00, len(name)]) + name


def select_file(identifier: int, *, no_answer: bool = False) -> bytes:
    p2 = NO_ANSWER if no_answer else 0x00
    return bytes([0x00, 0xA4, 0x02, p2, 0x02]) + identifier.to_bytes(2, "big")


def read_record_by_tag(tag: int) -> bytes:
    return bytes([0x00, 0xB2, tag, 0x00, 0x00])


def exchange(transmit: Transmit, command: bytes) -> Response:
    """Send `command`; fetch what 61xx announces, repeat with the length 6Cxx asks for.

    Raises DeviceFault("card.unreadable") for an answer without status or without an end.
    """
    data = bytearray()
    for _ in range(MOST_ROUNDS):
        answer = transmit(command)
        if len(answer) < 2:
            raise DeviceFault("card.unreadable", "answer without status")
        sw1, sw2 = answer[-2:]
        del answer[-2:]
        if sw1 == WRONG_LENGTH and len(command) >= 5:
            # Keep what the command carries (case 4), its length field comes last.
            carried = 1 + command[4] if len(command) > 5 else 0
            command = command[: 4 + carried] + bytes([sw2])
            continue
        data += answer
        answer[:] = bytes(len(answer))
        if sw1 != MORE_DATA:
            return Response(data, sw1 << 8 | sw2)
        command = bytes([command[0] & 0x03, 0xC0, 0x00, 0x00, sw2])
    raise DeviceFault("card.unreadable", "card never finishes its answer")


def record_value(data: bytearray, tag: int) -> bytearray:
    """The value in one tag-length-value record. Raises card.unreadable."""
    if len(data) < 2 or data[0] != tag or data[1] > len(data) - 2:
        raise DeviceFault("card.unreadable", f"record {tag:02X} is not tag-length-value")
    return data[2 : 2 + data[1]]
