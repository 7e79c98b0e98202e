"""Who looks after kiosks: records, the card bound to each, PINs, patience with wrong ones.

What is kept of card, code and PIN is in staff_secrets.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.city import City
from hub.problems import Refusal
from hub.staff_secrets import binding_key, card_tag, code_tag, hash_pin, is_pin
from hub.tables import StaffEvent, StaffMember
from kiosk.contract.staff import (
    CODE_DIGITS,
    SHIFT_LIFETIME,
    BindRequest,
    ShiftRequest,
    ShiftToken,
    StaffCard,
    is_trivial_pin,
)

log = logging.getLogger("hub")

ROLES = ("assistant", "technician")
CODE_LIFETIME = timedelta(hours=24)
TRIES = 5
"""Wrong PINs in a row until a record is locked."""
LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
KIOSK_TRIES = 20
"""Refused tries of one kiosk within LOCK, of whatever card, until it has to wait."""
_REFUSED = "refused"
_ASSURANCE = ("card_present", "chip_verified", "card_and_check")


class NoSuchStaff(Exception):
    """No record has this id."""


# ---- records, for the command line and the desk


def add(
    session: Session, key: bytes, name: str, role: str, hall: str, now: datetime
) -> tuple[str, str]:
    """Make a record and return its id and one-time code. ValueError for bad input."""
    if not 1 <= len(name.strip()) <= 60 or len(hall) > 100 or role not in ROLES:
        raise ValueError(f"needs a name and one of the roles {', '.join(ROLES)}")
    count = session.scalar(select(func.count()).select_from(StaffMember)) or 0  # none is deleted
    member = StaffMember(
        staff_id=f"S{count + 1:04d}", name=name.strip(), hall=hall.strip(), role=role,
        assurance="", failed=0, revoked=False,
    )  # fmt: skip
    session.add(member)
    return member.staff_id, _new_code(session, key, member, now, "added")


def new_code(session: Session, key: bytes, staff_id: str, actor: str, now: datetime) -> str:
    """Forget card and PIN of a record and return a new one-time code for binding them anew.

    Raises NoSuchStaff; ValueError for a revoked record.
    """
    member = find(session, staff_id)
    if member.revoked:
        raise ValueError("revoked")
    member.card_tag = member.pin_hash = None
    member.failed, member.locked_until = 0, None
    return _new_code(session, key, member, now, "new_code", actor)


def revoke(session: Session, staff_id: str, actor: str, now: datetime) -> None:
    """End a record for good: card, PIN and code are forgotten. Raises NoSuchStaff."""
    member = find(session, staff_id)
    member.revoked = True
    member.card_tag = member.pin_hash = member.code_tag = member.code_expires = None
    note(session, now, staff_id, actor, "revoked")


def unlock(session: Session, staff_id: str, actor: str, now: datetime) -> None:
    """Let a locked record try again at once. Raises NoSuchStaff."""
    member = find(session, staff_id)
    member.failed, member.locked_until = 0, None
    note(session, now, staff_id, actor, "unlocked")


def find(session: Session, staff_id: str) -> StaffMember:
    """Return a record. Raises NoSuchStaff."""
    member = session.get(StaffMember, staff_id)
    if member is None:
        raise NoSuchStaff(staff_id)
    return member


def everybody(session: Session) -> list[StaffMember]:
    """Return every record, in the order they were made."""
    return list(session.scalars(select(StaffMember).order_by(StaffMember.staff_id)))


def events(session: Session) -> list[StaffEvent]:
    """Return everything that happened, oldest first."""
    return list(session.scalars(select(StaffEvent).order_by(StaffEvent.seq)))


def last_shift(session: Session, staff_id: str) -> StaffEvent | None:
    """Return the newest shift somebody opened, with the kiosk as its actor."""
    return session.scalar(
        select(StaffEvent)
        .where(StaffEvent.staff_id == staff_id, StaffEvent.event.in_(("shift", "bound")))
        .order_by(StaffEvent.seq.desc())
        .limit(1)
    )


def state(member: StaffMember, now: datetime) -> str:
    """Return revoked, locked, bound, invited (a code is out) or unbound."""
    if member.revoked:
        return "revoked"
    if member.locked_until is not None and member.locked_until > now:
        return "locked"
    if member.card_tag is not None:
        return "bound"
    return "invited" if member.code_expires and member.code_expires > now else "unbound"


def note(session: Session, now: datetime, staff_id: str | None, actor: str, event: str) -> None:
    """Write down what happened: ids only."""
    session.add(StaffEvent(at=now, staff_id=staff_id, actor=actor, event=event))
    log.info("%s %s by %s", staff_id or "unknown card", event, actor)


# ---- what kiosks ask


def bind(city: City, request: BindRequest, kiosk_id: str) -> ShiftToken:
    """Bind a card to the record of a one-time code and open its first shift.

    Raises Refusal: staff.locked, staff.trivial_pin, staff.code_refused, staff.card_taken.
    """
    key, now = binding_key(city.folders), city.clock()
    if is_trivial_pin(request.pin, request.card.number):
        raise Refusal(422, "staff.trivial_pin")
    card, code = card_tag(key, request.card), code_tag(key, request.code)
    with city.database.transaction() as session:
        _patience(session, kiosk_id, now)
        invited = _invited(session, code, now)
        if invited is None:
            note(session, now, None, kiosk_id, _REFUSED)
    if invited is None:
        raise Refusal(403, "staff.code_refused", "unknown, used or expired")
    pin_hash = hash_pin(key, invited.staff_id, request.pin)
    with city.database.transaction() as session:
        member = _invited(session, code, now)
        if member is None:  # used or withdrawn while we were hashing
            raise Refusal(403, "staff.code_refused", "used")
        if _by_card(session, card) is not None:
            raise Refusal(409, "staff.card_taken", "bound to another record")
        member.card_tag, member.pin_hash = card, pin_hash
        member.assurance = request.card.assurance
        member.code_tag = member.code_expires = None
        note(session, now, member.staff_id, kiosk_id, "bound")
        return _token(member, kiosk_id, now)


def open_shift(city: City, request: ShiftRequest, kiosk_id: str) -> ShiftToken:
    """Check card and PIN; return a shift token for the asking kiosk.

    Every try is counted before its PIN is looked at, so neither a crash nor many tries at once
    give more of them. Raises Refusal: staff.locked, staff.unknown_card, staff.wrong_pin.
    """
    key, now = binding_key(city.folders), city.clock()
    tried = _count_try(city, card_tag(key, request.card), request.card, kiosk_id, now)
    # Hashing takes its time on purpose: outside of the transaction, so nobody else waits.
    right = is_pin(key, tried.staff_id, request.pin, tried.pin_hash)
    with city.database.transaction() as session:
        member = find(session, tried.staff_id)
        if right and member.pin_hash == tried.pin_hash:
            member.failed, member.locked_until = 0, None
            note(session, now, member.staff_id, kiosk_id, "shift")
            return _token(member, kiosk_id, now)
        note(session, now, member.staff_id, kiosk_id, _REFUSED)
    raise Refusal(403, "staff.locked" if tried.last else "staff.wrong_pin")


def end_shift(city: City, staff_id: str, kiosk_id: str) -> None:
    """Write down that a shift at this kiosk is over."""
    with city.database.transaction() as session:
        if session.get(StaffMember, staff_id) is not None:
            note(session, city.clock(), staff_id, kiosk_id, "shift_ended")


# ---- inside


@dataclass(frozen=True)
class _Try:
    """One counted try: whose, the hash to compare with, and whether a wrong PIN locks now."""

    staff_id: str
    pin_hash: str
    last: bool


def _count_try(city: City, tag: str, card: StaffCard, kiosk_id: str, now: datetime) -> _Try:
    refused = ""
    with city.database.transaction() as session:
        _patience(session, kiosk_id, now)
        member = _by_card(session, tag)
        if member is None or member.pin_hash is None or not _as_sure(card, member):
            refused = "staff.unknown_card"
        elif member.locked_until is not None and member.locked_until > now:
            refused = "staff.locked"
        else:
            member.failed += 1
            if member.failed >= TRIES:
                wait = LOCK * 2 ** min(member.failed - TRIES, 12)
                member.locked_until = now + min(wait, LONGEST_LOCK)
            return _Try(member.staff_id, member.pin_hash, member.failed >= TRIES)
        note(session, now, member.staff_id if member else None, kiosk_id, _REFUSED)
    raise Refusal(403, refused)


def _new_code(
    session: Session, key: bytes, member: StaffMember, now: datetime, event: str,
    actor: str = "command line",
) -> str:  # fmt: skip
    text = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    member.code_tag = code_tag(key, text)
    member.code_expires = now + CODE_LIFETIME
    note(session, now, member.staff_id, actor, event)
    return f"{text[:4]} {text[4:7]} {text[7:]}"


def _patience(session: Session, kiosk_id: str, now: datetime) -> None:
    """Refuse a kiosk that tried too much: nobody walks through numbers or codes with it."""
    tries = session.scalar(
        select(func.count())
        .select_from(StaffEvent)
        .where(
            StaffEvent.actor == kiosk_id,
            StaffEvent.event == _REFUSED,
            StaffEvent.at > now - LOCK,
        )
    )
    if (tries or 0) >= KIOSK_TRIES:
        raise Refusal(429, "staff.locked", "too many tries at this kiosk")


def _token(member: StaffMember, kiosk_id: str, now: datetime) -> ShiftToken:
    return ShiftToken(
        token_id=secrets.token_urlsafe(18),
        staff_id=member.staff_id,
        name=member.name,
        hall=member.hall,
        role="technician" if member.role == "technician" else "assistant",
        kiosk_id=kiosk_id,
        not_before=now,
        expires=now + SHIFT_LIFETIME,
    )


def _by_card(session: Session, tag: str) -> StaffMember | None:
    return session.scalar(select(StaffMember).where(StaffMember.card_tag == tag))


def _invited(session: Session, tag: str, now: datetime) -> StaffMember | None:
    found = session.scalar(select(StaffMember).where(StaffMember.code_tag == tag))
    return found if found and found.code_expires and found.code_expires > now else None


def _as_sure(card: StaffCard, member: StaffMember) -> bool:
    """A copy that proves less than what was bound (a passport unsigned) is not that card."""
    return _ASSURANCE.index(card.assurance) >= _ASSURANCE.index(member.assurance)
