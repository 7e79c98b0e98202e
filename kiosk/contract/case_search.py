"""Asking the hub for one person's cases, readable by nobody on the way.

The question is sealed to the hub; the answer is sealed to a key made for this
one question and signed by the hub. Both are bound to the asking kiosk.
"""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import ValidationError

from kiosk.contract.keys import key_id, new_sealing_key, public_text, sealing_public_key
from kiosk.contract.messages import CaseList, CaseQuery, CaseSearch
from kiosk.contract.sealing import MalformedEnvelope, UnknownKey, open_message, seal_message
from kiosk.contract.signing import SignatureError, sign_document, verify_document

KIND = "case_list"


def ask(
    query: CaseQuery, hub_key: X25519PublicKey, kiosk_id: str
) -> tuple[CaseSearch, X25519PrivateKey]:
    """Kiosk: seal a question. Keep the returned key until the answer is read, then drop it."""
    reply_key = new_sealing_key()
    sealed = seal_message(query.model_dump_json().encode(), hub_key, f"case query {kiosk_id}")
    search = CaseSearch(
        sealing_key_id=key_id(hub_key),
        reply_key=public_text(reply_key.public_key()),
        sealed=base64.b64encode(sealed).decode("ascii"),
    )
    return search, reply_key


def understand(
    search: CaseSearch, private_keys: Mapping[str, X25519PrivateKey], kiosk_id: str
) -> CaseQuery:
    """Hub: open a question. Raises a SealError when it is not one of this kiosk to this hub."""
    private = private_keys.get(search.sealing_key_id)
    if private is None:
        raise UnknownKey(search.sealing_key_id)
    try:
        sealed = base64.b64decode(search.sealed, validate=True)
        plain = open_message(sealed, private, f"case query {kiosk_id}")
        return CaseQuery.model_validate_json(plain)
    except (ValueError, ValidationError) as error:
        # The cause may quote personal values: it is cut off here.
        raise MalformedEnvelope(type(error).__name__) from None


def answer(
    cases: CaseList, search: CaseSearch, signing_key: Ed25519PrivateKey, kiosk_id: str
) -> dict[str, Any]:
    """Hub: seal the answer to the question's key and sign it. MalformedEnvelope for a bad key."""
    try:
        reply_key = sealing_public_key(search.reply_key)
    except ValueError as error:
        raise MalformedEnvelope("reply_key") from error
    sealed = seal_message(cases.model_dump_json().encode(), reply_key, f"case list {kiosk_id}")
    document = {
        "reply_key": search.reply_key,
        "sealed": base64.b64encode(sealed).decode("ascii"),
    }
    return sign_document(document, signing_key, KIND)


def read(
    signed: Any, reply_key: X25519PrivateKey, hub_signing_key: Ed25519PublicKey, kiosk_id: str
) -> CaseList:
    """Kiosk: check and open the answer. Raises SignatureError or a SealError."""
    document = verify_document(signed, hub_signing_key, KIND)
    if document.get("reply_key") != public_text(reply_key.public_key()):
        raise SignatureError("the answer to another question")
    try:
        sealed = base64.b64decode(str(document.get("sealed")), validate=True)
        plain = open_message(sealed, reply_key, f"case list {kiosk_id}")
        return CaseList.model_validate_json(plain)
    except (ValueError, ValidationError) as error:
        raise MalformedEnvelope(type(error).__name__) from None
