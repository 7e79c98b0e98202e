"""What can go wrong in the store, as one typed error with a code."""

from __future__ import annotations

from offline_store.sqlite import sqlite3

FULL = "store.full"
LOCKED = "store.locked"
DAMAGED = "store.damaged"
SCHEMA = "store.schema"
CLOSED = "store.closed"
READ_ONLY = "store.read_only"
CONFLICT = "store.conflict"
UNKNOWN = "store.unknown"

# Primary result codes of https://sqlite.org/rescode.html
_SQLITE_CODES = {
    5: LOCKED,  # BUSY
    6: LOCKED,  # LOCKED
    8: READ_ONLY,  # READONLY
    10: DAMAGED,  # IOERR
    11: DAMAGED,  # CORRUPT
    13: FULL,  # FULL
    26: DAMAGED,  # NOTADB
}


class StoreError(Exception):
    """An expected fault of the store.

    ``code`` is one of ``store.full``, ``store.locked``, ``store.damaged``, ``store.schema``
    (the four a person may meet), ``store.closed``, ``store.read_only``, ``store.conflict`` and
    ``store.unknown`` (wrong use by a program). ``str(error)`` is technical English without
    personal data.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class AuditBroken(StoreError):
    """The audit chain does not add up at line ``seq``. ``changed``: that line itself says
    something else than it did; otherwise lines are missing or do not follow one another."""

    def __init__(self, seq: int, detail: str, changed: bool = False) -> None:
        super().__init__(DAMAGED, f"audit line {seq}: {detail}")
        self.seq = seq
        self.changed = changed


def translated(error: sqlite3.Error) -> StoreError | None:
    """The store's own error for an SQLite fault, or None when it is a mistake in our SQL."""
    number = getattr(error, "sqlite_errorcode", None)
    code = None if number is None else _SQLITE_CODES.get(number & 0xFF)
    if str(error).startswith("Could not decode to UTF-8"):  # Python's own; the text is damaged
        return StoreError(DAMAGED, "a text that is not UTF-8")
    return None if code is None else StoreError(code, str(error))
