"""What can be had from a damaged store, put together again row by row.

Nothing is believed that does not prove itself: an audit line by its own hash, a submission's
sealed bytes by their digest. The audit's lines about a submission stand in for a header or a
receipt that is lost, so a submission goes on to the hub as long as its sealed bytes are whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from offline_store.audit import line_holds
from offline_store.connections import Connection
from offline_store.errors import DAMAGED
from offline_store.raw_pages import RawPages, Row, Value
from offline_store.salvaged import Known, Salvaged, sound
from offline_store.sqlite import sqlite3

SKIPPED_NUMBERS = 100
"""Receipt numbers left out after a recovery, for those whose trace may be lost: a number may be
skipped, never given twice."""
_RULED = frozenset(
    {"store", "setting", "audit", "submission", "sealed_part", "receipt", "receipt_sequence"}
)
_STORE_ROWS = frozenset({"schema_digest", "catalog_version"})


class Salvage:
    """Fills an empty store of the present shape. One use; keep foreign keys off meanwhile."""

    def __init__(self, pages: RawPages, into: Connection, today: str) -> None:
        """``today``: ISO date, for the receipt numbers."""
        self._pages = pages
        self._into = into
        self._today = today
        self._headers: dict[str, tuple[Value, ...]] = {}
        self._receipts: dict[str, tuple[str, bool]] = {}  # submission → number, printed
        self._known: dict[str, Known] = {}
        self._days: dict[str, int] = {}
        self.found = Salvaged()

    def run(self) -> Salvaged:
        """Read everything, write what holds. Raises sqlite3.Error only for the new file."""
        columns = self._into.execute("PRAGMA table_info(submission)").fetchall()
        self._header_columns = [str(row[1]) for row in columns]
        self._others = self._tables_without_a_rule()
        owners = self._pages.owners()
        for row in self._pages.rows():
            self._take(row, owners.get(row.page))
        self._put_audit()
        self._names = {one.get("code"): one.get("name", {}) for one in self.found.services}
        for submission_id in [*self._headers, *(k for k in self._known if k not in self._headers)]:
            self._put_submission(submission_id)
        self._put_unplaced()
        self._put_days()
        # Parts of something whose head is gone.
        for table, rowid, *_ in self._into.execute("PRAGMA foreign_key_check").fetchall():
            self._into.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
        return self.found

    def _tables_without_a_rule(self) -> dict[str, int]:
        """Name → number of columns."""
        tables = self._into.execute("PRAGMA table_list").fetchall()
        return {
            str(name): int(columns)
            for _, name, kind, columns, _, strict in tables
            if kind == "table" and strict and name not in _RULED
            and not name.startswith("catalog_")
        }

    # ---- reading

    def _take(self, row: Row, owner: str | None) -> None:
        """One row, told by what it looks like; where two tables look alike, by whose page it is
        on. The trees are not believed further: one wrong number in them would move a whole table.
        """
        match row.values:
            case (str(sid), int(part), bytes(data)):
                self._insert("sealed_part", (sid, part, data))
            case (None, str(), int(), str(), str(), str(), str(), str()):
                if line_holds((row.rowid, *row.values[1:])):
                    self._insert("audit", (row.rowid, *row.values[1:]))
            case (str(number), str(sid), 0 | 1 as printed):
                self._receipts.setdefault(sid, (number, printed == 1))
            case (str(day), int(last)):
                self._days[day] = max(last, self._days.get(day, 0))
            case (None, str(), str(document)):
                self._take_document(self.found.groups, document)
            case (None, str(code), str(), *rest) if self._take_service(code, rest):
                pass
            case (str(), str(document)) if owner is not None and owner.startswith("catalog_"):
                self._take_document(self.found.others.setdefault(owner, []), document)
            case (str(name), str(value)) if owner != "store":
                self._take_setting(name, value, sure=owner == "setting")
            case (None, str(sid), *_) if len(row.values) == len(self._header_columns):
                self._headers.setdefault(sid, (row.rowid, *row.values[1:]))
            case _:
                self._take_other(row, owner)

    def _take_other(self, row: Row, owner: str | None) -> None:
        """A row of a table nothing special is known of: the table itself says whether it fits."""
        for table in sorted(self._others, key=lambda name: name != owner):
            if self._others[table] == len(row.values):
                first = row.rowid if row.values[0] is None else row.values[0]
                if self._insert(table, (first, *row.values[1:])):
                    return

    def _take_setting(self, name: str, value: str, sure: bool) -> None:
        try:
            known = json.loads(value)
        except ValueError:
            return
        # A document of the catalog has the same two columns, and names itself.
        a_document = isinstance(known, dict) and known.get("id") == name
        if sure or not (name in _STORE_ROWS or a_document):
            self.found.settings += self._insert("setting", (name, value))

    def _take_service(self, code: str, columns: Sequence[Value]) -> bool:
        """Whether one of the columns is this service's whole document (its summary is shorter)."""
        texts = [text for text in columns if isinstance(text, str) and text.startswith("{")]
        try:
            document = json.loads(max(texts, key=len, default="{}"))
        except ValueError:
            return False
        if document.get("code") != code or "group" not in document:
            return False
        self.found.services.append(document)
        return True

    @staticmethod
    def _take_document(into: list[Any], document: str) -> None:
        try:
            into.append(json.loads(document))
        except ValueError:
            return

    def _insert(self, table: str, values: Sequence[Value]) -> bool:
        """Whether the row was new and as the table asks for."""
        marks = ",".join("?" * len(values))
        try:
            done = self._into.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)
        except sqlite3.IntegrityError:
            return False
        return bool(done.rowcount == 1)

    # ---- putting together

    def _put_audit(self) -> None:
        """Number the gaps, and read what the lines tell of submissions."""
        last, gaps = 0, []
        for seq, at, monotonic, boot, event, data in self._into.execute(
            "SELECT seq, at, monotonic_ms, boot, event, data FROM audit ORDER BY seq"
        ):
            if seq > last + 1:
                gaps.append(f"{last + 1}-{seq - 1}" if seq > last + 2 else f"{last + 1}")
            last = seq
            self.found.lines += 1
            told = json.loads(data)
            if event == "submission.committed":
                self._known[told["submission"]] = Known(
                    told["receipt"], told["service"], told["digest"], told["size"],
                    (at, monotonic, boot),
                )
            elif event in ("submission.confirmed", "receipt.printed"):
                known = self._known.get(told["submission"])
                if known is not None:
                    known.confirmed |= event == "submission.confirmed"
                    known.printed |= event == "receipt.printed"
        self.found.lines_lost = ",".join(gaps)

    def _put_submission(self, submission_id: str) -> None:
        known = self._known.get(submission_id)
        header = self._header(submission_id, known)
        if header is None:
            return
        number, printed = self._receipt(submission_id, header, known)
        if header["state"] == "confirmed" or self._whole(submission_id, header):
            self.found.whole += 1
        elif known is not None and known.confirmed:
            # The hub has it, and says so again when it is asked: its signed receipt is lost here.
            header["state"] = "waiting"
        else:
            header |= {"state": "shelved", "last_error": DAMAGED}
            self.found.damaged.append(submission_id)
        if not self._insert("submission", self._in_order(header)):
            # Its place in the queue is taken, or a column is not what it should be.
            told = header if known is None else self._from_audit(submission_id, known)
            told |= {"seq": None, "state": header["state"], "last_error": header["last_error"]}
            if not self._insert("submission", self._in_order(told)):
                return
        self._insert("receipt", (number, submission_id, int(printed)))

    def _in_order(self, header: dict[str, Any]) -> list[Value]:
        return [header[name] for name in self._header_columns]

    def _header(self, submission_id: str, known: Known | None) -> dict[str, Any] | None:
        """The submission's row as it was, corrected by the audit's line; or made from that."""
        row = self._headers.get(submission_id)
        if row is not None:
            header: dict[str, Any] = dict(zip(self._header_columns, row, strict=True))
            if not sound(header):
                row = None
        if row is None:
            if known is None:
                return None
            header = self._from_audit(submission_id, known)
        if known is not None:
            header |= {"service_code": known.service, "digest": known.digest, "size": known.size}
        return header

    def _from_audit(self, submission_id: str, known: Known) -> dict[str, Any]:
        at, monotonic, boot = known.at
        name = self._names.get(known.service, {"zh": known.service})
        return dict.fromkeys(self._header_columns) | {
            "id": submission_id,
            "service_code": known.service,
            "service_name": json.dumps(name, ensure_ascii=False, sort_keys=True),
            "language": "zh",
            "digest": known.digest,
            "size": known.size,
            "receipt_qr": "",
            "created": at,
            "committed_at": at,
            "committed_monotonic_ms": monotonic,
            "boot": boot,
            "state": "waiting",
            "attempts": 0,
            "next_attempt": 0.0,
        }

    def _receipt(
        self, submission_id: str, header: dict[str, Any], known: Known | None
    ) -> tuple[str, bool]:
        number, printed = self._receipts.get(submission_id, ("", False))
        if known is not None:
            return known.receipt, printed or known.printed
        # The printed code has the number as its second word.
        said = str(header["receipt_qr"]).split(":")
        return number or (said[1] if len(said) > 1 else submission_id), printed

    def _whole(self, submission_id: str, header: dict[str, Any]) -> bool:
        """Whether the sealed bytes are the ones that were handed in."""
        digest, size = self._digest(submission_id)
        if digest != header["digest"]:
            return False
        header["size"] = size
        return True

    def _digest(self, submission_id: str) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        for (data,) in self._into.execute(
            "SELECT bytes FROM sealed_part WHERE submission_id = ? ORDER BY part", (submission_id,)
        ):
            digest.update(data)
            size += len(data)
        return digest.hexdigest(), size

    def _put_unplaced(self) -> None:
        """Sealed bytes whose header and audit line are both gone: on the shelf, for the hub to
        say whose they are. What does not begin at its beginning helps nobody."""
        homeless = (
            "FROM sealed_part WHERE submission_id NOT IN (SELECT id FROM submission)"
        )
        for (submission_id,) in self._into.execute(
            f"SELECT submission_id {homeless} AND part = 0 ORDER BY rowid"
        ).fetchall():
            digest, size = self._digest(submission_id)
            nobody = Known(f"LOST-{submission_id[:16]}", "", digest, size, ("", 0, ""))
            header = self._from_audit(submission_id, nobody) | {
                "state": "shelved", "last_error": DAMAGED, "service_name": "{}",
                "created": f"{self._today}T00:00:00+00:00",
            }
            if self._insert("submission", self._in_order(header)):
                self._insert("receipt", (nobody.receipt, submission_id, 1))
                self.found.damaged.append(submission_id)
                self.found.unplaced += 1
        self._into.execute(f"DELETE {homeless}")

    def _put_days(self) -> None:
        """Go on counting where no number can have been given yet."""
        before = max(self._days.values(), default=0)
        self._days.setdefault(self._today, before)
        days: Iterable[tuple[str, int]] = self._days.items()
        for day, last in days:
            self._insert("receipt_sequence", (day, last + SKIPPED_NUMBERS))
