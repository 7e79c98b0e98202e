"""How a kiosk becomes known: a one-time, short-lived code, and the kiosk's own key."""

import hashlib
import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.problems import Refusal
from hub.tables import EnrolmentCode, Kiosk
from kiosk.contract import keys
from kiosk.contract.messages import EnrolmentRequest, KioskEntry

CODE_LIFETIME = timedelta(minutes=15)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1, I: a code may be typed."""


def new_code(session: Session, now: datetime) -> str:
    """Make a code: 8 characters, 40 random bits, valid once within CODE_LIFETIME."""
    session.execute(delete(EnrolmentCode).where(EnrolmentCode.expires < now))
    text = "".join(secrets.choice(_LETTERS) for _ in range(8))
    session.add(EnrolmentCode(digest=_digest(text), expires=now + CODE_LIFETIME))
    return f"{text[:4]}-{text[4:]}"


def enrol(session: Session, request: EnrolmentRequest, now: datetime) -> Kiosk:
    """Take in a kiosk. The same code with the same key again gives the same kiosk.

    Raises Refusal hub.code_refused for a code that is unknown, used or too old.
    """
    code = session.get(EnrolmentCode, _digest(request.code))
    if code is None or code.expires < now:
        raise Refusal(403, "hub.code_refused", "unknown or expired")
    known = session.scalar(select(Kiosk).where(Kiosk.public_key == request.public_key))
    if code.public_key is not None:
        if known is None or code.public_key != request.public_key:
            raise Refusal(403, "hub.code_refused", "used")
        return known
    if known is not None:
        raise Refusal(403, "hub.code_refused", "this key is enrolled already")
    number = int(session.scalar(select(func.max(Kiosk.kiosk_code))) or 0) + 1
    kiosk = Kiosk(
        kiosk_id=f"K{number:04d}",
        kiosk_code=f"{number:04d}",
        public_key=request.public_key,
        name=request.name,
        enrolled=now,
        revoked=False,
    )
    code.public_key = request.public_key
    session.add(kiosk)
    return kiosk


def public_key(session: Session, kiosk_id: str) -> Ed25519PublicKey | None:
    """Return a kiosk's key, also of a revoked one; None when unknown."""
    kiosk = session.get(Kiosk, kiosk_id)
    return keys.signing_public_key(kiosk.public_key) if kiosk else None


def directory(session: Session) -> tuple[KioskEntry, ...]:
    """Return every kiosk, so that any of them verifies any receipt offline."""
    return tuple(
        KioskEntry(
            kiosk_id=kiosk.kiosk_id,
            kiosk_code=kiosk.kiosk_code,
            public_key=kiosk.public_key,
            name=kiosk.name,
            revoked=kiosk.revoked,
        )
        for kiosk in session.scalars(select(Kiosk).order_by(Kiosk.kiosk_id))
    )


def _digest(code: str) -> str:
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()
