"""The one place that names the SQLite module: whichever sqlite-utils took (a newer pysqlite3 when
it is installed), so that its connections and our ``except`` clauses are of one make."""

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # re-exported on purpose

__all__ = ["OLDEST", "library", "sqlite3", "version", "wal_reset_bug"]

OLDEST = (3, 37, 0)
"""STRICT tables (https://sqlite.org/stricttables.html)."""
_BUG_FROM, _BUG_FIXED = (3, 7, 0), (3, 51, 3)


def wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can corrupt a WAL when two connections checkpoint at once."""
    return _BUG_FROM <= version < _BUG_FIXED


def version() -> str:
    """The SQLite in use, for whoever looks at the kiosk."""
    return f"SQLite {sqlite3.sqlite_version}"


def library() -> str:
    """The SQLite in use, in one line for the log of each start.

    Debian 12 has 3.40, with the bug. It cannot happen to a store: it takes two connections that
    checkpoint, and here one writing connection of one process is the only one that can
    (``connections.py``: readers are ``mode=ro``; ``lock.py``: one writing process).
    """
    if not wal_reset_bug(sqlite3.sqlite_version_info):
        return version()
    return (
        f"{version()} has the WAL-reset bug (3.7.0 to 3.51.2); safe here: only the one"
        " writing connection checkpoints"
    )
