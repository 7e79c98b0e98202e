"""The audit trail: a SHA-256 chain over canonical JSON (RFC 8785). No personal data in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from offline_store.connections import Connection, Connections
from offline_store.errors import AuditBroken
from offline_store.moment import Moment

Scalar = str | int | bool | None
GENESIS = "0" * 64
RECOVERED = "store.recovered"
"""The line that a recovery leaves (recovery.py)."""
_COLUMNS = "seq, at, monotonic_ms, boot, event, data, previous, hash"


class Audit:
    """Appends lines and proves that none was changed, moved or taken from the middle.

    A trail cut at its end still adds up: compare :meth:`head` with what was reported outside.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def append(
        self, event: str, data: Mapping[str, Scalar], connection: Connection | None = None
    ) -> int:
        """Add one line and return its number.

        With ``connection`` (the one handed to a running write) the line belongs to that
        transaction; without, it is a transaction of its own. ``data`` holds plain values only,
        and never anything about a person.
        """
        if connection is not None:
            return _append(connection, event, data)
        return self._connections.write(lambda own: _append(own, event, data))

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest line; (0, sixty-four zeros) when there is none."""
        with self._connections.read() as connection:
            return _head(connection)

    def hash_at(self, seq: int) -> str | None:
        """The hash of line ``seq``; None where there is no such line. Line 0 is before the first.
        """
        if seq == 0:
            return GENESIS
        with self._connections.read() as connection:
            row = connection.execute("SELECT hash FROM audit WHERE seq = ?", (seq,)).fetchone()
        return None if row is None else str(row[0])

    def verify(self) -> None:
        """Raise AuditBroken at the first line that does not follow from the one before.

        Lines that went with a damaged page, and that a line ``store.recovered`` names, may be
        missing.
        """
        with self._connections.read() as connection:
            lost = _named_as_lost(connection)
            expected, previous = 1, GENESIS
            for row in connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq"):
                seq = int(row[0])
                if seq != expected and not lost.issuperset(range(expected, seq)):
                    raise AuditBroken(expected, f"missing, the next one is {seq}")
                if not line_holds(row):
                    raise AuditBroken(seq, "was changed", changed=True)
                if seq == expected and row[6] != previous:
                    raise AuditBroken(seq, "does not follow the line before")
                expected, previous = seq + 1, str(row[7])


def line_holds(row: Sequence[Any]) -> bool:
    """Whether a line (seq, at, monotonic_ms, boot, event, data, previous, hash) has the hash of
    what it says."""
    seq, at, monotonic, boot, event, data, previous, said = row
    try:
        told = json.loads(data)
        return bool(_hash(seq, Moment(at, monotonic, boot), event, told, previous) == said)
    except (TypeError, ValueError, rfc8785.CanonicalizationError):
        return False


def _named_as_lost(connection: Connection) -> set[int]:
    """The lines that recoveries found gone."""
    lost: set[int] = set()
    for row in connection.execute(f"SELECT {_COLUMNS} FROM audit WHERE event = ?", (RECOVERED,)):
        if line_holds(row):
            for piece in filter(None, json.loads(row[5])["lines_lost"].split(",")):
                first, _, last = piece.partition("-")
                lost.update(range(int(first), int(last or first) + 1))
    return lost


def _append(connection: Connection, event: str, data: Mapping[str, Scalar]) -> int:
    last, previous = _head(connection)
    seq, moment = last + 1, Moment.now()
    plain = dict(data)
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq,
            moment.at,
            moment.monotonic_ms,
            moment.boot,
            event,
            rfc8785.dumps(plain).decode(),
            previous,
            _hash(seq, moment, event, plain, previous),
        ),
    )
    return seq


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (0, GENESIS) if row is None else (int(row[0]), str(row[1]))


def _hash(seq: int, moment: Moment, event: str, data: Mapping[str, Scalar], previous: str) -> str:
    line: dict[str, Any] = {
        "seq": seq,
        "at": moment.at,
        "monotonic_ms": moment.monotonic_ms,
        "boot": moment.boot,
        "event": event,
        "data": dict(data),
        "previous": previous,
    }
    return hashlib.sha256(rfc8785.dumps(line)).hexdigest()
