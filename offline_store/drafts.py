"""Drafts people took with them: sealed bytes whose key is on a slip, never here.

A draft is *held* until it expires or is dropped (handed in, or not wanted any more). What was
dropped is *gone*: its bytes are deleted at once, its row stays until the hub knows. An expired one
is remembered for a while, without its bytes, so that whoever comes late is told the truth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from offline_store.audit import Audit
from offline_store.connections import Connection, Connections
from offline_store.crash_points import reach
from offline_store.errors import CONFLICT, DAMAGED, StoreError
from offline_store.parts import rows_of

MOST = 200
"""Drafts held at a time."""
MOST_BYTES = 512 * 1024 * 1024
"""Bytes of all drafts held at a time."""
REMEMBERED = 60 * 24 * 3600.0
"""Seconds for which an expired draft is remembered after it expired."""
DRAFTS_FULL = "draft.full"
_COLUMNS = "id, state, expires, size, at_hub, attempts, next_attempt, last_error"


class DraftsFull(StoreError):
    """This kiosk holds as many drafts as it may (code ``draft.full``)."""

    def __init__(self) -> None:
        super().__init__(DRAFTS_FULL)


@dataclass(frozen=True)
class NewDraft:
    """A sealed draft. Times are Unix seconds."""

    draft_id: str
    service_code: str
    created: float
    expires: float
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class DraftRow:
    """One draft's state, without its bytes. ``next_attempt`` is Unix seconds; 0 means at once."""

    draft_id: str
    state: str  # held | gone | expired
    expires: float
    size: int
    at_hub: bool
    attempts: int
    next_attempt: float
    last_error: str | None


class Drafts:
    """See the module. Every method works from any thread."""

    def __init__(
        self, connections: Connections, audit: Audit, most: int = MOST,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._connections = connections
        self._audit = audit
        self._most, self._most_bytes = most, most_bytes

    def keep(self, draft: NewDraft) -> None:
        """Take a draft in; on the disk when this returns. Raises DraftsFull and StoreError
        (``store.full`` and the like) with nothing left behind."""
        self._connections.write(lambda connection: self._keep(connection, draft))
        reach("draft.keep.done")

    def _keep(self, connection: Connection, draft: NewDraft) -> None:
        # What has expired makes room; its bytes go with this commit.
        _expire(connection, self._audit, draft.created)
        count, size = connection.execute(
            "SELECT count(*), coalesce(sum(size), 0) FROM draft WHERE state = 'held'"
        ).fetchone()
        if count >= self._most or size + len(draft.sealed) > self._most_bytes:
            raise DraftsFull
        if connection.execute("SELECT 1 FROM draft WHERE id = ?", (draft.draft_id,)).fetchone():
            raise StoreError(CONFLICT, "a draft of this id is here")
        connection.execute(
            "INSERT INTO draft (id, expires, size, digest) VALUES (?, ?, ?, ?)",
            (draft.draft_id, draft.expires, len(draft.sealed),
             hashlib.sha256(draft.sealed).hexdigest()),
        )
        connection.executemany(
            "INSERT INTO draft_part (draft_id, part, bytes) VALUES (?, ?, ?)",
            rows_of(draft.draft_id, draft.sealed),
        )
        reach("draft.keep.bytes")
        self._audit.append(
            "draft.kept",
            {"draft": draft.draft_id, "service": draft.service_code, "size": len(draft.sealed)},
            connection,
        )

    def read(self, draft_id: str) -> bytes | None:
        """The sealed bytes; None when no bytes of it are held here. Raises StoreError
        ``store.damaged`` when they are not what was kept."""
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT digest FROM draft WHERE id = ? AND state = 'held'", (draft_id,)
            ).fetchone()
            if row is None:
                return None
            parts = connection.execute(
                "SELECT bytes FROM draft_part WHERE draft_id = ? ORDER BY part", (draft_id,)
            )
            sealed = b"".join(part[0] for part in parts)
        if hashlib.sha256(sealed).hexdigest() != row[0]:
            raise StoreError(DAMAGED, "a draft's bytes changed")
        return sealed

    def row(self, draft_id: str) -> DraftRow | None:
        """What is known of a draft; None when it was never here or is forgotten."""
        with self._connections.read() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM draft WHERE id = ?", (draft_id,)
            ).fetchone()
            return None if row is None else _row_of(row)

    def drop(self, draft_id: str, expires: float, reason: str) -> None:
        """Delete a draft, here and (the row says so until it is done) at the hub; also one that
        was only fetched from there. ``reason``: a word for the audit."""
        self._connections.write(self.dropping(draft_id, expires, reason))
        reach("draft.drop.done")

    def dropping(
        self, draft_id: str, expires: float, reason: str
    ) -> Callable[[Connection], None]:
        """The same, for a transaction of somebody else's: a draft that is handed in goes in the
        very commit that takes in its submission."""

        def work(connection: Connection) -> None:
            connection.execute("DELETE FROM draft_part WHERE draft_id = ?", (draft_id,))
            connection.execute(
                "INSERT INTO draft (id, state, expires, size, digest) VALUES (?, 'gone', ?, 0, '')"
                " ON CONFLICT (id) DO UPDATE SET state = 'gone', size = 0, digest = '',"
                " attempts = 0, next_attempt = 0, last_error = NULL",
                (draft_id, expires),
            )
            self._audit.append("draft.dropped", {"draft": draft_id, "reason": reason}, connection)

        return work

    # ---- the way to the hub

    def under_way(self) -> list[DraftRow]:
        """All that the hub has to hear of or be asked about, what is due first first."""
        with self._connections.read() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM draft WHERE state <> 'expired'"
                " ORDER BY next_attempt, seq"
            ).fetchall()
        return [_row_of(row) for row in rows]

    def uploaded(self, draft_id: str, ask_again: float) -> None:
        """The hub has it; it is to be asked at ``ask_again`` whether that is still so."""
        self._set(
            draft_id, "at_hub = 1, attempts = 0, last_error = NULL, next_attempt = ?", (ask_again,)
        )

    def lost_at_hub(self, draft_id: str) -> None:
        """The hub does not know it (any more): upload it again."""
        self._set(draft_id, "at_hub = 0, next_attempt = 0", ())

    def attempted(self, draft_id: str, error_code: str, retry_at: float) -> None:
        """An attempt ended with ``error_code``; the next is due at ``retry_at``."""
        self._set(
            draft_id, "attempts = attempts + 1, last_error = ?, next_attempt = ?",
            (error_code, retry_at),
        )

    def settled(self, draft_id: str) -> None:
        """The hub knows that it is gone: forget it."""
        self._connections.write(
            lambda connection: connection.execute(
                "DELETE FROM draft WHERE id = ? AND state = 'gone'", (draft_id,)
            )
        )

    def finished_elsewhere(self, draft_id: str) -> None:
        """The hub says that it was handed in or deleted at another kiosk: nothing is left here."""

        def work(connection: Connection) -> None:
            connection.execute("DELETE FROM draft_part WHERE draft_id = ?", (draft_id,))
            connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))
            self._audit.append(
                "draft.dropped", {"draft": draft_id, "reason": "elsewhere"}, connection
            )

        self._connections.write(work)

    # ---- time

    def expire(self, now: float) -> int:
        """Delete what has expired at ``now`` (Unix seconds); how many drafts that were."""
        with self._connections.read() as connection:
            due = connection.execute(
                "SELECT 1 FROM draft WHERE expires <= ? AND state = 'held' OR expires <= ?",
                (now, now - REMEMBERED),
            ).fetchone()
        if due is None:  # a look every few seconds must not write every few seconds
            return 0
        return self._connections.write(
            lambda connection: _expire(connection, self._audit, now)
        )

    # ---- inside

    def _set(self, draft_id: str, assignments: str, values: tuple[object, ...]) -> None:
        self._connections.write(
            lambda connection: connection.execute(
                f"UPDATE draft SET {assignments} WHERE id = ?", (*values, draft_id)
            )
        )


def _expire(connection: Connection, audit: Audit, now: float) -> int:
    rows = connection.execute(
        "SELECT id FROM draft WHERE expires <= ? AND state = 'held'", (now,)
    ).fetchall()
    for (draft_id,) in rows:
        connection.execute("DELETE FROM draft_part WHERE draft_id = ?", (draft_id,))
        connection.execute(
            "UPDATE draft SET state = 'expired', size = 0, digest = '' WHERE id = ?", (draft_id,)
        )
        audit.append("draft.dropped", {"draft": draft_id, "reason": "expired"}, connection)
    connection.execute("DELETE FROM draft WHERE expires <= ?", (now - REMEMBERED,))
    return len(rows)


def _row_of(row: tuple[str, str, float, int, int, int, float, str | None]) -> DraftRow:
    draft_id, state, expires, size, at_hub, attempts, next_attempt, last_error = row
    return DraftRow(
        draft_id, state, expires, size, bool(at_hub), attempts, next_attempt, last_error
    )
