"""The life of a kiosk after its enrolment: approved, revoked, given a new board, moved."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import enrolment
from hub.tables import Kiosk, KioskContact, KioskEvent, OldKioskKey


class NoSuchKiosk(Exception):
    """No kiosk has this id, or not in a state that allows this."""


def find(session: Session, kiosk_id: str) -> Kiosk:
    """Return a kiosk. Raises NoSuchKiosk."""
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise NoSuchKiosk(kiosk_id)
    return kiosk


def approve(session: Session, kiosk_id: str, actor: str, now: datetime) -> None:
    """Let a kiosk send that was enrolled with a code that needs approval."""
    kiosk = find(session, kiosk_id)
    if kiosk.approved:
        raise NoSuchKiosk(f"{kiosk_id} is approved already")
    kiosk.approved = True
    enrolment.note(session, now, kiosk_id, actor, "approved")


def revoke(session: Session, kiosk_id: str, actor: str, now: datetime, undo: bool = False) -> None:
    """Refuse everything from a kiosk from now on, or no longer. Its receipts stay genuine."""
    kiosk = find(session, kiosk_id)
    kiosk.revoked = not undo
    enrolment.note(session, now, kiosk_id, actor, "readmitted" if undo else "revoked")


def move(
    session: Session, kiosk_id: str, hall: str, name: str, actor: str, now: datetime
) -> None:
    """Note that a kiosk stands in another hall; what it handed in stays where it was."""
    kiosk = find(session, kiosk_id)
    if not 1 <= len(hall) <= 100 or len(name) > 100:
        raise ValueError("a hall has a name of 1 to 100 characters")
    before, kiosk.hall = kiosk.hall, hall
    kiosk.name = name or kiosk.name
    enrolment.note(session, now, kiosk_id, actor, "moved", f"{before or '—'} → {hall}")


def code_for_new_board(session: Session, kiosk_id: str, approval: bool, now: datetime) -> str:
    """Return a one-time code with which a new board becomes this kiosk. Raises NoSuchKiosk."""
    kiosk = find(session, kiosk_id)
    if kiosk.revoked:
        raise NoSuchKiosk(f"{kiosk_id} is revoked")
    enrolment.note(session, now, kiosk_id, "command line", "code_for_new_board")
    return enrolment.new_code(session, now, kiosk_id, approval)


def state(kiosk: Kiosk) -> str:
    """Return revoked, waiting (for approval) or active."""
    if kiosk.revoked:
        return "revoked"
    return "active" if kiosk.approved else "waiting"


def everybody(session: Session) -> list[dict[str, object]]:
    """Return every kiosk with its newest report; nothing personal."""
    reports = {row.kiosk_id: row for row in session.scalars(select(KioskContact))}
    boards: dict[str, int] = {}
    for old in session.scalars(select(OldKioskKey)):
        boards[old.kiosk_id] = boards.get(old.kiosk_id, 0) + 1
    lines: list[dict[str, object]] = []
    for kiosk in session.scalars(select(Kiosk).order_by(Kiosk.kiosk_id)):
        row = reports.get(kiosk.kiosk_id)
        lines.append(
            {
                "kiosk_id": kiosk.kiosk_id,
                "kiosk_code": kiosk.kiosk_code,
                "name": kiosk.name,
                "hall": kiosk.hall,
                "state": state(kiosk),
                "old_boards": boards.get(kiosk.kiosk_id, 0),
                "last_contact": row.at.isoformat() if row else None,
                "report": row.report if row else None,
            }
        )
    return lines


def events(session: Session, kiosk_id: str | None = None) -> list[KioskEvent]:
    """Return what happened, oldest first; of one kiosk or of all."""
    wanted = select(KioskEvent).order_by(KioskEvent.seq)
    if kiosk_id is not None:
        wanted = wanted.where(KioskEvent.kiosk_id == kiosk_id)
    return list(session.scalars(wanted))
