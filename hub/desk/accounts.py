"""Who works at the desk: accounts (argon2), sessions, and patience with wrong passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub.database import Database
from hub.tables import Account, DeskSession

ROLES = ("intake", "admin")
SESSION_LIFETIME = timedelta(hours=10)
"""One working day."""
FREE_TRIES = 3
FIRST_WAIT = timedelta(seconds=8)
LONGEST_WAIT = timedelta(minutes=15)
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class Desk:
    """A signed-in person: account name and the token their forms carry."""

    account: str
    csrf: str
    role: str = "intake"


def put(session: Session, name: str, password: str, role: str) -> None:
    """Make an account, or change its password and end its sessions. ValueError for bad input."""
    if not 1 <= len(name.strip()) <= 60 or len(password) < 8 or role not in ROLES:
        raise ValueError(
            "needs a name, a password of 8 characters or more, and role intake or admin"
        )
    account = session.get(Account, name.strip()) or Account(name=name.strip())
    account.password_hash = _HASHER.hash(password)
    account.role, account.failed, account.locked_until = role, 0, None
    session.add(account)
    session.execute(delete(DeskSession).where(DeskSession.account == account.name))


def check(database: Database, name: str, password: str, now: datetime) -> int | None:
    """Check a password. None: right. 0: wrong. More: wait so many seconds before trying again.

    After FREE_TRIES wrong ones each further one doubles the wait; whether the name
    exists is never said.
    """
    with database.transaction() as session:
        account = session.get(Account, name.strip())
    if account is not None and account.locked_until is not None and account.locked_until > now:
        return int((account.locked_until - now).total_seconds()) + 1
    # Hashing takes its time on purpose: outside of the transaction, so nobody else waits.
    right = _matches(account.password_hash if account else _nobody(), password)
    if account is None:
        return 0
    with database.transaction() as session:
        account = session.merge(account)
        if right:
            account.failed, account.locked_until = 0, None
            return None
        account.failed += 1
        if account.failed >= FREE_TRIES:
            wait = FIRST_WAIT * 2 ** min(account.failed - FREE_TRIES, 12)
            account.locked_until = now + min(wait, LONGEST_WAIT)
        return 0


@cache
def _nobody() -> str:
    # Checked for unknown names, so that the answer takes as long as for known ones.
    return _HASHER.hash(secrets.token_hex(16))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def open_session(session: Session, name: str, now: datetime) -> str:
    """Start a session; return the secret for the cookie."""
    session.execute(delete(DeskSession).where(DeskSession.expires < now))
    token = secrets.token_urlsafe(32)
    session.add(
        DeskSession(
            digest=_digest(token),
            account=name.strip(),
            csrf=secrets.token_urlsafe(24),
            expires=now + SESSION_LIFETIME,
        )
    )
    return token


def who(session: Session, token: str, now: datetime) -> Desk | None:
    """Return who a cookie belongs to; None when it is unknown or too old."""
    found = session.get(DeskSession, _digest(token))
    if found is None or found.expires < now:
        return None
    account = session.get(Account, found.account)
    return Desk(found.account, found.csrf, account.role) if account is not None else None


def close_session(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(DeskSession).where(DeskSession.digest == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
