"""Envelopes: sealed to the hub's key, signed by the kiosk, readable by nobody else.

Layout of an envelope (version 1)::

    b"YMN1" | u32 big-endian: header length | header (RFC 8785 JSON) |
    HPKE ciphertext | 64 bytes Ed25519 signature over everything before it

Sealing is HPKE base mode (RFC 9180): X25519, HKDF-SHA256, AES-128-GCM. HPKE's
`info` is the whole header, so submission id, service version and kiosk id
cannot be exchanged. HPKE does not say who sealed: the signature outside does.
"""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import rfc8785
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.contract.keys import key_id

MAGIC = b"YMN1"
SUITE = "x25519-hkdf-sha256-aes128gcm"
SIGNATURE_LENGTH = 64
MAX_HEADER = 4096
_SUITES = {SUITE: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)}
_SIGNED = b"yimen envelope 1\0"
_SEALED = b"yimen submission 1\0"


class SealError(Exception):
    """An envelope that cannot be made or opened; `code` says why."""

    code = "seal.malformed"


class MalformedEnvelope(SealError):
    """The bytes are not an envelope of this version."""


class UnknownSuite(SealError):
    """The envelope was sealed with a suite this side does not know."""

    code = "seal.unknown_suite"


class UnknownKey(SealError):
    """The envelope was sealed to a key this side does not hold."""

    code = "seal.unknown_key"


class ForgedEnvelope(SealError):
    """The kiosk's signature does not hold."""

    code = "seal.forged"


class DamagedSeal(SealError):
    """The signature holds, but the ciphertext does not open."""

    code = "seal.damaged"


@dataclass(frozen=True)
class EnvelopeHeader:
    """The readable part of an envelope. Nothing personal in it."""

    submission_id: str
    service_code: str
    service_version: str
    kiosk_id: str
    created: str
    hub_key_id: str = ""
    suite: str = SUITE


def seal(
    plain: bytes,
    header: EnvelopeHeader,
    hub_key: X25519PublicKey,
    kiosk_key: Ed25519PrivateKey,
) -> bytes:
    """Seal `plain` to the hub and sign it; `header.hub_key_id` is filled in here.

    Raises UnknownSuite. Two calls never give the same bytes (fresh HPKE key).
    """
    suite = _suite(header.suite)
    head = rfc8785.dumps(asdict(header) | {"hub_key_id": key_id(hub_key)})
    if len(head) > MAX_HEADER:
        raise MalformedEnvelope("the header is too long")
    sealed = suite.encrypt(plain, hub_key, info=_SEALED + head)
    unsigned = MAGIC + struct.pack(">I", len(head)) + head + sealed
    return unsigned + kiosk_key.sign(_signed_digest(unsigned))


def read_header(envelope: bytes) -> EnvelopeHeader:
    """Read the header without checking anything but its shape; MalformedEnvelope."""
    return _split(envelope)[0]


def open_envelope(
    envelope: bytes,
    private_keys: Mapping[str, X25519PrivateKey],
    kiosk_public: Ed25519PublicKey,
) -> tuple[EnvelopeHeader, bytes]:
    """Check the signature, open the seal; return header and plain bytes.

    `private_keys` maps key ids to every sealing key still held. Raises
    MalformedEnvelope, ForgedEnvelope, UnknownSuite, UnknownKey, DamagedSeal.
    """
    header, head, sealed = _split(envelope)
    try:
        kiosk_public.verify(
            envelope[-SIGNATURE_LENGTH:], _signed_digest(envelope[:-SIGNATURE_LENGTH])
        )
    except InvalidSignature as error:
        raise ForgedEnvelope("the kiosk's signature does not hold") from error
    suite = _suite(header.suite)
    private = private_keys.get(header.hub_key_id)
    if private is None:
        raise UnknownKey(header.hub_key_id)
    try:
        return header, suite.decrypt(sealed, private, info=_SEALED + head)
    except (InvalidTag, ValueError) as error:
        raise DamagedSeal("the ciphertext does not open") from error


def seal_message(plain: bytes, key: X25519PublicKey, purpose: str) -> bytes:
    """Seal a short message to `key`; only the same `purpose` opens it again."""
    return _SUITES[SUITE].encrypt(plain, key, info=b"yimen message 1\0" + purpose.encode())


def open_message(sealed: bytes, key: X25519PrivateKey, purpose: str) -> bytes:
    """Open what seal_message made; DamagedSeal when key, purpose or bytes differ."""
    try:
        return _SUITES[SUITE].decrypt(sealed, key, info=b"yimen message 1\0" + purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise DamagedSeal("the message does not open") from error


def _signed_digest(unsigned: bytes) -> bytes:
    return _SIGNED + hashlib.sha256(unsigned).digest()


def _suite(name: str) -> Suite:
    try:
        return _SUITES[name]
    except KeyError:
        raise UnknownSuite(name) from None


def _split(envelope: bytes) -> tuple[EnvelopeHeader, bytes, bytes]:
    start = len(MAGIC) + 4
    if len(envelope) < start + SIGNATURE_LENGTH or not envelope.startswith(MAGIC):
        raise MalformedEnvelope("not an envelope of version 1")
    (length,) = struct.unpack_from(">I", envelope, len(MAGIC))
    if length > MAX_HEADER or start + length + SIGNATURE_LENGTH > len(envelope):
        raise MalformedEnvelope("the header does not fit")
    head = envelope[start : start + length]
    names = {field.name for field in fields(EnvelopeHeader)}
    try:
        values = json.loads(head)
        shaped = isinstance(values, dict) and set(values) == names
        if not shaped or not all(isinstance(value, str) for value in values.values()):
            raise MalformedEnvelope("the header has other fields")
        # The seal is bound to these exact bytes: only one spelling may exist.
        if rfc8785.dumps(values) != head:
            raise MalformedEnvelope("the header is not canonical JSON")
    except (ValueError, RecursionError) as error:
        raise MalformedEnvelope("the header is not JSON") from error
    return EnvelopeHeader(**values), head, envelope[start + length : -SIGNATURE_LENGTH]
