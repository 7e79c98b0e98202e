"""Asking the hub for one person's cases, readable by nobody on the way (sealed_question)."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from kiosk.contract import sealed_question
from kiosk.contract.messages import CaseList, CaseQuery, CaseSearch

KIND = "case_list"


def ask(
    query: CaseQuery, hub_key: X25519PublicKey, kiosk_id: str
) -> tuple[CaseSearch, X25519PrivateKey]:
    """Kiosk: seal a question. Keep the returned key until the answer is read, then drop it."""
    plain = query.model_dump_json().encode()
    return sealed_question.ask(plain, hub_key, _question(kiosk_id), CaseSearch)


def understand(
    search: CaseSearch, private_keys: Mapping[str, X25519PrivateKey], kiosk_id: str
) -> CaseQuery:
    """Hub: open a question. Raises a SealError when it is not one of this kiosk to this hub."""
    return sealed_question.understand(search, private_keys, _question(kiosk_id), CaseQuery)


def answer(
    cases: CaseList, search: CaseSearch, signing_key: Ed25519PrivateKey, kiosk_id: str
) -> dict[str, Any]:
    """Hub: seal the answer to the question's key and sign it. MalformedEnvelope for a bad key."""
    plain = cases.model_dump_json().encode()
    return sealed_question.answer(plain, search, signing_key, _answer(kiosk_id), KIND)


def read(
    signed: Any, reply_key: X25519PrivateKey, hub_signing_key: Ed25519PublicKey, kiosk_id: str
) -> CaseList:
    """Kiosk: check and open the answer. Raises SignatureError or a SealError."""
    return sealed_question.read(
        signed, reply_key, hub_signing_key, _answer(kiosk_id), KIND, CaseList
    )


def _question(kiosk_id: str) -> str:
    return f"case query {kiosk_id}"


def _answer(kiosk_id: str) -> str:
    return f"case list {kiosk_id}"
