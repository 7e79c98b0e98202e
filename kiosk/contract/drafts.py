"""A draft: an application so far, sealed with a key that exists only on the resident's slip.

`YMD1`, the header's length (4 bytes, big-endian), the header (RFC 8785 JSON, readable: what hub
and kiosk need for keeping it), a nonce (12 bytes), and AES-256-GCM ciphertext with everything
before the nonce as associated data. Inside: the length of the body (4 bytes), the body (JSON),
and the scanned pages, one after the other, as JPEG bytes.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from kiosk.contract.draft_keys import DraftKey

MAGIC = b"YMD1"
MAX_DRAFT = 16 * 1024 * 1024
"""Largest sealed draft, bytes: some thirty pages as they are handed in."""
MAX_KEPT = timedelta(days=31)
"""The hub keeps no draft longer than this."""
MEDIA_TYPE = "application/vnd.yimen.draft"
STATE = "draft_state"
"""Kind of the signed document that holds a DraftState."""
MAX_HEADER = 4096
NONCE = 12
OVERHEAD = 16
"""Bytes of the authentication tag."""


class DraftError(Exception):
    """A draft that cannot be opened; `code` is in faults.toml."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code


class DraftHeader(BaseModel):
    """What stands outside: readable, but not to be changed without the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    draft_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    service_code: str = Field(min_length=1, max_length=64)
    service_version: str = Field(min_length=1, max_length=128)
    kiosk_id: str = Field(min_length=1, max_length=64)
    created: AwareDatetime
    expires: AwareDatetime


class DraftState(BaseModel):
    """What the hub says of a draft, signed (kind "draft_state"): only its word counts when a kiosk
    drops one. `finished`: handed in, or deleted, at some kiosk."""

    model_config = ConfigDict(frozen=True)
    draft_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    state: Literal["held", "finished", "expired", "unknown"]
    time: AwareDatetime


class Owner(BaseModel):
    """Whose draft it is, as their document said: only they get it back."""

    model_config = ConfigDict(frozen=True)
    number: str
    name: str
    document_kind: str

    def __repr__(self) -> str:
        return "Owner()"

    __str__ = __repr__


class DraftPage(BaseModel):
    """One scanned page: its place among the JPEG bytes is its place in the list."""

    model_config = ConfigDict(frozen=True)
    material: str
    size: int = Field(ge=1)
    width: int = Field(ge=1)
    height: int = Field(ge=1)


class DraftBody(BaseModel):
    """An application so far. The service travels along, so that a draft stays with its version
    wherever and whenever it is opened."""

    model_config = ConfigDict(frozen=True)
    service: dict[str, Any]
    language: str
    owner: Owner
    answers: dict[str, JsonValue]
    sources: dict[str, str]
    doubtful: tuple[str, ...] = ()
    pages: tuple[DraftPage, ...] = ()

    def __repr__(self) -> str:
        return f"DraftBody({self.service.get('code')})"

    __str__ = __repr__


def seal_draft(
    key: DraftKey, header: DraftHeader, body: DraftBody, pages: Sequence[bytes]
) -> bytes:
    """Seal; `pages` are the JPEG bytes in the order of `body.pages`.

    Raises DraftError("draft.too_large"); ValueError when pages and body or key and header differ.
    """
    if [page.size for page in body.pages] != [len(page) for page in pages]:
        raise ValueError("pages and their sizes differ")
    if header.draft_id != key.draft_id:
        raise ValueError("a header of another draft")
    inner = json.dumps(body.model_dump(mode="json"), ensure_ascii=False).encode()
    plain = b"".join((len(inner).to_bytes(4, "big"), inner, *pages))
    outside = _outside(header)
    if len(outside) + NONCE + len(plain) + OVERHEAD > MAX_DRAFT:
        raise DraftError("draft.too_large")
    nonce = secrets.token_bytes(NONCE)
    return outside + nonce + AESGCM(key.sealing_key()).encrypt(nonce, plain, outside)


def read_header(sealed: bytes) -> DraftHeader:
    """The header, not yet proved. Raises DraftError("draft.damaged")."""
    return _split(sealed)[0]


def open_draft(key: DraftKey, sealed: bytes) -> tuple[DraftHeader, DraftBody, list[bytes]]:
    """Open and check a draft: (header, body, pages). Raises DraftError("draft.damaged")."""
    header, end = _split(sealed)
    nonce, cipher = sealed[end : end + NONCE], sealed[end + NONCE :]
    try:
        plain = AESGCM(key.sealing_key()).decrypt(nonce, cipher, sealed[:end])
    except (InvalidTag, ValueError):
        raise DraftError("draft.damaged", "the seal does not hold") from None
    start = 4 + int.from_bytes(plain[:4], "big")
    try:
        body = DraftBody.model_validate(json.loads(plain[4:start]))
    except (ValueError, ValidationError):
        # The values stay out of the message: they are personal.
        raise DraftError("draft.damaged", "the body has another shape") from None
    inside = (body.service.get("code"), body.service.get("version"))
    if header.draft_id != key.draft_id or inside != (
        header.service_code, header.service_version
    ):
        raise DraftError("draft.damaged", "header and body differ")
    pages = []
    for page in body.pages:
        pages.append(plain[start : start + page.size])
        start += page.size
    if start != len(plain):
        raise DraftError("draft.damaged", "the pages have other sizes")
    return header, body, pages


def _outside(header: DraftHeader) -> bytes:
    text = rfc8785.dumps(header.model_dump(mode="json"))
    return MAGIC + len(text).to_bytes(4, "big") + text


def _split(sealed: bytes) -> tuple[DraftHeader, int]:
    length = int.from_bytes(sealed[4:8], "big")
    end = 8 + length
    if sealed[:4] != MAGIC or length > MAX_HEADER or len(sealed) < end + NONCE + OVERHEAD:
        raise DraftError("draft.damaged", "not a draft")
    try:
        return DraftHeader.model_validate_json(sealed[8:end]), end
    except ValidationError:
        raise DraftError("draft.damaged", "the header has another shape") from None
