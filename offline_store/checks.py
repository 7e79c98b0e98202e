"""The whole file looked through, beside the running kiosk: trees, sealed bytes, audit chain.

SQLite keeps no checksum of its pages: a byte that changed inside a text or a picture is found by
our own digests only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from offline_store.audit import Audit
from offline_store.connections import Connection
from offline_store.errors import DAMAGED, AuditBroken, StoreError
from offline_store.sqlite import sqlite3

_LOOK_UP = 100_000  # SQLite's steps between two questions whether to stop: about a millisecond


@dataclass(frozen=True)
class Findings:
    """``trees``: SQLite's first finding, "" when there is none. ``submissions``: those whose
    sealed bytes are not what was handed in. ``audit``: where the chain is broken, "" when it
    holds; ``line``: a line of it says something else than it did."""

    trees: str = ""
    submissions: tuple[str, ...] = ()
    audit: str = ""
    line: bool = False

    @property
    def damage(self) -> bool:
        """A recovery mends it. Lines that hold, but do not follow one another, it does not mend:
        that is no damage, somebody did it."""
        return bool(self.trees or self.submissions or self.line)


def check(
    read: Callable[[], AbstractContextManager[Connection]],
    audit: Audit,
    stop: Callable[[], bool],
) -> Findings | None:
    """Check everything in one read transaction after another; None when ``stop`` said so.

    Raises StoreError when the file cannot be read at all (a failing disk).
    """
    trees, submissions, chain, line = "", [], "", False
    try:
        with read() as connection:
            verdict = _asked(connection, "PRAGMA integrity_check(1)", stop)
            if verdict is None:
                return None
            trees = "" if verdict == "ok" else verdict
        with read() as connection:
            waiting = connection.execute(
                "SELECT id, digest FROM submission WHERE state = 'waiting' ORDER BY seq"
            ).fetchall()
        for submission_id, digest in waiting:
            if stop():
                return None
            with read() as connection:
                if not _holds(connection, submission_id, digest):
                    submissions.append(submission_id)
        audit.verify()
    except AuditBroken as error:
        chain, line = error.detail, error.changed
    except StoreError as error:
        if error.code != DAMAGED:
            raise
        trees = error.detail
    return Findings(trees, tuple(submissions), chain, line)


def _asked(connection: Connection, pragma: str, stop: Callable[[], bool]) -> str | None:
    """The pragma's answer; None when it was stopped."""
    connection.set_progress_handler(lambda: int(stop()), _LOOK_UP)
    try:
        return str(connection.execute(pragma).fetchone()[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _holds(connection: Connection, submission_id: str, digest: str) -> bool:
    """True also for one that was confirmed meanwhile, or whose bytes went with its confirmation:
    then a recovery lost the hub's receipt, and the hub is asked for it again."""
    row = connection.execute(
        "SELECT state FROM submission WHERE id = ?", (submission_id,)
    ).fetchone()
    found, parts = hashlib.sha256(), 0
    for (data,) in connection.execute(
        "SELECT bytes FROM sealed_part WHERE submission_id = ? ORDER BY part", (submission_id,)
    ):
        found.update(data)
        parts += 1
    if row is None or row[0] != "waiting" or found.hexdigest() == digest:
        return True
    confirmed = (
        "SELECT 1 FROM audit WHERE event = 'submission.confirmed' AND data LIKE ? ESCAPE '!'"
    )
    like = submission_id.replace("!", "!!").replace("_", "!_").replace("%", "!%")
    return parts == 0 and connection.execute(confirmed, (f'%"{like}"%',)).fetchone() is not None
