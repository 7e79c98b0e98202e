"""A question sealed to the hub, and an answer sealed to a key made for this one question.

Nobody on the way reads either. Both are bound to a purpose, which names what is asked and the
asking kiosk, and the answer is signed by the hub (RFC 9180 by `sealing`).
"""

import base64
from collections.abc import Mapping
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import BaseModel, ValidationError

from kiosk.contract.keys import key_id, new_sealing_key, public_text, sealing_public_key
from kiosk.contract.messages import SealedQuestion
from kiosk.contract.sealing import MalformedEnvelope, UnknownKey, open_message, seal_message
from kiosk.contract.signing import SignatureError, sign_document, verify_document

Q = TypeVar("Q", bound=SealedQuestion)
M = TypeVar("M", bound=BaseModel)


def ask(
    plain: bytes, hub_key: X25519PublicKey, purpose: str, message: type[Q]
) -> tuple[Q, X25519PrivateKey]:
    """Kiosk: seal a question. Keep the returned key until the answer is read, then drop it."""
    reply_key = new_sealing_key()
    question = message(
        sealing_key_id=key_id(hub_key),
        reply_key=public_text(reply_key.public_key()),
        sealed=_text(seal_message(plain, hub_key, purpose)),
    )
    return question, reply_key


def understand(
    question: SealedQuestion, private_keys: Mapping[str, X25519PrivateKey], purpose: str,
    model: type[M],
) -> M:
    """Hub: open a question. Raises a SealError when it is not one for this purpose to this hub."""
    private = private_keys.get(question.sealing_key_id)
    if private is None:
        raise UnknownKey(question.sealing_key_id)
    return _opened(question.sealed, private, purpose, model)


def answer(
    plain: bytes, question: SealedQuestion, signing_key: Ed25519PrivateKey, purpose: str, kind: str
) -> dict[str, Any]:
    """Hub: seal the answer to the question's key and sign it. MalformedEnvelope for a bad key."""
    try:
        reply_key = sealing_public_key(question.reply_key)
    except ValueError as error:
        raise MalformedEnvelope("reply_key") from error
    document = {
        "reply_key": question.reply_key,
        "sealed": _text(seal_message(plain, reply_key, purpose)),
    }
    return sign_document(document, signing_key, kind)


def read(
    signed: Any, reply_key: X25519PrivateKey, hub_key: Ed25519PublicKey, purpose: str, kind: str,
    model: type[M],
) -> M:
    """Kiosk: check and open the answer. Raises SignatureError or a SealError."""
    document = verify_document(signed, hub_key, kind)
    if document.get("reply_key") != public_text(reply_key.public_key()):
        raise SignatureError("the answer to another question")
    return _opened(str(document.get("sealed")), reply_key, purpose, model)


def _opened(text: str, key: X25519PrivateKey, purpose: str, model: type[M]) -> M:
    try:
        sealed = base64.b64decode(text, validate=True)
        return model.model_validate_json(open_message(sealed, key, purpose))
    except (ValueError, ValidationError) as error:
        # The cause may quote personal values or a PIN: it is cut off here.
        raise MalformedEnvelope(type(error).__name__) from None


def _text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode("ascii")
