"""Opening the file: how it was left, what has to be checked for that, and its present shape.

Left in order (a note beside the file names its size and time): nothing is read but the schema.
Ended otherwise (power cut, kill, another program wrote): everything but the sealed bytes is
checked before anything is written; those are looked through in the background (``checks.py``).
Suspected (damage was met while it ran): all of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from offline_store.errors import DAMAGED, FULL, SCHEMA, StoreError, translated
from offline_store.migrations import migrate
from offline_store.raw_wal import OUR_PAGE_SIZE, cut_off_commits
from offline_store.sqlite import OLDEST, sqlite3

_INDEX_PIECE = 64 * 1024
"""Bytes; the WAL's index grows by 32 KiB."""
_CACHE_KIB = 16 * 1024
"""A large submission stays in memory until its COMMIT, and is written once."""
_PROVED = b"damaged\n"
_LARGE = "sealed_part"
"""Nine bytes of ten are here; its rows are checked against their digests in the background."""


def beside(path: Path, suffix: str) -> Path:
    """A file of the store beside the store, as SQLite names its own."""
    return path.with_name(path.name + suffix)


def sync_folder(folder: Path) -> None:
    """Make names in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def store_errors(path: Path | None = None) -> Iterator[None]:
    """SQLite's faults as the store's own, and JSON of ours that is none; where the file itself is
    at fault, ``path`` is marked to be checked whole at the next start."""
    try:
        yield
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        if path is not None:
            suspect(path)
        raise StoreError(DAMAGED, "a text of ours that is none") from error
    except sqlite3.Error as error:
        own = translated(error)
        if own is None:
            raise
        if own.code == DAMAGED and path is not None:
            if _is_io(error) and _disk_is_full(path):
                raise StoreError(FULL, str(error)) from error
            suspect(path)
        raise own from error


def _is_io(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def _disk_is_full(path: Path) -> bool:
    """SQLite calls it an input/output error when the WAL's index finds no room."""
    found = os.statvfs(path.parent)
    return found.f_bavail * found.f_frsize < _INDEX_PIECE


def suspect(path: Path, proved: bool = False) -> None:
    """Have the next start check the whole file, or, when damage is ``proved``, recover it at once.

    Does what it can on a disk that fails.
    """
    with suppress(OSError):
        with beside(path, ".suspect").open("ab") as note:
            if proved:
                note.write(_PROVED)
                note.flush()
                os.fsync(note.fileno())
        sync_folder(path.parent)


def _suspicion(path: Path) -> bytes | None:
    """What the note says; None: nothing is suspected."""
    try:
        return beside(path, ".suspect").read_bytes()
    except OSError:
        return None


def left_in_order(path: Path) -> None:
    """Note, after the last connection has closed, that the file was left whole."""
    note = beside(path, ".closed")
    with suppress(OSError):
        if not beside(path, "-wal").exists():
            note.write_text(json.dumps(_look(path)))


def _was_left_in_order(path: Path) -> bool:
    """Whether the note fits. It counts once: whoever opens the file takes it away."""
    note = beside(path, ".closed")
    try:
        said = json.loads(note.read_text())
        note.unlink()
        return bool(said == _look(path)) and not beside(path, "-wal").exists()
    except (OSError, ValueError):
        return False


def _look(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def open_for_writing(path: Path) -> tuple[Database, bool]:
    """The writing connection of the store at ``path``, made where there is none; and whether the
    file was left otherwise than in order.

    For the thread that calls. Raises StoreError ``store.damaged``, ``store.schema``,
    ``store.full``.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise StoreError(
            SCHEMA, f"SQLite {sqlite3.sqlite_version} is too old: install {needed} or later"
        )
    # A power cut in the first moment may have left the bare name of a file.
    is_new = not path.exists() or path.stat().st_size == 0
    in_order, suspicion = _was_left_in_order(path), _suspicion(path)
    if suspicion:
        raise StoreError(DAMAGED, "a check beside the running kiosk found damage")
    with store_errors(path), _wal_kept(path):
        connection = sqlite3.connect(path, check_same_thread=True)
        try:
            if is_new:
                # Only takes effect while the file is empty.
                connection.execute(f"PRAGMA page_size = {OUR_PAGE_SIZE}")
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            # The writer folds the WAL in after a commit has returned, not before (Writer).
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            if not is_new and (suspicion is not None or not in_order):
                _check_wal(connection, path)
                _check_tables(connection, whole=suspicion is not None)
            database = Database(connection, execute_plugins=False)
            migrate(database)
        except sqlite3.Error as error:
            connection.close()
            if is_new or translated(error) is not None:
                raise
            # Our own statements work on a whole store: one that names no table was not its fault.
            raise StoreError(DAMAGED, str(error)) from error
        except BaseException:
            connection.close()
            raise
    if is_new:
        sync_folder(path.parent)
    beside(path, ".suspect").unlink(missing_ok=True)
    return database, not (is_new or in_order)


@contextmanager
def _wal_kept(path: Path) -> Iterator[None]:
    """Whoever closes a file last deletes its WAL: where opening fails, put it back as it was,
    with the commits that only a recovery can read."""
    wal, held = beside(path, "-wal"), beside(path, ".wal-held")
    if wal.exists():
        held.unlink(missing_ok=True)
        os.link(wal, held)
    elif held.exists():  # a start that failed was cut off before it could put it back
        held.rename(wal)
        os.link(wal, held)
    try:
        yield
    except BaseException:
        if held.exists() and not wal.exists():
            held.rename(wal)
        raise
    finally:
        if held.exists():
            held.unlink()
            # Were it there again after a power cut, beside a store closed meanwhile and so without
            # a WAL, the next start would take old commits for new ones.
            sync_folder(path.parent)


def _check_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError ``store.damaged`` where commits stand behind a damaged frame."""
    _, frames, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if cut_off_commits(path, max(0, frames)):
        raise StoreError(DAMAGED, "commits in the WAL stand behind a damaged frame")


def _check_tables(connection: sqlite3.Connection, whole: bool) -> None:
    """Raise StoreError ``store.damaged`` with SQLite's first finding."""
    if whole:
        asked = ["PRAGMA integrity_check(1)"]
    else:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        names = [str(row[0]) for row in tables if row[0] != _LARGE]
        asked = [f"""PRAGMA quick_check("{name.replace('"', '""')}")""" for name in names]
    for pragma in asked:
        verdict = connection.execute(pragma).fetchone()[0]
        if verdict != "ok":
            raise StoreError(DAMAGED, str(verdict))
