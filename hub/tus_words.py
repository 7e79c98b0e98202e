"""What tus puts into header fields: how it is read, and how it is described."""

import base64
import binascii
from typing import Any, ClassVar

from hub.described import SIGNED_BY_KIOSK, Described, Responses, answer, problems
from kiosk.contract.messages import SignedDocument

_RESUMABLE = {
    "name": "Tus-Resumable", "in": "header", "required": True, "schema": {"const": "1.0.0"},
}  # fmt: skip
_BYTES: dict[str, Any] = {
    "required": True,
    "content": {
        "application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}
    },
}
_CHECKSUM = {
    "name": "Upload-Checksum", "in": "header", "required": False,
    "description": "sha1, sha256 or sha512, a space, and the digest of this body in base64.",
    "schema": {"type": "string"},
}  # fmt: skip


def metadata(field: str) -> dict[str, str]:
    """Read Upload-Metadata: "name base64, name base64". ValueError when it is not that."""
    found: dict[str, str] = {}
    for pair in field.split(",") if field.strip() else ():
        name, _, value = pair.strip().partition(" ")
        if not name or name in found:
            raise ValueError("a name is missing or given twice")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except binascii.Error as error:
            raise ValueError(f"{name} is not base64") from error
    return found


def _fields(*names: str) -> dict[str, Any]:
    return {
        name: {"schema": {"type": "string"}, "required": True}
        for name in ("Tus-Resumable", *names)
    }


def _done(status: int, says: str, *names: str) -> Responses:
    return {status: {"description": says, "headers": _fields(*names)}}


def _receipt() -> Responses:
    return {200: answer(SignedDocument, "The signed receipt: the hub has it already.")}


OPTIONS = _done(204, "What this server can do.", "Tus-Version", "Tus-Extension", "Tus-Max-Size",
                "Tus-Checksum-Algorithm")
_GONE = ((404, "hub.upload_gone"), (410, "hub.upload_gone"), (403, "hub.refused"),
         (412, "hub.invalid_message"), (422, "hub.invalid_message"))
_TAKING_IN = (
    (400, "hub.invalid_message"), (409, "hub.busy"), (410, "hub.upload_gone"),
    (413, "hub.invalid_message"), (415, "hub.invalid_message"), (422, "hub.invalid_message"),
    (423, "hub.busy"), (460, "hub.checksum"),
)

CREATION = Described(
    _done(201, "Upload here.", "Location", "Upload-Offset", "Upload-Expires")
    | _receipt()
    | problems(
        *_TAKING_IN, (401, "hub.bad_signature"), (401, "hub.clock_skew"),
        (403, "hub.unknown_kiosk"), (403, "hub.refused"), (403, "hub.not_approved"),
        (409, "hub.digest_conflict"), (412, "hub.invalid_message"),
    ),
    SIGNED_BY_KIOSK | {
        "parameters": [
            _RESUMABLE,
            {"name": "Upload-Length", "in": "header", "required": True,
             "schema": {"type": "integer", "minimum": 1}},
            {"name": "Upload-Metadata", "in": "header", "required": True,
             "description": "submission_id, digest and receipt_number, each with base64; this and "
                            "Upload-Length have to be covered by the signature.",
             "schema": {"type": "string"}},
            _CHECKSUM,
        ],
        "requestBody": _BYTES | {"required": False},
    },
)


class _Upload:
    """The operations at an upload address."""

    head = _done(
        200, "How far it is.", "Upload-Offset", "Upload-Length", "Upload-Expires"
    ) | problems(*_GONE)
    patch = _done(204, "These bytes are safe.", "Upload-Offset", "Upload-Expires") | problems(
        *_GONE, *_TAKING_IN
    )
    plain: ClassVar[dict[str, Any]] = {"parameters": [_RESUMABLE]}
    delete = _done(204, "Forgotten.") | problems(*_GONE, (423, "hub.busy"))
    extra: ClassVar[dict[str, Any]] = {
        "parameters": [
            _RESUMABLE,
            {"name": "Upload-Offset", "in": "header", "required": True,
             "schema": {"type": "integer", "minimum": 0}},
            _CHECKSUM,
        ],
        "requestBody": _BYTES,
    }


UPLOAD = _Upload
