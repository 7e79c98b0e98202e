"""Basic access control and secure messaging (ICAO 9303-11, 4.3 and 9.8). Pure."""

from __future__ import annotations

import hashlib
from hmac import compare_digest

from devices.cards.apdu import Response
from devices.cards.travel_document import ciphers, tlv
from devices.cards.travel_document.mrz import AccessKey
from devices.errors import DeviceFault

NONCE_BYTES = 8
SECURE_CLASS = 0x0C
DATA, STATUS, LENGTH, CHECKSUM = 0x87, 0x99, 0x97, 0x8E
ENCRYPTED_WITH_PADDING = b"\x01"


class MutualAuthentication:
    """One run of basic access control. nonce: 8 random bytes; share: 16 random bytes, both ours."""

    def __init__(self, key: AccessKey, challenge: bytes, nonce: bytes, share: bytes) -> None:
        """challenge: the 8 bytes the chip answered to GET CHALLENGE."""
        seed = hashlib.sha1(key.information()).digest()[: ciphers.KEY_BYTES]
        self._encryption = ciphers.derive_key(seed, ciphers.ENCRYPTION)
        self._authentication = ciphers.derive_key(seed, ciphers.AUTHENTICATION)
        self._challenge, self._nonce, self._share = challenge, nonce, share

    def command(self) -> bytes:
        """The EXTERNAL AUTHENTICATE to send."""
        secret = ciphers.encrypt(self._encryption, self._nonce + self._challenge + self._share)
        data = secret + ciphers.mac(self._authentication, secret)
        return bytes([0x00, 0x82, 0x00, 0x00, len(data)]) + data + bytes([len(data)])

    def session(self, answer: bytes | bytearray) -> Session:
        """The session the chip agreed to. Raises card.unreadable for an answer not of our chip."""
        secret, checksum = bytes(answer[:32]), bytes(answer[32:])
        expected = ciphers.mac(self._authentication, secret)
        if len(answer) != 40 or not compare_digest(checksum, expected):
            raise DeviceFault("card.unreadable", "authentication answer with a wrong MAC")
        plain = ciphers.decrypt(self._encryption, secret)
        if plain[:8] != self._challenge or plain[8:16] != self._nonce:
            raise DeviceFault("card.unreadable", "authentication answer of another run")
        seed = bytes(ours ^ theirs for ours, theirs in zip(self._share, plain[16:], strict=True))
        plain[:] = bytes(len(plain))
        return Session(
            ciphers.derive_key(seed, ciphers.ENCRYPTION),
            ciphers.derive_key(seed, ciphers.AUTHENTICATION),
            self._challenge[-4:] + self._nonce[-4:],
        )


class Session:
    """Wraps commands and unwraps answers; the counter ties each answer to its command."""

    def __init__(self, encryption: bytes, authentication: bytes, counter: bytes) -> None:
        self._encryption = encryption
        self._authentication = authentication
        self._counter = int.from_bytes(counter, "big")

    def protect(self, command: bytes) -> bytes:
        """A short command APDU (case 1 to 4) as it goes over the wire."""
        header = bytes([command[0] | SECURE_CLASS]) + command[1:4]
        body = command[4:]
        data, expected = b"", body
        if len(body) > 1:
            data, expected = body[1 : 1 + body[0]], body[1 + body[0] :]
        objects = b""
        if data:
            secret = ENCRYPTED_WITH_PADDING + ciphers.encrypt(self._encryption, ciphers.pad(data))
            objects += bytes([DATA, len(secret)]) + secret
        if expected:
            objects += bytes([LENGTH, 1]) + expected
        checksum = self._mac(ciphers.pad(header) + objects)
        objects += bytes([CHECKSUM, len(checksum)]) + checksum
        return header + bytes([len(objects)]) + objects + b"\0"

    def unprotect(self, response: Response) -> Response:
        """The answer inside `response`. Raises card.unreadable when it is not this session's."""
        parts = {element.tag: element for element in tlv.elements(response.data)}
        if CHECKSUM not in parts or STATUS not in parts or len(parts[STATUS].value) != 2:
            raise DeviceFault("card.unreadable", f"answer not secured: SW {response.sw:04X}")
        covered = b"".join(bytes(parts[tag].whole) for tag in (DATA, STATUS) if tag in parts)
        if not compare_digest(bytes(parts[CHECKSUM].value), self._mac(covered)):
            raise DeviceFault("card.unreadable", "answer with a wrong MAC")
        status = int.from_bytes(parts[STATUS].value, "big")
        if DATA not in parts:
            return Response(bytearray(), status)
        secret = parts[DATA].value
        blocks = secret[1:]
        if secret[:1] != ENCRYPTED_WITH_PADDING or not blocks or len(blocks) % 8:
            raise DeviceFault("card.unreadable", "encrypted data of a wrong form")
        plain = ciphers.decrypt(self._encryption, blocks)
        end = len(plain) - 1
        while end >= 0 and plain[end] == 0:
            end -= 1
        if end < 0 or plain[end] != 0x80:
            raise DeviceFault("card.unreadable", "encrypted data without padding")
        del plain[end:]
        return Response(plain, status)

    def _mac(self, data: bytes) -> bytes:
        self._counter = (self._counter + 1) % (1 << 64)
        return ciphers.mac(self._authentication, self._counter.to_bytes(8, "big") + data)
