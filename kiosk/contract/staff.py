"""Staff sign in at a kiosk: identity card and PIN go sealed to the hub, a shift token comes back.

A member of staff is known by an identity document (never by a card's serial number) together
with a PIN. The question is sealed to the hub and the answer to a key made for this one question,
(`sealed_question`); inside the answer lies the token, signed by the hub on its own, so that a
kiosk can keep it (locked) and check it again without a line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, TypeVar

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import Field, ValidationError

from kiosk.contract import sealed_question
from kiosk.contract.messages import Assurance, Message, SealedQuestion, SignedDocument
from kiosk.contract.signing import SignatureError, sign_document, verify_document

PIN_DIGITS = 6
CODE_DIGITS = 10
"""Digits of a one-time code: typed on the number pad, some 33 bits, tries are limited."""
SHIFT_LIFETIME = timedelta(hours=12)
"""The longest a shift token may live; the hub gives no longer one, a kiosk takes no longer one."""
CLOCK_PLAY = timedelta(minutes=2)
"""How far kiosk and hub clocks may be apart without a fresh token looking not yet valid."""
Role = Literal["assistant", "technician"]
_TOKEN = "shift"
_ANSWER = "shift_answer"


class StaffCard(Message):
    """Who a card says somebody is: what the hub compares with the document it bound."""

    number: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    document_kind: str = Field(min_length=1, max_length=40)
    assurance: Assurance

    def __repr__(self) -> str:
        return "StaffCard(…)"

    __str__ = __repr__

    def canonical(self) -> bytes:
        """The same bytes for the same document, whoever read it and however surely."""
        return rfc8785.dumps([self.document_kind, self.number, self.name])


class ShiftRequest(Message):
    """Sign in: the card and its PIN. Travels sealed only."""

    card: StaffCard
    pin: str = Field(pattern=r"^[0-9]{6}$")

    def __repr__(self) -> str:
        return "ShiftRequest(…)"

    __str__ = __repr__


class BindRequest(ShiftRequest):
    """Bind a card to the record that a one-time code names, with the PIN chosen for it."""

    code: str = Field(pattern=r"^[0-9]{10}$")

    def __repr__(self) -> str:
        return "BindRequest(…)"

    __str__ = __repr__


class StaffQuestion(SealedQuestion):
    """The body of POST /v1/staff/shifts and /v1/staff/bindings: a request sealed to the hub."""


class ShiftToken(Message):
    """The document of a shift token (kind "shift"): who may open this kiosk, as what, how long."""

    token_id: str = Field(min_length=16, max_length=64)
    staff_id: str = Field(pattern=r"^S[0-9]{4,}$")
    name: str
    hall: str
    role: Role
    kiosk_id: str
    not_before: datetime
    expires: datetime

    def __repr__(self) -> str:
        return f"ShiftToken({self.staff_id})"

    __str__ = __repr__


class ShiftEnd(Message):
    """The body of POST /v1/staff/shifts/end: this token is not used any more."""

    token_id: str
    staff_id: str


class TokenExpired(Exception):
    """A genuine token whose time is over, or has not come."""

    code = "staff.token_expired"


@dataclass(frozen=True, repr=False)
class Asked:
    """A sealed question, and the key that opens its answer: drop it once that was read."""

    question: StaffQuestion
    reply_key: X25519PrivateKey


R = TypeVar("R", bound=ShiftRequest)


def is_trivial_pin(pin: str, number: str) -> bool:
    """True for a PIN anybody would try first: one digit repeated, runs, repeated groups, digits
    that stand in a row in the document's own number (birth dates do)."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeated = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3))
    return len(steps) == 1 or repeated or pin in number


def ask(request: ShiftRequest, hub_key: X25519PublicKey, kiosk_id: str) -> Asked:
    """Kiosk: seal a request to the hub."""
    plain = request.model_dump_json().encode()
    purpose = _purpose(type(request), kiosk_id)
    return Asked(*sealed_question.ask(plain, hub_key, purpose, StaffQuestion))


def understand(
    question: StaffQuestion,
    private_keys: Mapping[str, X25519PrivateKey],
    kiosk_id: str,
    model: type[R],
) -> R:
    """Hub: open a question. A SealError when it is not one of this kiosk, of this kind, to us."""
    purpose = _purpose(model, kiosk_id)
    return sealed_question.understand(question, private_keys, purpose, model)


def answer(
    token: ShiftToken, question: StaffQuestion, signing_key: Ed25519PrivateKey, kiosk_id: str
) -> dict[str, Any]:
    """Hub: sign the token, seal it to the question's key, sign that. MalformedEnvelope."""
    signed = sign_document(token.model_dump(mode="json"), signing_key, _TOKEN)
    return sealed_question.answer(
        rfc8785.dumps(signed), question, signing_key, f"shift answer {kiosk_id}", _ANSWER
    )


def read(
    signed: Any, reply_key: X25519PrivateKey, hub_signing_key: Ed25519PublicKey, kiosk_id: str
) -> SignedDocument:
    """Kiosk: check and open the answer; the signed token in it, to be judged by `check_token`.

    Raises SignatureError or a SealError.
    """
    return sealed_question.read(
        signed, reply_key, hub_signing_key, f"shift answer {kiosk_id}", _ANSWER, SignedDocument
    )


def check_token(
    signed: SignedDocument, hub_signing_key: Ed25519PublicKey, kiosk_id: str, now: datetime
) -> ShiftToken:
    """The token, when our hub signed it for this kiosk and its time is now.

    Raises SignatureError (altered, of another hub, kiosk or kind, longer-lived than any shift)
    or TokenExpired.
    """
    document = verify_document(signed.model_dump(), hub_signing_key, _TOKEN)
    try:
        token = ShiftToken.model_validate(document)
    except ValidationError:
        raise SignatureError("a token of another shape") from None
    if token.kiosk_id != kiosk_id:
        raise SignatureError("a token of another kiosk")
    if token.expires - token.not_before > SHIFT_LIFETIME:
        raise SignatureError("a token that lives too long")
    if not token.not_before - CLOCK_PLAY <= now < token.expires:
        raise TokenExpired(token.staff_id)
    return token


def _purpose(model: type[ShiftRequest], kiosk_id: str) -> str:
    return f"{'staff binding' if model is BindRequest else 'staff shift'} {kiosk_id}"
