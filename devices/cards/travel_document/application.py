"""Reads the data of a travel document's chip (ICAO 9303-10 and -11)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from devices.cards import apdu
from devices.cards.apdu import Response, Transmit
from devices.cards.travel_document import active, tlv
from devices.cards.travel_document.details import national_name
from devices.cards.travel_document.face import face_picture
from devices.cards.travel_document.mrz import AccessKey, parse_mrz
from devices.cards.travel_document.passive import TrustStore, signed_groups, verify
from devices.cards.travel_document.secure_messaging import (
    NONCE_BYTES,
    MutualAuthentication,
    Session,
)
from devices.errors import DeviceFault
from devices.identity import IdentityDocument

APPLICATION = bytes.fromhex("A0000002471001")
SELECT_MASTER_FILE = bytes.fromhex("00A4000C023F00")
CARD_ACCESS, COMMON, SECURITY = 0x011C, 0x011E, 0x011D
DG1, DG2, DG11, DG14, DG15 = 0x0101, 0x0102, 0x010B, 0x010E, 0x010F
DG1_TAG, DG2_TAG, DG11_TAG, COMMON_TAG = 0x61, 0x75, 0x6B, 0x60
SHARE_BYTES = 16
# 9303-10: a file begins with tag and length, four bytes in most; they say how much follows.
HEAD_BYTES = 4
# With its wrapping, an answer of 256 bytes holds no more than this.
BLOCK_BYTES = 0xE0
# READ BINARY names an offset in 15 bits.
LONGEST_FILE_BYTES = 0x7FFF
END_OF_FILE = 0x6282
LOCKED = frozenset({0x6982, 0x6985, 0x6986, 0x6988})


class TravelDocument:
    """One kind of card for a SmartcardReader.

    access_key: asked while a document lies there; None while its printed lines are not known.
    trust: certificates of issuing states. today: for two-digit years.
    """

    def __init__(
        self,
        access_key: Callable[[], AccessKey | None],
        trust: TrustStore | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._access_key = access_key
        self._trust = trust or TrustStore()
        self._today = today

    def read(self, transmit: Transmit) -> IdentityDocument | None:
        """None when the card is no travel document.

        Raises DeviceFault: card.needs_mrz without a key, card.wrong_mrz for a key of another
        document, card.needs_pace, card.altered for data the issuing state did not sign, and
        card.removed, card.unreadable.
        """
        selected = apdu.exchange(transmit, apdu.select_by_name(APPLICATION, no_answer=True)).sw
        if selected in LOCKED:
            raise self._locked(transmit, selected)
        if selected >> 8 in apdu.REFUSALS:
            return None
        if selected != apdu.SW_OK:
            raise DeviceFault("card.unreadable", f"select application: SW {selected:04X}")
        session = self._open(transmit)
        files = _Files(transmit, session)
        try:
            return self._document(files)
        finally:
            files.wipe()

    def _open(self, transmit: Transmit) -> Session:
        """Basic access control."""
        challenge = apdu.exchange(transmit, bytes([0x00, 0x84, 0x00, 0x00, NONCE_BYTES]))
        if challenge.sw != apdu.SW_OK or len(challenge.data) != NONCE_BYTES:
            raise self._locked(transmit, challenge.sw)
        key = self._access_key()
        if key is None:
            raise DeviceFault("card.needs_mrz", "no access key yet")
        run = MutualAuthentication(
            key, bytes(challenge.data), os.urandom(NONCE_BYTES), os.urandom(SHARE_BYTES)
        )
        answer = apdu.exchange(transmit, run.command())
        if answer.sw >> 8 in (0x63, 0x69):
            raise DeviceFault("card.wrong_mrz", f"authenticate: SW {answer.sw:04X}")
        if answer.sw != apdu.SW_OK:
            raise DeviceFault("card.unreadable", f"authenticate: SW {answer.sw:04X}")
        return run.session(answer.data)

    def _locked(self, transmit: Transmit, status: int) -> DeviceFault:
        """Why a chip does not take basic access control: one for PACE says so in a free file."""
        apdu.exchange(transmit, SELECT_MASTER_FILE)
        if apdu.exchange(transmit, apdu.select_file(CARD_ACCESS, no_answer=True)).sw == apdu.SW_OK:
            return DeviceFault("card.needs_pace", "document opens by PACE only")
        return DeviceFault("card.unreadable", f"no basic access control: SW {status:04X}")

    def _document(self, files: _Files) -> IdentityDocument:
        present = bytes(tlv.find(files.read(COMMON), COMMON_TAG, 0x5C))
        first = files.read(DG1)
        try:
            lines = str(tlv.find(first, DG1_TAG, 0x5F1F), "ascii")
        except UnicodeDecodeError:
            # Not chained: the exception carries the bytes of the field.
            raise DeviceFault("card.unreadable", "MRZ is not ASCII") from None
        document = parse_mrz(lines, self._today())
        groups = {1: first}
        photo = b""
        if DG2_TAG in present:
            groups[2] = files.read(DG2)
            photo = face_picture(groups[2])
        name = ""
        if DG11_TAG in present and (details := files.read(DG11, optional=True)):
            groups[11] = details
            name = national_name(details)
        signed = files.read(SECURITY, optional=True)
        listed = signed_groups(signed) if signed else frozenset()
        for number, identifier in ((14, DG14), (15, DG15)):
            if 15 in listed and number in listed:
                groups[number] = files.read(identifier, optional=True)
        verified = bool(signed) and verify(signed, groups, self._trust)
        if verified and 15 in listed:
            verified = self._is_no_copy(files, groups)
        return replace(document, name=name, photo=photo, verified=verified)

    def _is_no_copy(self, files: _Files, groups: dict[int, bytearray]) -> bool:
        """Active authentication, with a key that the state signed. True as well where the answer
        would be of a kind or length not spoken here. Raises card.altered for a copy."""
        key = active.ChipKey(groups[15], groups.get(14, b""))
        if not key.can_be_asked:
            return True
        challenge = os.urandom(active.CHALLENGE_BYTES)
        answer = files.ask(active.command(challenge))
        if answer.sw != apdu.SW_OK:
            return False  # a genuine chip with this key answers; nothing is proven
        if not key.signed(answer.data, challenge):
            raise DeviceFault("card.altered", "chip does not hold the key its state signed")
        return True


class _Files:
    """Reads whole files through a session, and forgets them all at once."""

    def __init__(self, transmit: Transmit, session: Session) -> None:
        self._transmit = transmit
        self._session = session
        self._read: list[bytearray] = []

    def read(self, identifier: int, *, optional: bool = False) -> bytearray:
        """The file; empty when it is optional and absent or kept shut. Raises DeviceFault."""
        selected = self._send(apdu.select_file(identifier, no_answer=True)).sw
        if optional and selected in (apdu.SW_FILE_NOT_FOUND, apdu.SW_NOT_ALLOWED):
            return bytearray()
        if selected != apdu.SW_OK:
            raise DeviceFault("card.unreadable", f"select {identifier:04X}: SW {selected:04X}")
        file = bytearray()
        self._read.append(file)
        self._add(file, HEAD_BYTES)
        _, start, length = tlv.head(file)
        if start + length > LONGEST_FILE_BYTES:
            raise DeviceFault("card.unreadable", f"file {identifier:04X} too long")
        while len(file) < start + length:
            self._add(file, min(BLOCK_BYTES, start + length - len(file)))
        return file

    def wipe(self) -> None:
        for file in self._read:
            file[:] = bytes(len(file))

    def ask(self, command: bytes) -> Response:
        """Any other command, within the session."""
        return self._send(command)

    def _add(self, file: bytearray, wanted: int) -> None:
        offset = len(file).to_bytes(2, "big")
        part = self._send(bytes([0x00, 0xB0, *offset, wanted]))
        if part.sw not in (apdu.SW_OK, END_OF_FILE) or not 0 < len(part.data) <= wanted:
            raise DeviceFault("card.unreadable", f"read binary: SW {part.sw:04X}")
        file += part.data
        part.data[:] = bytes(len(part.data))

    def _send(self, command: bytes) -> Response:
        answer = apdu.exchange(self._transmit, self._session.protect(command))
        return self._session.unprotect(answer)
