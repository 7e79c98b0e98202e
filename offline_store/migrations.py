"""The shape of the store, step by step. A step that has shipped is never edited again."""

from __future__ import annotations

import hashlib
import re

from sqlite_utils import Database, Migrations

from offline_store import crash_points
from offline_store.errors import DAMAGED, SCHEMA, StoreError
from offline_store.sqlite import sqlite3

STEPS = Migrations("offline_store")


def _run(db: Database, script: str) -> None:
    # One statement at a time: executescript() would commit the migration's transaction first.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@STEPS(name="0001_first")
def _first(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE store (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL, monotonic_ms INTEGER NOT NULL, boot TEXT NOT NULL,
  event TEXT NOT NULL, data TEXT NOT NULL,
  previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE submission (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  service_code TEXT NOT NULL, service_name TEXT NOT NULL, language TEXT NOT NULL,
  digest TEXT NOT NULL, size INTEGER NOT NULL, receipt_qr TEXT NOT NULL,
  created TEXT NOT NULL,
  committed_at TEXT NOT NULL, committed_monotonic_ms INTEGER NOT NULL, boot TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'shelved', 'confirmed')),
  attempts INTEGER NOT NULL DEFAULT 0, next_attempt REAL NOT NULL DEFAULT 0,
  last_error TEXT, upload_url TEXT, upload_expires REAL,
  signed_receipt BLOB, case_number TEXT,
  CHECK ((state = 'confirmed') = (signed_receipt IS NOT NULL))) STRICT;
CREATE INDEX submission_by_state ON submission (state, seq);
CREATE TABLE sealed_part (
  submission_id TEXT NOT NULL REFERENCES submission (id),
  part INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (submission_id, part)) STRICT;
CREATE TABLE receipt (
  number TEXT PRIMARY KEY,
  submission_id TEXT NOT NULL UNIQUE REFERENCES submission (id),
  printed INTEGER NOT NULL DEFAULT 0 CHECK (printed IN (0, 1))) STRICT;
CREATE INDEX receipt_owed ON receipt (printed) WHERE printed = 0;
CREATE TABLE receipt_sequence (day TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE catalog_group (
  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL) STRICT;
CREATE TABLE catalog_service (
  position INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE, group_id TEXT NOT NULL REFERENCES catalog_group (id),
  audience TEXT NOT NULL, summary TEXT NOT NULL, document TEXT NOT NULL,
  terms TEXT NOT NULL) STRICT;
CREATE INDEX catalog_service_by_group ON catalog_service (group_id, position);
CREATE VIRTUAL TABLE catalog_grams USING fts5 (
  grams, content='', detail='none', columnsize=0, tokenize="unicode61 remove_diacritics 0");
""",
    )


@STEPS(name="0002_doors_and_sheets")
def _doors_and_sheets(db: Database) -> None:
    """A service may stand behind a second door; the paper forms come with the catalog."""
    _run(
        db,
        """
CREATE TABLE catalog_door (
  group_id TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (group_id, position)) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_sheet (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
INSERT INTO catalog_door SELECT group_id, position FROM catalog_service;
""",
    )


@STEPS(name="0003_search")
def _search(db: Database) -> None:
    """What a service is found by apart from its document; how many services have each gram;
    how the catalog's characters are read."""
    _run(
        db,
        """
ALTER TABLE catalog_service DROP COLUMN terms;
CREATE TABLE catalog_terms (
  position INTEGER PRIMARY KEY, popularity REAL NOT NULL,
  han TEXT NOT NULL, spelled TEXT NOT NULL, other TEXT NOT NULL) STRICT;
CREATE TABLE catalog_gram (gram TEXT PRIMARY KEY, services INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_reading (han TEXT PRIMARY KEY, reading TEXT NOT NULL) STRICT, WITHOUT ROWID;
""",
    )


@STEPS(name="0004_drafts")
def _drafts(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE draft (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'gone', 'expired')),
  expires REAL NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL,
  at_hub INTEGER NOT NULL DEFAULT 0 CHECK (at_hub IN (0, 1)),
  attempts INTEGER NOT NULL DEFAULT 0, next_attempt REAL NOT NULL DEFAULT 0,
  last_error TEXT) STRICT;
CREATE INDEX draft_by_expiry ON draft (expires);
CREATE TABLE draft_part (
  seq INTEGER PRIMARY KEY,
  draft_id TEXT NOT NULL REFERENCES draft (id),
  part INTEGER NOT NULL, bytes BLOB NOT NULL,
  UNIQUE (draft_id, part)) STRICT;
""",
    )


def schema_digest(connection: sqlite3.Connection) -> str:
    """SHA-256 (hex) over every table and index we declared, in a fixed order.

    Left out: what SQLite or its modules write themselves (``sqlite_*``, shadow tables of FTS5,
    whose text differs between library versions) and the migrations' own journal.
    """
    shadow = {row[1] for row in connection.execute("PRAGMA table_list") if row[2] == "shadow"}
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL ORDER BY type, name"
    )
    digest = hashlib.sha256()
    for kind, name, table, sql in rows:
        if name in shadow or table in shadow or table == Migrations.migrations_table:
            continue
        spaced = re.sub(r"\s+", " ", sql)
        digest.update(f"{kind}\0{name}\0{spaced}\0".encode())
    return digest.hexdigest()


def recorded_digest(connection: sqlite3.Connection) -> str | None:
    """The digest the store says it has; None for a file without a store in it."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    if "store" not in tables:
        return None
    row = connection.execute("SELECT value FROM store WHERE name = 'schema_digest'").fetchone()
    return None if row is None else str(row[0])


def check_schema(connection: sqlite3.Connection) -> None:
    """Raise StoreError ``store.schema`` unless recorded, found and expected shape agree."""
    found, recorded = schema_digest(connection), recorded_digest(connection)
    if found != recorded:
        raise StoreError(SCHEMA, f"found {found[:12]}, recorded {(recorded or 'none')[:12]}")
    expected = _expected_digest()
    if found != expected:
        raise StoreError(
            SCHEMA,
            f"this program knows schema {expected[:12]}, the file has {found[:12]}:"
            " it was written by another version",
        )


def migrate(db: Database) -> None:
    """Bring the file to the present shape, each step in one transaction with its new digest.

    Raises StoreError ``store.schema`` and changes nothing when the file holds tables that no
    step of ours left behind, ``store.damaged`` when they were ours before their letters changed.
    """
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_schema")}
    if tables:
        _check_origin(db, tables)
    if STEPS.pending(db):
        with db.atomic():
            STEPS.apply(db)
            db.conn.execute(
                "INSERT INTO store (name, value) VALUES ('schema_digest', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (schema_digest(db.conn),),
            )
            crash_points.reach("migrate.applied")
        crash_points.reach("migrate.done")
    check_schema(db.conn)


def _check_origin(db: Database, tables: set[str]) -> None:
    """Raise StoreError unless the file is as one of our steps left it."""
    if _is_ours_damaged(db.conn):
        raise StoreError(DAMAGED, "the schema's own letters changed")
    if Migrations.migrations_table not in tables:
        raise StoreError(SCHEMA, "the file holds somebody else's tables: move it away")
    strange = {step.name for step in STEPS.applied(db)} - {step.name for step in _all_steps()}
    if strange:
        raise StoreError(
            SCHEMA,
            f"written by a newer version (steps {', '.join(sorted(strange))}): install that"
            " version again, or a later one; the file was left as it is",
        )
    if (found := schema_digest(db.conn)) != recorded_digest(db.conn):
        raise StoreError(
            SCHEMA,
            f"the file's tables were changed by hand (now {found[:12]}): put them back, or the"
            " copy of the file from before; it was left as it is",
        )


def _is_ours_damaged(connection: sqlite3.Connection) -> bool:
    """Whether this is the present shape but for letters that changed in place: nobody who changes
    tables keeps every text as long as it was."""
    memory = Database(memory=True)
    STEPS.apply(memory)
    texts = "SELECT type || '/' || name || '/' || tbl_name || '/' || sql FROM sqlite_schema"
    ask = f"{texts} WHERE sql IS NOT NULL AND name NOT LIKE 'catalog_grams_%' ORDER BY rowid"
    ours = [row[0] for row in memory.conn.execute(ask)]
    theirs = [row[0] for row in connection.execute(ask)]
    if theirs != ours:
        return [len(text) for text in theirs] == [len(text) for text in ours]
    applied = connection.execute(
        f"SELECT name FROM {Migrations.migrations_table} ORDER BY 1"
    ).fetchall()
    expected = memory.conn.execute(
        f"SELECT name FROM {Migrations.migrations_table} ORDER BY 1"
    ).fetchall()
    recorded = recorded_digest(connection)
    return (
        [len(row[0]) for row in applied] == [len(row[0]) for row in expected]
        and applied != expected
    ) or (len(recorded or "") == 64 and recorded != schema_digest(memory.conn))


def _all_steps() -> list[Migrations._Migration]:
    # On an empty database every step is pending; sqlite-utils has no public list of all steps.
    return STEPS.pending(Database(memory=True))


def _expected_digest() -> str:
    memory = Database(memory=True)
    STEPS.apply(memory)
    return schema_digest(memory.conn)
