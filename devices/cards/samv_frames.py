"""Frames between a computer and a SAM-V module (GA/T 467-2019). Pure: no wire, no clock.

    request  AA AA AA 96 69 | length u16BE | command parameter data… | XOR
    reply    AA AA AA 96 69 | length u16BE | SW1 SW2 SW3 data…       | XOR

The length counts everything after itself, the XOR included. The XOR covers length to data.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor

from devices.errors import DeviceFault

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
LENGTH_BYTES = 2
HEAD_BYTES = len(PREAMBLE) + LENGTH_BYTES
# Base data with fingerprints, the longest reply there is, is 2321 bytes on the wire.
LONGEST_FRAME_BYTES = 2321
SHORTEST_BODY_BYTES = 3  # command, parameter, XOR

TEXT_BYTES = 256
PHOTO_BYTES = 1024
FINGERPRINT_BYTES = 1024
SAM_ID_BYTES = 16


class Command(Enum):
    """Two bytes: command, parameter. SET_BAUD is one, its parameter goes as data."""

    RESET = b"\x10\xff"
    STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ_BASE = b"\x30\x01"
    READ_BASE_AND_FINGERPRINT = b"\x30\x10"
    READ_NEWEST_ADDRESS = b"\x30\x03"
    SET_BAUD = b"\x60"  # the parameter says which, see BAUDS


# What SET_BAUD calls each speed, in bits per second; the factory's first.
BAUDS = {115200: 0, 57600: 1, 38400: 2, 19200: 3, 9600: 4}


OK = 0x90
CARD_FOUND = 0x9F
FIND_FAILED = 0x80
SELECT_FAILED = 0x81
READ_FAILED = 0x41
NO_SUCH_ITEM = 0x91
BAD_CHECKSUM = 0x10
BAD_LENGTH = 0x11
BAD_COMMAND = 0x21
WRONG_CARD = 0x40

# What each third status byte means to us. Not listed: neither success nor known.
STATUS_FAULTS: dict[int, tuple[str, str]] = {
    BAD_CHECKSUM: ("card.unreadable", "reader saw a wrong checksum"),
    BAD_LENGTH: ("card.unreadable", "reader saw a wrong length"),
    BAD_COMMAND: ("card.unreadable", "reader does not know the command"),
    0x24: ("card.unreadable", "reader reports an unknown error"),
    0x31: ("card.unknown", "card rejected the reader"),
    0x32: ("card.unknown", "reader rejected the card"),
    0x33: ("card.unreadable", "information check failed"),
    WRONG_CARD: ("card.unknown", "wrong kind of card"),
    READ_FAILED: ("card.unreadable", "read failed"),
    0x47: ("card.unreadable", "random number failed"),
    0x60: ("reader.gone", "self-test failed"),
    0x66: ("reader.gone", "module is not authorised"),
    FIND_FAILED: ("card.removed", "no card found"),
    SELECT_FAILED: ("card.unreadable", "select failed"),
    NO_SUCH_ITEM: ("card.unreadable", "card holds no such item"),
}


@dataclass(frozen=True)
class Span:
    """Where a frame's body (command or status, then data; no length, no XOR) lies in a buffer."""

    start: int
    end: int
    checksum_right: bool


def checksum(covered: bytes | bytearray | memoryview) -> int:
    return reduce(xor, covered, 0)


def encode(body: bytes | bytearray) -> bytearray:
    """A whole frame around `body` (a request's command and data, or a reply's status and data)."""
    covered = (len(body) + 1).to_bytes(LENGTH_BYTES, "big") + body
    return bytearray(PREAMBLE + covered + bytes([checksum(covered)]))


def request(command: Command, data: bytes = b"") -> bytearray:
    return encode(command.value + data)


def find_frame(buffer: bytearray, received: int) -> Span | None:
    """The first whole frame in buffer[:received], or None while bytes are missing.

    Skips what precedes a preamble, and a preamble whose length no frame can have: a reader that
    was interrupted starts anew in the middle of the line.
    """
    at = 0
    while True:
        at = buffer.find(PREAMBLE, at, received)
        if at < 0 or at + HEAD_BYTES > received:
            return None
        start = at + HEAD_BYTES
        length = int.from_bytes(buffer[start - LENGTH_BYTES : start], "big")
        if not SHORTEST_BODY_BYTES <= length <= LONGEST_FRAME_BYTES - HEAD_BYTES:
            at += 1
            continue
        if start + length > received:
            # A false preamble in the noise may hide the true one; look for a later whole frame.
            later = buffer.find(PREAMBLE, at + 1, received)
            if later < 0:
                return None
            at = later
            continue
        last = start + length - 1
        with memoryview(buffer) as view, view[start - LENGTH_BYTES : last] as covered:
            return Span(start, last, checksum(covered) == buffer[last])


@dataclass(frozen=True)
class Reply:
    """status: the third status byte. data lies in the buffer at start:end, not copied."""

    status: int
    start: int
    end: int


def decode_reply(buffer: bytearray, received: int) -> Reply | None:
    """The reply in buffer[:received], or None while bytes are missing.

    Raises DeviceFault("card.unreadable") when the checksum or the status bytes are wrong.
    """
    span = find_frame(buffer, received)
    if span is None:
        return None
    if not span.checksum_right:
        raise DeviceFault("card.unreadable", "wrong checksum from the reader")
    if span.end - span.start < 3 or buffer[span.start] or buffer[span.start + 1]:
        raise DeviceFault("card.unreadable", "reply without status")
    return Reply(buffer[span.start + 2], span.start + 3, span.end)


def fault_of(status: int) -> DeviceFault:
    """The named fault for a status byte that is not the one hoped for."""
    code, meaning = STATUS_FAULTS.get(status, ("card.unreadable", "status not in GA/T 467"))
    return DeviceFault(code, f"SW3 {status:02X}: {meaning}")


@dataclass(frozen=True)
class BaseParts:
    """Where the parts of base data lie in a buffer; an absent one is empty."""

    text: slice
    photo: slice
    fingerprint: slice


def base_parts(buffer: bytearray, reply: Reply, *, fingerprint: bool = False) -> BaseParts:
    """The parts of the reply to READ_BASE, or READ_BASE_AND_FINGERPRINT. Raises card.unreadable."""
    parts = 3 if fingerprint else 2
    at = reply.start + 2 * parts
    if reply.end < at:
        raise DeviceFault("card.unreadable", "base data without lengths")
    lengths = [
        int.from_bytes(buffer[place : place + 2], "big") for place in range(reply.start, at, 2)
    ]
    text, photo, finger = (*lengths, 0)[:3]
    if (
        text != TEXT_BYTES
        or photo not in (0, PHOTO_BYTES)
        or finger not in (0, FINGERPRINT_BYTES)
        or at + text + photo + finger != reply.end
    ):
        raise DeviceFault("card.unreadable", "base data of a wrong length")
    photo_at = at + text
    finger_at = photo_at + photo
    return BaseParts(
        slice(at, photo_at), slice(photo_at, finger_at), slice(finger_at, finger_at + finger)
    )


def sam_id_text(data: bytes) -> str:
    """The 16 bytes of a module's number as it is printed: u16LE u16LE u32LE u32LE u32LE.

    Raises DeviceFault("card.unreadable") for another length.
    """
    if len(data) != SAM_ID_BYTES:
        raise DeviceFault("card.unreadable", f"SAM id of {len(data)} bytes")
    maker, kind, made, first, second = struct.unpack("<HHIII", data)
    return f"{maker:02d}.{kind:02d}-{made:d}-{first:010d}-{second:010d}"
