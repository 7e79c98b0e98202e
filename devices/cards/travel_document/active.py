"""Active authentication (ICAO 9303-11, 6.1): the chip signs a challenge with a key that cannot be
read out of it. The state signed the public half (DG15), so a copied chip cannot answer. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from hmac import compare_digest

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devices.cards.travel_document import tlv

DG14_TAG, DG15_TAG = 0x6E, 0x6F
SEQUENCE, SET, OID = 0x30, 0x31, 0x06
CHALLENGE_BYTES = 8
# Secure messaging wraps the signature; a short answer (256 bytes) holds no longer one.
LONGEST_SIGNATURE_BYTES = 0xE0
ACTIVE_AUTHENTICATION = "678108010105"  # id-AA, 9303-11, 6.1.2.2
# ecdsa-plain-signatures (BSI TR-03111, 5.2.1.1): r and s one after the other.
PLAIN_SIGNATURES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "04007f00070101040101": hashes.SHA1,
    "04007f00070101040102": hashes.SHA224,
    "04007f00070101040103": hashes.SHA256,
    "04007f00070101040104": hashes.SHA384,
    "04007f00070101040105": hashes.SHA512,
}
# ISO/IEC 9796-2, 8.1: header and trailers of a message with partial recovery.
HEADER, SHA1_TRAILER, TRAILER = 0x6A, 0xBC, 0xCC
HASH_OF_TRAILER = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}

Key = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class ChipKey:
    """The public key of one chip, from the whole file DG15, and what DG14 says about it."""

    def __init__(self, key_file: bytes | bytearray, options: bytes | bytearray = b"") -> None:
        """options: the whole file DG14, empty where there is none.

        Raises DeviceFault("card.unreadable") when DG15 is none.
        """
        coded = tlv.only(key_file, DG15_TAG).value
        self._key: Key | None = None
        try:
            key = load_der_public_key(bytes(coded))
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            self._key = key
        self._hash = _named_hash(options) if options else None

    @property
    def can_be_asked(self) -> bool:
        """False for a kind of key or a length of answer that is not spoken here."""
        if isinstance(self._key, ec.EllipticCurvePublicKey):
            return self._hash is not None
        return self._key is not None and self._key.key_size // 8 <= LONGEST_SIGNATURE_BYTES

    def signed(self, signature: bytes | bytearray, challenge: bytes) -> bool:
        """Whether the chip that gave this signature holds the key."""
        key = self._key
        if isinstance(key, ec.EllipticCurvePublicKey) and self._hash is not None:
            return _plain_ecdsa_holds(key, self._hash, bytes(signature), challenge)
        return isinstance(key, rsa.RSAPublicKey) and _recovery_holds(
            key, bytes(signature), challenge
        )


def command(challenge: bytes) -> bytes:
    """INTERNAL AUTHENTICATE with these CHALLENGE_BYTES."""
    return bytes([0x00, 0x88, 0x00, 0x00, len(challenge)]) + challenge + b"\0"


def _named_hash(options: bytes | bytearray) -> type[hashes.HashAlgorithm] | None:
    """The hash of ActiveAuthenticationInfo among the SecurityInfos; None where none is named."""
    for info in tlv.elements(tlv.find(options, DG14_TAG, SET)):
        parts = tlv.elements(info.value)
        if len(parts) >= 3 and parts[0].value.hex() == ACTIVE_AUTHENTICATION:
            return PLAIN_SIGNATURES.get(parts[2].value.hex())
    return None


def _plain_ecdsa_holds(
    key: ec.EllipticCurvePublicKey,
    algorithm: type[hashes.HashAlgorithm],
    signature: bytes,
    challenge: bytes,
) -> bool:
    if not signature or len(signature) % 2:
        return False
    half = len(signature) // 2
    first, second = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        key.verify(encode_dss_signature(first, second), challenge, ec.ECDSA(algorithm()))
    except InvalidSignature:
        return False
    return True


def _recovery_holds(key: rsa.RSAPublicKey, signature: bytes, challenge: bytes) -> bool:
    """Digital signature scheme 1 of ISO/IEC 9796-2: part of the message stands in it."""
    numbers = key.public_numbers()
    if len(signature) != key.key_size // 8:
        return False
    opened = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n)
    if opened & 0x0F != 0x0C:  # 8.1 sends the smaller of s and n - s
        opened = numbers.n - opened
    block = opened.to_bytes(len(signature), "big")
    if block[-1] == SHA1_TRAILER:
        name, trailer = "sha1", 1
    elif block[-1] == TRAILER and block[-2] in HASH_OF_TRAILER:
        name, trailer = HASH_OF_TRAILER[block[-2]], 2
    else:
        return False
    size = hashlib.new(name).digest_size
    recovered = block[1 : -size - trailer]
    held = block[-size - trailer : -trailer]
    if block[0] != HEADER or not recovered:
        return False
    return compare_digest(held, hashlib.new(name, recovered + challenge).digest())
