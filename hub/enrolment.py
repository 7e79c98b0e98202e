"""How a kiosk becomes known: a one-time, short-lived code, and the kiosk's own key.

What comes after that (approval, revocation, another hall) is in hub/kiosks.py.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.problems import Refusal
from hub.tables import EnrolmentCode, Kiosk, KioskEvent, OldKioskKey
from kiosk.contract import keys
from kiosk.contract.messages import EnrolmentRequest, KioskEntry

CODE_LIFETIME = timedelta(minutes=15)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1, I: a code may be typed."""


def new_code(
    session: Session, now: datetime, kiosk_id: str | None = None, approval: bool = False,
    hall: str = "",
) -> str:  # fmt: skip
    """Make a code: 8 characters, 40 random bits, valid once within CODE_LIFETIME.

    kiosk_id: for that kiosk, whose board was swapped. approval: somebody has to approve the kiosk
    before it may send.
    """
    session.execute(delete(EnrolmentCode).where(EnrolmentCode.expires < now))
    text = "".join(secrets.choice(_LETTERS) for _ in range(8))
    session.add(
        EnrolmentCode(
            digest=_digest(text), expires=now + CODE_LIFETIME, kiosk_id=kiosk_id,
            needs_approval=approval, hall=hall,
        )
    )  # fmt: skip
    return f"{text[:4]}-{text[4:]}"


def enrol(session: Session, request: EnrolmentRequest, now: datetime) -> Kiosk:
    """Take in a kiosk, or a new board of a known one. Same code, same key: same kiosk.

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
    if known is not None or session.get(OldKioskKey, request.public_key) is not None:
        raise Refusal(403, "hub.code_refused", "this key is enrolled already")
    code.public_key = request.public_key
    if code.kiosk_id is not None:
        kiosk = session.get(Kiosk, code.kiosk_id)
        if kiosk is None or kiosk.revoked:
            raise Refusal(403, "hub.code_refused", "of a kiosk that is gone")
        _swap_board(session, kiosk, request.public_key, now)
    else:
        number = 1 + int(session.scalar(select(func.count()).select_from(Kiosk)) or 0)
        kiosk = Kiosk(
            kiosk_id=f"K{number:04d}",  # none is ever deleted
            kiosk_code=_next_code(session),
            public_key=request.public_key,
            name=request.name,
            enrolled=now,
            revoked=False,
            approved=True,
            hall=code.hall,
        )
        session.add(kiosk)
        note(session, now, kiosk.kiosk_id, kiosk.kiosk_id, "enrolled")
    if code.needs_approval:
        kiosk.approved = False
    return kiosk


def _swap_board(session: Session, kiosk: Kiosk, public_key: str, now: datetime) -> None:
    """The same kiosk with a new key. Its receipts count from 1 again, so they get a new code:
    what the old board may have given out is never given out twice."""
    code = _next_code(session)
    old = OldKioskKey(
        public_key=kiosk.public_key, kiosk_id=kiosk.kiosk_id, kiosk_code=kiosk.kiosk_code,
        until=now,
    )  # fmt: skip
    session.add(old)
    kiosk.public_key, kiosk.kiosk_code = public_key, code
    note(session, now, kiosk.kiosk_id, kiosk.kiosk_id, "board_swapped")


def _next_code(session: Session) -> str:
    used = [
        int(session.scalar(select(func.max(column))) or 0)
        for column in (Kiosk.kiosk_code, OldKioskKey.kiosk_code)
    ]
    return f"{max(used) + 1:04d}"


def public_key(session: Session, kiosk_id: str) -> Ed25519PublicKey | None:
    """Return a kiosk's present key, also of a revoked one; None when unknown."""
    kiosk = session.get(Kiosk, kiosk_id)
    return keys.signing_public_key(kiosk.public_key) if kiosk else None


def public_keys(session: Session, kiosk_id: str) -> list[Ed25519PublicKey]:
    """Return every key a kiosk ever had, the present one first."""
    present = public_key(session, kiosk_id)
    return ([present] if present else []) + [
        keys.signing_public_key(text) for text in _old_keys(session, kiosk_id)
    ]


def directory(session: Session) -> tuple[KioskEntry, ...]:
    """Return every kiosk, so that any of them verifies any receipt offline."""
    return tuple(
        KioskEntry(
            kiosk_id=kiosk.kiosk_id,
            kiosk_code=kiosk.kiosk_code,
            public_key=kiosk.public_key,
            name=kiosk.name,
            revoked=kiosk.revoked,
            old_keys=tuple(_old_keys(session, kiosk.kiosk_id)),
        )
        for kiosk in session.scalars(select(Kiosk).order_by(Kiosk.kiosk_id))
    )


def note(
    session: Session, now: datetime, kiosk_id: str, actor: str, event: str, detail: str = ""
) -> None:
    """Write down what happened to a kiosk."""
    session.add(
        KioskEvent(at=now, kiosk_id=kiosk_id, actor=actor, event=event, detail=detail)
    )


def _old_keys(session: Session, kiosk_id: str) -> list[str]:
    return list(
        session.scalars(
            select(OldKioskKey.public_key)
            .where(OldKioskKey.kiosk_id == kiosk_id)
            .order_by(OldKioskKey.until.desc())
        )
    )


def _digest(code: str) -> str:
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()
