"""A damaged store: kept under another name, what holds of it in a new file, and said so.

Three steps, each safe to be cut off: (1) the new file is filled under a name nobody opens;
(2) one rename makes it count; (3) the damaged files get out of the way and it takes their place.
A start that finds step 2 done goes on with step 3.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from offline_store.audit import RECOVERED
from offline_store.crash_points import reach
from offline_store.database import Store
from offline_store.errors import DAMAGED, StoreError
from offline_store.lock import LockFile
from offline_store.migrations import migrate
from offline_store.opening import beside, store_errors, suspect, sync_folder
from offline_store.raw_pages import RawPages
from offline_store.raw_wal import OUR_PAGE_SIZE
from offline_store.salvage import Salvage
from offline_store.salvaged import Salvaged
from offline_store.sqlite import library, sqlite3

log = logging.getLogger(__name__)

_BUILDING, _READY, _KEPT = ".building", ".recovered.", ".damaged."


@dataclass(frozen=True)
class Recovery:
    """What a start had to mend. ``kept_as``: name of the damaged file, in the same folder."""

    kept_as: str
    lines_lost: str
    damaged: int


def open_or_recover(path: Path) -> tuple[Store, Recovery | None]:
    """Open or create the store for writing; a damaged one is recovered first. Logs which SQLite
    it is opened with.

    Raises StoreError as ``Store.open`` does; ``store.damaged`` only when the disk itself fails,
    ``store.full`` also when there is no room for the new file.
    """
    log.info(library())
    _finish(path)
    try:
        return Store.open(path), None
    except StoreError as error:
        if error.code != DAMAGED:
            raise
        log.error("the store is damaged (%s)", error.detail)
    recovery = _recover(path)
    return Store.open(path), recovery


def kept_files(path: Path) -> list[Path]:
    """Damaged files of this store that are still kept, oldest first."""
    found = path.parent.glob(f"{path.name}{_KEPT}*")
    return sorted(one for one in found if not one.name.endswith(("-wal", "-shm")))


def _recover(path: Path) -> Recovery:
    with store_errors(), _held(path):
        suspect(path)  # whatever happens on the way, the next start looks closely
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        kept_as = beside(path, _KEPT + stamp).name
        building = beside(path, _BUILDING)
        _remove(building)
        try:
            found = _salvage(path, building)
            recovery = _complete(building, found, kept_as)
        except sqlite3.Error:
            _remove(building)
            raise
        except OSError as error:
            _remove(building)
            raise StoreError(DAMAGED, f"{path.name} cannot be read: {error.strerror}") from error
        _sync(building)
        reach("recover.built")
        building.replace(beside(path, _READY + stamp))
        sync_folder(path.parent)
        reach("recover.ready")
        _swap(path)
    log.error("the store was recovered; the damaged file is kept as %s", kept_as)
    return recovery


def _salvage(path: Path, building: Path) -> Salvaged:
    connection = sqlite3.connect(building)
    try:
        connection.execute(f"PRAGMA page_size = {OUR_PAGE_SIZE}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        # Nobody opens this file before it is whole: one that was cut off is begun again.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        migrate(Database(connection, execute_plugins=False))
        connection.execute("PRAGMA foreign_keys = OFF")
        with RawPages(path) as pages, connection:
            found = Salvage(pages, connection, datetime.now().date().isoformat()).run()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        assert not broken, f"salvage left {len(broken)} rows without their submission"
    finally:
        connection.close()
    return found


def _complete(building: Path, found: Salvaged, kept_as: str) -> Recovery:
    """Catalog and audit line, by the store's own ways."""
    with Store.open(building) as store:
        if found.groups and found.services:
            bundle: dict[str, Any] = {name.removeprefix("catalog_") + "s": rows
                      for name, rows in found.others.items()}
            # Without a version, so that the city's is fetched as soon as there is a line.
            bundle |= {"version": "", "groups": found.groups, "services": found.services}
            try:
                store.catalog.import_bundle(bundle)
            except (KeyError, TypeError, AttributeError, StoreError) as error:
                log.warning("the catalog has to come anew: %s", type(error).__name__)
        store.audit.append(
            RECOVERED,
            {
                "kept_as": kept_as,
                "lines": found.lines,
                "lines_lost": found.lines_lost,
                "submissions": found.whole,
                "damaged": len(found.damaged),
                "unplaced": found.unplaced,
                "settings": found.settings,
                "services": len(found.services),
            },
        )
    _remove(beside(building, ".lock"), beside(building, ".closed"))
    return Recovery(kept_as, found.lines_lost, len(found.damaged))


def _finish(path: Path) -> None:
    """Step 3 of a recovery that was cut off after step 2."""
    if next(path.parent.glob(f"{path.name}{_READY}*"), None) is not None:
        with _held(path):
            _swap(path)


def _swap(path: Path) -> None:
    (ready,) = path.parent.glob(f"{path.name}{_READY}*")
    kept = beside(path, _KEPT + ready.name.rpartition(".")[2])
    # The WAL goes with its file: laid over another it would ruin that one.
    for suffix in ("-wal", "-shm", ""):
        old = beside(path, suffix)
        if old.exists():
            old.rename(beside(kept, suffix))
            reach("recover.moved")
    sync_folder(path.parent)
    ready.rename(path)
    beside(path, ".suspect").unlink(missing_ok=True)
    sync_folder(path.parent)
    reach("recover.done")


class _held:
    """The store's lock, so that nobody opens it meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._lock = LockFile.take(beside(self._path, ".lock"))

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(*paths: Path) -> None:
    for path in paths:
        for suffix in ("", "-wal", "-shm", "-journal"):
            beside(path, suffix).unlink(missing_ok=True)
