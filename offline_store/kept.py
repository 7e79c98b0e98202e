"""What a kiosk keeps of submissions the hub has confirmed: its signed receipts, and for a set time
the sealed bytes, so that a hub restored from a backup gets back what it forgot.
"""

from __future__ import annotations

from collections.abc import Iterator

from offline_store.audit import Audit
from offline_store.connections import Connection, Connections
from offline_store.errors import UNKNOWN, StoreError

_RECEIVED = "json_extract(CAST(signed_receipt AS TEXT), '$.document.received_at')"
"""The hub's own time of the receipt: no clock of this machine takes part."""


class Kept:
    """Works on submissions in state ``confirmed`` only."""

    def __init__(self, connections: Connections, audit: Audit) -> None:
        self._connections = connections
        self._audit = audit

    def confirmed(self, at_once: int = 500) -> Iterator[list[tuple[str, str]]]:
        """(submission id, digest) of everything confirmed, oldest first, in lists of at most
        ``at_once``."""
        after = 0
        while True:
            with self._connections.read() as connection:
                rows = connection.execute(
                    "SELECT seq, id, digest FROM submission WHERE state = 'confirmed'"
                    " AND seq > ? ORDER BY seq LIMIT ?",
                    (after, at_once),
                ).fetchall()
            if not rows:
                return
            after = int(rows[-1][0])
            yield [(str(row[1]), str(row[2])) for row in rows]

    def sealed(self) -> list[str]:
        """Ids of confirmed submissions whose sealed bytes are still here, oldest first."""
        with self._connections.read() as connection:
            rows = connection.execute(
                "SELECT id FROM submission s WHERE state = 'confirmed' AND EXISTS"
                " (SELECT 1 FROM sealed_part p WHERE p.submission_id = s.id) ORDER BY seq"
            ).fetchall()
        return [str(row[0]) for row in rows]

    def forget_sealed(self, received_before: str) -> int:
        """Delete the sealed bytes of what the hub received before that moment (ISO 8601, UTC);
        how many submissions that were. The receipts stay."""

        def forget(connection: Connection) -> int:
            due = [
                str(row[0])
                for row in connection.execute(
                    "SELECT id FROM submission s WHERE state = 'confirmed'"
                    f" AND coalesce({_RECEIVED}, '') < ? AND EXISTS"
                    " (SELECT 1 FROM sealed_part p WHERE p.submission_id = s.id)",
                    (received_before,),
                )
            ]
            for submission_id in due:
                connection.execute(
                    "DELETE FROM sealed_part WHERE submission_id = ?", (submission_id,)
                )
            return len(due)

        return self._connections.write(forget)

    def renewed(self, submission_id: str, signed_receipt: bytes, case_number: str) -> None:
        """The hub gave a receipt anew (it had been restored, and the old number was taken).

        Raises StoreError ``store.unknown`` for what is not confirmed.
        """

        def renew(connection: Connection) -> None:
            row = connection.execute(
                "UPDATE submission SET signed_receipt = ?, case_number = ?"
                " WHERE id = ? AND state = 'confirmed' RETURNING id",
                (signed_receipt, case_number, submission_id),
            ).fetchone()
            if row is None:
                raise StoreError(UNKNOWN, f"{submission_id!r} is not confirmed")
            facts = {"submission": submission_id, "case": case_number}
            self._audit.append("submission.receipt_renewed", facts, connection)

        self._connections.write(renew)
