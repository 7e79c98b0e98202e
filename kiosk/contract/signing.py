"""Signed requests (RFC 9421, Ed25519) and signed documents (Ed25519 over RFC 8785).

A request is covered by method, full address and, when it has a body, its
digest and type; it carries key id, creation time, a nonce and our tag. The
verifier never remembers nonces itself: the hub does.
"""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import rfc8785
from cryptography.exceptions import InvalidSignature as BadSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from kiosk.contract.keys import key_id

TAG = "yimen-kiosk"
MAX_AGE = timedelta(seconds=60)
"""How old or how far ahead a request may be; the hub keeps nonces twice as long."""
_ALWAYS = ("@method", "@target-uri")
_WITH_BODY = (*_ALWAYS, "content-digest", "content-type")
# The library compares with the wall clock by itself; we compare with the clock
# we are given, and tell "forged" from "your clock is wrong".
_ANY_SKEW = timedelta(days=365 * 30)


class SignatureError(Exception):
    """A request or document that is not signed as it must be."""


class UnknownSigner(SignatureError):
    """The key id is not in the directory."""


class ClockSkew(SignatureError):
    """The signature holds, but its creation time is too far from now."""


@dataclass(frozen=True)
class SignedRequest:
    """A request as the verifier needs it; `url` is the full public address."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Signer:
    """Who signed, when, and the nonce to remember."""

    key_id: str
    nonce: str
    created: datetime


def sign_request(
    request: requests.PreparedRequest,
    key_id: str,
    private_key: Ed25519PrivateKey,
    created: datetime | None = None,
    also: tuple[str, ...] = (),
) -> requests.PreparedRequest:
    """Add Content-Digest, Signature-Input and Signature to a prepared request.

    `key_id` is the kiosk id, `also` names further fields to cover (lower case). Signing again
    (for a retry) makes a new nonce.
    """
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    for name in ("Content-Digest", "Signature-Input", "Signature"):
        request.headers.pop(name, None)
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: private_key}),
    )
    signer.sign(
        request,
        key_id=key_id,
        created=created or datetime.now(UTC),
        nonce=secrets.token_urlsafe(16),
        tag=TAG,
        covered_component_ids=(*(_WITH_BODY if body else _ALWAYS), *also),
        body=body if body else None,
    )
    return request


class _Directory(HTTPSignatureKeyResolver):
    def __init__(self, find: Callable[[str], Ed25519PublicKey | None]) -> None:
        self._find = find
        self.missing = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        found = self._find(key_id)
        self.missing = found is None
        return found


def verify_request(
    request: SignedRequest,
    find_key: Callable[[str], Ed25519PublicKey | None],
    now: datetime,
    also: tuple[str, ...] = (),
) -> Signer:
    """Verify a signed request and return its signer; `also` names fields that must be covered.

    Raises UnknownSigner, ClockSkew (more than MAX_AGE from `now`), or
    SignatureError for everything else. Replay is the caller's to refuse.
    """
    directory = _Directory(find_key)
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=directory)
    verifier.max_clock_skew = _ANY_SKEW
    try:
        results = verifier.verify(
            request,
            max_age=None,
            expect_tag=TAG,
            require_components=(*(_WITH_BODY if request.body else _ALWAYS), *also),
            body=request.body,
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as error:
        if directory.missing:
            raise UnknownSigner("unknown key") from error
        raise SignatureError(str(error)) from error
    if len(results) != 1:
        raise SignatureError("exactly one signature is expected")
    parameters = results[0].parameters
    nonce = parameters.get("nonce")
    if not isinstance(nonce, str) or not 16 <= len(nonce) <= 64:
        raise SignatureError("a nonce of 16 to 64 characters is required")
    created = datetime.fromtimestamp(int(parameters["created"]), UTC)
    if abs(now - created) > MAX_AGE:
        raise ClockSkew(f"created {created.isoformat()}")
    return Signer(str(parameters["keyid"]), nonce, created)


def sign_document(
    document: dict[str, Any], private_key: Ed25519PrivateKey, kind: str
) -> dict[str, Any]:
    """Sign a JSON document as one of `kind` ("receipt", "keys", "catalog" …).

    Returns {"kind", "document", "key_id", "signature" (base64)}. The kind is
    signed too, so a receipt never passes for a directory.
    """
    signature = private_key.sign(_document_bytes(document, kind))
    return {
        "kind": kind,
        "document": document,
        "key_id": key_id(private_key.public_key()),
        "signature": base64.b64encode(signature).decode("ascii"),
    }


def verify_document(signed: Any, public_key: Ed25519PublicKey, kind: str) -> dict[str, Any]:
    """Return the document when `public_key` signed it as `kind`; SignatureError otherwise."""
    if not isinstance(signed, dict) or signed.get("kind") != kind:
        raise SignatureError(f"not a signed {kind}")
    document = signed.get("document")
    if not isinstance(document, dict) or signed.get("key_id") != key_id(public_key):
        raise SignatureError("signed by another key")
    try:
        signature = base64.b64decode(str(signed.get("signature")), validate=True)
        public_key.verify(signature, _document_bytes(document, kind))
    except (BadSignature, ValueError) as error:
        raise SignatureError("the signature does not hold") from error
    return document


def _document_bytes(document: dict[str, Any], kind: str) -> bytes:
    return f"yimen {kind} 1\0".encode() + rfc8785.dumps(document)
