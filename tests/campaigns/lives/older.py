"""A store as an older version of the kiosk would have left it, with everything it holds now."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database, Migrations

from offline_store.migrations import STEPS, schema_digest
from offline_store.opening import sync_folder


def steps() -> list[str]:
    """The names of all steps, the first one first."""
    return [step.name for step in STEPS.pending(Database(memory=True))]


def make_older(path: Path, missing: str) -> int:
    """Rewrite the store of a kiosk that is gone: as it was before the step `missing`.

    What later versions added is left out; the catalog too, which is fetched again. How many
    submissions wait in it.
    """
    older = path.with_suffix(".older")
    older.unlink(missing_ok=True)
    with closing(sqlite3.connect(older, isolation_level=None)) as connection:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database = Database(connection, execute_plugins=False)
        STEPS.apply(database, stop_before=missing)
        connection.execute("ATTACH ? AS now", (str(path),))
        connection.execute("BEGIN IMMEDIATE")
        for table in _tables(connection, "main"):
            columns = ", ".join(
                f'"{name}"' for name in _columns(connection, "main", table)
                if name in _columns(connection, "now", table)
            )  # fmt: skip
            kept = " WHERE name NOT IN ('schema_digest', 'catalog_version')"
            connection.execute(
                f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}"
                + (kept if table == "store" else "")
            )
        connection.execute(
            "INSERT INTO main.store (name, value) VALUES ('schema_digest', ?)",
            (schema_digest(connection),),
        )
        connection.execute("COMMIT")
        waiting: int = connection.execute(
            "SELECT count(*) FROM main.submission WHERE state = 'waiting'"
        ).fetchone()[0]
    for suffix in ("-wal", "-shm", ".closed"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    descriptor = os.open(older, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    older.replace(path)
    sync_folder(path.parent)
    return waiting


def _tables(connection: sqlite3.Connection, schema: str) -> list[str]:
    """Ordinary tables of ours, those that others refer to first."""
    rows = connection.execute(
        f"SELECT name FROM {schema}.sqlite_schema WHERE type = 'table' ORDER BY rowid"
    )
    names = [str(row[0]) for row in rows]
    journal = Migrations.migrations_table
    return [
        name for name in names
        if not name.startswith(("sqlite_", "catalog")) and name != journal
    ]  # fmt: skip


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [str(row[1]) for row in connection.execute(f"PRAGMA {schema}.table_info({table})")]
