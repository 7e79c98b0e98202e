"""The one place that names the SQLite module: whichever sqlite-utils took (a newer pysqlite3 when
it is installed), so that its connections and our ``except`` clauses are of one make."""

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # re-exported on purpose

__all__ = ["sqlite3"]
