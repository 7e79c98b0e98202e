"""The outbox: sealed submissions on their way to the hub, and the receipts promised for them.

The receipt law: a submission and its receipt enter in one transaction, the receipt is *owed*
until it is printed, and the sealed bytes leave only when the hub's signed receipt is here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from offline_store.audit import Audit
from offline_store.connections import Connection, Connections
from offline_store.crash_points import reach
from offline_store.errors import CONFLICT, UNKNOWN, StoreError
from offline_store.moment import Moment
from offline_store.outbox_rows import (
    SELECT_ITEM,
    SELECT_RECEIPT,
    NewSubmission,
    OutboxItem,
    ReceiptRow,
    item_of,
    receipt_of,
)
from offline_store.parts import PART_SIZE, rows_of

__all__ = ["NewSubmission", "Outbox", "OutboxItem", "ReceiptRow"]


class Outbox:
    """See the module. Unknown ids and numbers raise StoreError ``store.unknown``."""

    def __init__(self, connections: Connections, audit: Audit) -> None:
        self._connections = connections
        self._audit = audit

    def commit(
        self, item: NewSubmission, also: Callable[[Connection], None] | None = None
    ) -> None:
        """Take ``item`` in: header, sealed bytes, receipt number, owed receipt and audit line in
        one transaction. Returns after fsync; raises StoreError (``store.full`` and the like) with
        nothing left behind. ``also`` joins the transaction: the draft it came from goes in it.

        The same item again is a repeated request and does nothing; the same id or number with
        other content raises ``store.conflict``.
        """

        def work(connection: Connection) -> None:
            self._commit(connection, item)
            if also is not None:
                also(connection)

        self._connections.write(work)
        reach("outbox.commit.done")

    def _commit(self, connection: Connection, item: NewSubmission) -> None:
        known = connection.execute(
            "SELECT s.id, s.digest, r.number FROM submission s"
            " JOIN receipt r ON r.submission_id = s.id WHERE s.id = ? OR r.number = ?",
            (item.submission_id, item.receipt_number),
        ).fetchall()
        if known:
            if known == [(item.submission_id, item.digest, item.receipt_number)]:
                return
            raise StoreError(CONFLICT, "submission id or receipt number is taken by other content")
        moment = Moment.now()
        connection.execute(
            "INSERT INTO submission (id, service_code, service_name, language, digest, size,"
            " receipt_qr, created, committed_at, committed_monotonic_ms, boot)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.submission_id,
                item.service_code,
                _text(item.service_name),
                item.language,
                item.digest,
                len(item.sealed),
                item.receipt_qr,
                item.created,
                moment.at,
                moment.monotonic_ms,
                moment.boot,
            ),
        )
        reach("outbox.commit.header")
        connection.executemany(
            "INSERT INTO sealed_part (submission_id, part, bytes) VALUES (?, ?, ?)",
            rows_of(item.submission_id, item.sealed),
        )
        reach("outbox.commit.bytes")
        connection.execute(
            "INSERT INTO receipt (number, submission_id) VALUES (?, ?)",
            (item.receipt_number, item.submission_id),
        )
        reach("outbox.commit.receipt")
        self._audit.append(
            "submission.committed",
            {
                "submission": item.submission_id,
                "receipt": item.receipt_number,
                "service": item.service_code,
                "digest": item.digest,
                "size": len(item.sealed),
            },
            connection,
        )
        reach("outbox.commit.audit")

    # ---- the way to the hub

    def waiting(self) -> list[OutboxItem]:
        """All that still has to reach the hub, oldest first; the shelf is not in it."""
        return self._items("waiting")

    def shelf(self) -> list[OutboxItem]:
        """What was refused for good and needs a person, oldest first."""
        return self._items("shelved")

    def item(self, submission_id: str) -> OutboxItem:
        """One submission's lane, whatever its state."""
        with self._connections.read() as connection:
            row = connection.execute(SELECT_ITEM + " WHERE s.id = ?", (submission_id,)).fetchone()
            if row is None:
                raise _unknown(submission_id)
            return item_of(row)

    def read(self, submission_id: str, offset: int, length: int) -> bytes:
        """Sealed bytes [offset, offset+length), shorter at the end; b"" once confirmed."""
        if offset < 0 or length < 0:
            raise ValueError("offset and length count from 0")
        first, last = offset // PART_SIZE, (offset + length) // PART_SIZE
        with self._connections.read() as connection:
            _require(connection, submission_id)
            rows = connection.execute(
                "SELECT bytes FROM sealed_part WHERE submission_id = ? AND part BETWEEN ? AND ?"
                " ORDER BY part",
                (submission_id, first, last),
            )
            joined = b"".join(row[0] for row in rows)
        return joined[offset - first * PART_SIZE :][:length]

    def announced(self, submission_id: str, upload_url: str, expires: float | None) -> None:
        """The hub gave an upload address, good until ``expires`` (Unix seconds)."""
        self._update(submission_id, "upload_url = ?, upload_expires = ?", (upload_url, expires))

    def attempted(self, submission_id: str, error_code: str | None, retry_at: float) -> None:
        """One more attempt ended with ``error_code``; the next is due at ``retry_at``."""
        self._update(
            submission_id,
            "attempts = attempts + 1, last_error = ?, next_attempt = ?",
            (error_code, retry_at),
        )

    def shelved(self, submission_id: str, error_code: str) -> None:
        """A permanent error: out of the way of others, until a person decides."""
        self._update(
            submission_id,
            "state = 'shelved', attempts = attempts + 1, last_error = ?",
            (error_code,),
            event="submission.shelved",
            facts={"error": error_code},
        )

    def retried(self, submission_id: str) -> None:
        """From the shelf back to the queue, due at once, with a new upload address to come."""
        self._update(
            submission_id,
            "state = 'waiting', next_attempt = 0, upload_url = NULL, upload_expires = NULL",
            (),
            event="submission.retried",
        )

    def confirmed(
        self, submission_id: str, signed_receipt: bytes, case_number: str | None = None,
        keep_sealed: bool = False,
    ) -> None:
        """The hub's signed receipt (verified by the caller) is here: keep it, delete the bytes
        (or leave them to :meth:`Kept.forget_sealed`).

        ``case_number`` defaults to ``document.case_number`` of the receipt's JSON. A second
        confirmation changes nothing.
        """
        number = case_number or _case_number(signed_receipt)

        def confirm(connection: Connection) -> None:
            if _require(connection, submission_id) == "confirmed":
                return
            connection.execute(
                "UPDATE submission SET state = 'confirmed', signed_receipt = ?, case_number = ?,"
                " last_error = NULL, upload_url = NULL, upload_expires = NULL WHERE id = ?",
                (signed_receipt, number, submission_id),
            )
            reach("outbox.confirm.receipt")
            if not keep_sealed:
                connection.execute(
                    "DELETE FROM sealed_part WHERE submission_id = ?", (submission_id,)
                )
            reach("outbox.confirm.bytes")
            self._audit.append(
                "submission.confirmed", {"submission": submission_id, "case": number}, connection
            )

        self._connections.write(confirm)
        reach("outbox.confirm.done")

    def signed_receipt(self, submission_id: str) -> bytes | None:
        """The hub's signed receipt, byte for byte; None until confirmed."""
        with self._connections.read() as connection:
            _require(connection, submission_id)
            row = connection.execute(
                "SELECT signed_receipt FROM submission WHERE id = ?", (submission_id,)
            ).fetchone()
        return None if row[0] is None else bytes(row[0])

    # ---- receipts

    def next_receipt_sequence(self, day: str) -> int:
        """The next number of ``day``, from 1. Numbers may be skipped, never given twice."""
        return self._connections.write(
            lambda connection: int(
                connection.execute(
                    "INSERT INTO receipt_sequence (day, last) VALUES (?, 1)"
                    " ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
                    (day,),
                ).fetchone()[0]
            )
        )

    def receipt_printed(self, number: str) -> None:
        """The receipt is in the person's hand: no longer owed. Again changes nothing."""

        def mark(connection: Connection) -> None:
            row = connection.execute(
                "UPDATE receipt SET printed = 1 WHERE number = ? AND printed = 0"
                " RETURNING submission_id",
                (number,),
            ).fetchone()
            if row is not None:
                self._audit.append(
                    "receipt.printed", {"receipt": number, "submission": row[0]}, connection
                )
            elif (
                connection.execute("SELECT 1 FROM receipt WHERE number = ?", (number,)).fetchone()
                is None
            ):
                raise _unknown(number)

        self._connections.write(mark)
        reach("outbox.printed.done")

    def receipts_owed(self, submission_ids: Iterable[str] | None = None) -> list[ReceiptRow]:
        """Receipts not yet printed, oldest first; only those of ``submission_ids`` if given."""
        clause = " WHERE r.printed = 0"
        values: tuple[str, ...] = ()
        if submission_ids is not None:
            clause += " AND s.id IN (SELECT value FROM json_each(?))"
            values = (json.dumps(list(submission_ids)),)
        with self._connections.read() as connection:
            rows = connection.execute(
                SELECT_RECEIPT + clause + " ORDER BY s.seq", values
            )
            return [receipt_of(row) for row in rows]

    def find_receipt(self, number: str) -> ReceiptRow | None:
        """The receipt with this number, or None if this kiosk never gave it out."""
        with self._connections.read() as connection:
            row = connection.execute(SELECT_RECEIPT + " WHERE r.number = ?", (number,)).fetchone()
            return None if row is None else receipt_of(row)

    # ---- inside

    def _items(self, state: str) -> list[OutboxItem]:
        with self._connections.read() as connection:
            rows = connection.execute(SELECT_ITEM + " WHERE s.state = ? ORDER BY s.seq", (state,))
            return [item_of(row) for row in rows]

    def _update(
        self,
        submission_id: str,
        assignments: str,
        values: tuple[object, ...],
        event: str | None = None,
        facts: dict[str, str] | None = None,
    ) -> None:
        """Change a lane that is not finished; a confirmed one stays as it is."""

        def update(connection: Connection) -> None:
            if _require(connection, submission_id) == "confirmed":
                return
            connection.execute(
                f"UPDATE submission SET {assignments} WHERE id = ?", (*values, submission_id)
            )
            if event is not None:
                self._audit.append(
                    event, {"submission": submission_id, **(facts or {})}, connection
                )

        self._connections.write(update)


def _require(connection: Connection, submission_id: str) -> str:
    row = connection.execute(
        "SELECT state FROM submission WHERE id = ?", (submission_id,)
    ).fetchone()
    if row is None:
        raise _unknown(submission_id)
    return str(row[0])


def _unknown(what: str) -> StoreError:
    return StoreError(UNKNOWN, f"{what!r} is not in the outbox")


def _text(names: dict[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False, sort_keys=True)


def _case_number(signed_receipt: bytes) -> str | None:
    receipt = json.loads(signed_receipt)
    document = receipt.get("document", receipt) if isinstance(receipt, dict) else {}
    number = document.get("case_number") if isinstance(document, dict) else None
    return number if isinstance(number, str) else None
