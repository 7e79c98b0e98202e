"""A travel document's chip with basic access control and secure messaging (ICAO 9303-11).

It really encrypts: a driver without the right key, or one that miscounts, gets nothing. Written
from the standard, apart from our driver's ciphers.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from devices.testbed.chips import (
    ATR_T0,
    ATR_T1,
    SW_BAD_INSTRUCTION,
    SW_FILE_NOT_FOUND,
    SW_NOT_ALLOWED,
    SW_OK,
    SW_WRONG_LENGTH,
)
from devices.testbed.passport import ACCESS, Key, der

APPLICATION = bytes.fromhex("A0000002471001")
SW_WRONG_SECURE_MESSAGING = bytes.fromhex("6988")
SW_BAD_OFFSET = bytes.fromhex("6B00")
SW_REFUSED = bytes.fromhex("6300")


def _des3(key: bytes, data: bytes, *, decrypt: bool = False) -> bytes:
    cipher = Cipher(TripleDES(key + key[:8]), modes.CBC(bytes(8)))
    worker = cipher.decryptor() if decrypt else cipher.encryptor()
    return worker.update(data) + worker.finalize()


def _padded(data: bytes) -> bytes:
    data += b"\x80"
    return data + bytes(-len(data) % 8)


def _mac(key: bytes, data: bytes) -> bytes:
    """Block by block, as the standard draws it."""
    left, right = key[:8] * 3, key[8:] * 3
    state = bytes(8)
    data = _padded(data)
    for at in range(0, len(data), 8):
        mixed = bytes(a ^ b for a, b in zip(state, data[at : at + 8], strict=True))
        state = Cipher(TripleDES(left), modes.ECB()).encryptor().update(mixed)
    state = Cipher(TripleDES(right), modes.ECB()).decryptor().update(state)
    return Cipher(TripleDES(left), modes.ECB()).encryptor().update(state)


def _keys(seed: bytes) -> tuple[bytes, bytes]:
    first, second = (
        hashlib.sha1(seed + bytes([0, 0, 0, number])).digest()[:16] for number in (1, 2)
    )
    return first, second


@dataclass(repr=False)
class PassportChip:
    """files: by identifier, whole. information: number, birth and expiry with check digits.

    protocol: 0 or 1; in T=0 the chip says 61xx and waits. pace_only: refuses basic access control
    and shows EF.CardAccess. chip_key: signs challenges; a copy of a chip has none, or another.
    """

    files: dict[int, bytes]
    information: bytes
    protocol: int = 1
    pace_only: bool = False
    chip_key: Key | None = None
    _application: bool = field(default=False, init=False)
    _challenge: bytes = field(default=b"", init=False)
    _session: tuple[bytes, bytes] | None = field(default=None, init=False)
    _counter: int = field(default=0, init=False)
    _file: bytes | None = field(default=None, init=False)
    _waiting: bytes = field(default=b"", init=False)

    @property
    def atr(self) -> bytes:
        return ATR_T0 if self.protocol == 0 else ATR_T1

    def power_on(self) -> None:
        self._application = False
        self._challenge = self._waiting = b""
        self._session = self._file = None

    def respond(self, apdu: bytes) -> bytes:
        if len(apdu) < 4:
            return SW_WRONG_LENGTH
        waiting, self._waiting = self._waiting, b""
        if apdu[1] == 0xC0 and waiting:
            return waiting
        answer = self._secured(apdu) if apdu[0] & 0x0C else self._plain(apdu)
        if self.protocol == 0 and len(answer) > 2:
            self._waiting = answer
            return bytes([0x61, (len(answer) - 2) & 0xFF])
        return answer

    def _plain(self, apdu: bytes) -> bytes:
        self._session = None  # a command in the clear ends the session
        instruction, p1 = apdu[1], apdu[2]
        if instruction == 0xA4:
            name = apdu[5 : 5 + apdu[4]] if len(apdu) > 4 else b""
            if p1 == 0x04:
                self._application = name == APPLICATION
                return SW_OK if self._application else SW_FILE_NOT_FOUND
            if name == ACCESS.to_bytes(2, "big") and self.pace_only:
                return SW_OK
            return SW_NOT_ALLOWED if p1 == 0x02 and self._application else SW_FILE_NOT_FOUND
        if instruction == 0x84 and self._application:
            if self.pace_only:
                return SW_NOT_ALLOWED
            self._challenge = os.urandom(8)
            return self._challenge + SW_OK
        if instruction == 0x82 and self._application:
            return self._authenticate(apdu[5:45])
        return SW_NOT_ALLOWED if instruction == 0xB0 else SW_BAD_INSTRUCTION

    def _authenticate(self, data: bytes) -> bytes:
        challenge, self._challenge = self._challenge, b""
        encryption, authentication = _keys(hashlib.sha1(self.information).digest()[:16])
        secret, checksum = data[:32], data[32:]
        if len(data) != 40 or not challenge or _mac(authentication, secret) != checksum:
            return SW_REFUSED
        plain = _des3(encryption, secret, decrypt=True)
        nonce, returned, theirs = plain[:8], plain[8:16], plain[16:]
        if returned != challenge:
            return SW_REFUSED
        ours = os.urandom(16)
        answer = _des3(encryption, challenge + nonce + ours)
        self._session = _keys(bytes(a ^ b for a, b in zip(theirs, ours, strict=True)))
        self._counter = int.from_bytes(challenge[4:] + nonce[4:], "big")
        return answer + _mac(authentication, answer) + SW_OK

    def _secured(self, apdu: bytes) -> bytes:
        if self._session is None or len(apdu) < 6:
            return SW_WRONG_SECURE_MESSAGING
        encryption, authentication = self._session
        objects, at, body = {}, 0, apdu[5 : 5 + apdu[4]]
        covered = b""
        while at + 2 <= len(body):
            tag, size = body[at], body[at + 1]
            objects[tag] = body[at + 2 : at + 2 + size]
            if tag != 0x8E:
                covered += body[at : at + 2 + size]
            at += 2 + size
        self._counter += 1
        header = _padded(apdu[:4])
        wanted = _mac(authentication, self._counter.to_bytes(8, "big") + header + covered)
        if objects.get(0x8E) != wanted:
            self._session = None
            return SW_WRONG_SECURE_MESSAGING
        data = b""
        if 0x87 in objects:
            data = _des3(encryption, objects[0x87][1:], decrypt=True).rstrip(b"\0")[:-1]
        expected = objects[0x97][0] if 0x97 in objects else None
        result, status = self._inside(apdu[1], apdu[2:4], data, expected)
        answer = b""
        if result:
            answer = der(0x87, b"\x01" + _des3(encryption, _padded(result)))
        answer += der(0x99, status)
        self._counter += 1
        checksum = _mac(authentication, self._counter.to_bytes(8, "big") + answer)
        return answer + der(0x8E, checksum) + SW_OK

    def _inside(
        self, instruction: int, place: bytes, data: bytes, expected: int | None
    ) -> tuple[bytes, bytes]:
        if instruction == 0xA4:
            self._file = self.files.get(int.from_bytes(data, "big"))
            return b"", SW_OK if self._file is not None else SW_FILE_NOT_FOUND
        if instruction == 0xB0 and self._file is not None and expected is not None:
            offset = int.from_bytes(place, "big")
            if offset >= len(self._file):
                return b"", SW_BAD_OFFSET
            return self._file[offset : offset + (expected or 256)], SW_OK
        if instruction == 0x88 and self.chip_key is not None and len(data) == 8:
            return internal_authenticate(self.chip_key, data), SW_OK
        return b"", SW_BAD_INSTRUCTION


def internal_authenticate(key: Key, challenge: bytes) -> bytes:
    """Active authentication: plain ECDSA (BSI TR-03111), or ISO/IEC 9796-2 scheme 1 with SHA-1."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = (key.curve.key_size + 7) // 8
        signature = key.sign(challenge, ec.ECDSA(hashes.SHA256()))
        return b"".join(part.to_bytes(size, "big") for part in decode_dss_signature(signature))
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n
    size = key.key_size // 8
    recovered = os.urandom(size - 22)
    digest = hashlib.sha1(recovered + challenge).digest()
    block = int.from_bytes(b"\x6a" + recovered + digest + b"\xbc", "big")
    signed = pow(block, numbers.d, modulus)
    return min(signed, modulus - signed).to_bytes(size, "big")
