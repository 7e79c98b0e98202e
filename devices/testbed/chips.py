"""What the chips of sample cards hold and answer: the card's end of the wire, without a wire.

Written from the standards on its own, not from our drivers' tables, so that both can be wrong only
apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from devices.identity import DocumentKind, IdentityDocument

SW_OK = bytes.fromhex("9000")
SW_NOT_ALLOWED = bytes.fromhex("6982")
SW_FILE_NOT_FOUND = bytes.fromhex("6A82")
SW_RECORD_NOT_FOUND = bytes.fromhex("6A83")
SW_BAD_INSTRUCTION = bytes.fromhex("6D00")
SW_WRONG_LENGTH = bytes.fromhex("6700")
SW_BAD_PARAMETERS = bytes.fromhex("6A86")

ATR_T0 = bytes.fromhex("3B00")
ATR_T1 = bytes.fromhex("3B80800101")


@dataclass(frozen=True, repr=False)
class SamChip:
    """An identity card behind a SAM: 256 bytes of text, 1024 of photo, 0 or 70 of new address."""

    text: bytes
    photo: bytes
    newest_address: bytes = b""


class SmartcardChip(Protocol):
    """A chip with contacts. One object is one inserted card: it remembers what is selected."""

    @property
    def atr(self) -> bytes: ...

    def power_on(self) -> None: ...

    def respond(self, apdu: bytes) -> bytes:
        """Data and two status bytes."""


def identity_text(document: IdentityDocument) -> bytes:
    """The 256 bytes GA/T 490 lays down for `document`. Raises ValueError for too long a field."""

    def pad(text: str, width: int) -> bytes:
        raw = text.encode("utf-16-le")
        if len(raw) > width:
            raise ValueError(f"{text!r} needs more than {width} bytes")
        return raw + b" \0" * ((width - len(raw)) // 2)

    birth = document.birth_date.strftime("%Y%m%d") if document.birth_date else ""
    start = document.valid_from.strftime("%Y%m%d") if document.valid_from else ""
    end = document.valid_to.strftime("%Y%m%d") if document.valid_to else "长期"
    if document.kind in (DocumentKind.RESIDENT, DocumentKind.HMT):
        head = (
            pad(document.name, 30)
            + pad(document.sex, 2)
            + pad(document.ethnic_group, 4)
            + pad(birth, 16)
            + pad(document.address, 70)
            + pad(document.number, 36)
            + pad(document.issuer, 30)
            + pad(start, 16)
            + pad(end, 16)
        )
        if document.kind is DocumentKind.RESIDENT:
            text = head + pad("", 36)
        else:
            pass_and_issue = pad(document.other_number, 18) + pad("01", 4)
            text = head + pass_and_issue + pad("", 6) + b"J\0" + pad("", 6)
    elif document.kind is DocumentKind.FOREIGNER and len(document.number) == 18:
        text = (
            pad(document.name, 30)
            + pad(document.sex, 2)
            + pad("00", 4)
            + pad(birth, 16)
            + pad(document.name_latin[:35], 70)
            + pad(document.number, 36)
            + pad("", 30)
            + pad(start, 16)
            + pad(end, 16)
            + pad(document.name_latin[35:], 22)
            + pad(document.nationality, 6)
            + b"Y\0"
            + pad("", 6)
        )
    elif document.kind is DocumentKind.FOREIGNER:
        text = (
            pad(document.name_latin, 120)
            + pad(document.sex, 2)
            + pad(document.number, 30)
            + pad(document.nationality, 6)
            + pad(document.name, 30)
            + pad(start, 16)
            + pad(end, 16)
            + pad(birth, 16)
            + pad("01", 4)
            + pad(document.issuer, 8)
            + b"I\0"
            + pad("", 6)
        )
    else:
        raise ValueError(f"{document.kind} is no card behind a SAM")
    assert len(text) == 256
    return text


@dataclass(repr=False)
class SocialSecurityChip:
    """A social security card (LD/T 32-2015).

    version: as stored in EF05/03: "1.00", "2.00" or "3.00". A 3.00 card answers personal data only
    after external authentication, which this one never grants. protocol: 0 or 1.
    answers: in T=0, "get-response" makes the card say 61xx and wait; "exact-length" makes it say
    6Cxx and wait for the same command with that length.
    """

    files: dict[int, dict[int, bytes]]
    version: str
    protocol: int = 0
    answers: str = "get-response"
    _application: bool = field(default=False, init=False)
    _file: int | None = field(default=None, init=False)
    _waiting: bytes = field(default=b"", init=False)

    NAME = b"sx1.sh." + "社会保障".encode("gbk")
    PERSONAL = 0xEF06

    @property
    def atr(self) -> bytes:
        return ATR_T0 if self.protocol == 0 else ATR_T1

    def power_on(self) -> None:
        self._application = False
        self._file = None
        self._waiting = b""

    def respond(self, apdu: bytes) -> bytes:
        if len(apdu) < 4:
            return SW_WRONG_LENGTH
        instruction, p1 = apdu[1], apdu[2]
        waiting, self._waiting = self._waiting, b""
        if instruction == 0xC0:
            return self._hand_over(waiting, apdu[4] if len(apdu) > 4 else 0)
        if instruction == 0xA4:
            return self._select(p1, apdu)
        if instruction == 0xB2:
            return self._read_record(p1, apdu)
        return SW_BAD_INSTRUCTION

    def _hand_over(self, waiting: bytes, wanted: int) -> bytes:
        if not waiting:
            return SW_BAD_PARAMETERS
        if wanted not in (0, len(waiting)):
            self._waiting = waiting
            return bytes([0x6C, len(waiting)])
        return waiting + SW_OK

    def _select(self, p1: int, apdu: bytes) -> bytes:
        if len(apdu) < 5 or len(apdu) < 5 + apdu[4]:
            return SW_WRONG_LENGTH
        name = apdu[5 : 5 + apdu[4]]
        if p1 == 0x04:
            if name != self.NAME:
                return SW_FILE_NOT_FOUND
            self._application, self._file = True, None
            inner = b"\x84" + bytes([len(name)]) + name
            return self._answer(b"\x6f" + bytes([len(inner)]) + inner, can_wait=True)
        number = int.from_bytes(name, "big")
        if p1 != 0x02 or not self._application or number not in self.files:
            return SW_FILE_NOT_FOUND
        self._file = number
        return SW_OK

    def _read_record(self, tag: int, apdu: bytes) -> bytes:
        if self._file is None:
            return SW_FILE_NOT_FOUND
        if self._file == self.PERSONAL and self.version >= "3":
            return SW_NOT_ALLOWED
        value = self.files[self._file].get(tag)
        if value is None:
            return SW_RECORD_NOT_FOUND
        record = bytes([tag, len(value)]) + value
        wanted = apdu[4] if len(apdu) > 4 else 0
        if self.protocol == 0 and self.answers == "exact-length" and wanted != len(record):
            return bytes([0x6C, len(record)])
        return self._answer(record, can_wait=wanted == 0)

    def _answer(self, data: bytes, *, can_wait: bool) -> bytes:
        if self.protocol == 0 and can_wait and self.answers == "get-response":
            self._waiting = data
            return bytes([0x61, len(data)])
        return data + SW_OK


@dataclass(repr=False)
class ForeignChip:
    """A smart card that is none of ours: it knows no application by name."""

    atr: bytes = ATR_T1

    def power_on(self) -> None:
        """Nothing to forget."""

    def respond(self, apdu: bytes) -> bytes:
        return SW_FILE_NOT_FOUND if apdu[1:2] == b"\xa4" else SW_BAD_INSTRUCTION
