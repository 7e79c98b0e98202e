"""Publishing: which bundle is in force, which comes next, and who is told.

The catalog's source is published when it differs from the source that was last published from, so
a hub that starts again does not undo what was published ahead. Everything stands in the folder
(hub/repository.py); a command works beside a running hub.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import TargetFile

from hub import durable, publishing_keys
from hub.database import Database
from hub.published import remember
from hub.repository import Repository
from kiosk.contract import calendar_source
from kiosk.contract.calendar_source import load_calendar
from kiosk.contract.canonical import canonical
from kiosk.contract.catalog_diff import CatalogDiff, diff
from kiosk.contract.publishing import (
    CALENDAR,
    CATALOG,
    NEXT_CATALOG,
    Edition,
    pack,
    read_catalog,
    unpack,
)

log = logging.getLogger("hub")

LOOK_EVERY = 60.0
"""Seconds between two looks whether something has to be signed or comes into force."""
_SOURCE = "source.json"
"""What the source was when it was last published from."""
_CONTRACT = Path(calendar_source.__file__).parent
_EMPTY = {"version": "", "services": []}


class Publisher:
    """One hub's publishing. Each method takes the folder's lock for itself."""

    def __init__(
        self, folder: Path, keys: Path, database: Database, clock: Callable[[], datetime]
    ) -> None:
        self.repository = Repository(folder)
        self.keys_folder = keys
        self._database = database
        self._clock = clock

    # ---- what is published

    def edition(self, name: str = CATALOG) -> Edition | None:
        """The edition published under a target's name."""
        file = self.repository.targets().targets.get(name)
        return None if file is None else Edition.of(file.custom)

    def bundle(self, name: str = CATALOG) -> dict[str, Any]:
        """The bundle published under a target's name; raises KeyError when there is none."""
        file = self.repository.targets().targets[name]
        bundle: dict[str, Any] = unpack(self.repository.target(file))
        return bundle

    # ---- publishing

    def publish_source(self, source: Path, calendar: Path) -> CatalogDiff | None:
        """Publish a catalog folder or bundle file now, unless it is what was published last.

        Returns what changed; None when nothing did. Raises CatalogError.
        """
        with self.repository.locked():
            self._found()
            if self._settle_keys() and self.repository.founded:
                self._put([self._kept(name) for name in self.repository.targets().targets])
            state = self.repository.folder / _SOURCE
            files = _fingerprint(source, calendar)
            seen = _read_json(state)
            if seen.get("files") == files and self.repository.founded:
                return None
            bundle, days = read_catalog(source), load_calendar(calendar)
            changes = None
            if bundle["version"] != seen.get("version") or not self.repository.founded:
                changes = self._publish(bundle, None, days)
            elif canonical(days) != self._kept(CALENDAR)[1]:
                self._put([self._kept(CATALOG), _calendar(days), *self._next()])
            note = {"files": files, "version": bundle["version"]}
            durable.write(state, json.dumps(note).encode())
            return changes

    def publish_ahead(self, bundle: dict[str, Any], effective_from: date) -> CatalogDiff:
        """Publish a bundle that comes into force at midnight of that day (city time)."""
        with self.repository.locked():
            return self._publish(bundle, effective_from, None)

    def withdraw(self) -> None:
        """Take back what was published ahead."""
        with self.repository.locked():
            self._put([self._kept(CATALOG), self._kept(CALENDAR)])

    def look(self) -> None:
        """Bring into force what is due, and sign again what would expire."""
        with self.repository.locked():
            coming = self.edition(NEXT_CATALOG)
            now = self._clock()
            if coming is not None and coming.in_force(now):
                self._publish(self.bundle(NEXT_CATALOG), None, None)
            elif self.repository.renew(publishing_keys.load(self.keys_folder), now):
                log.info("timestamp signed again")

    def rotate(self, new_root: bool, old_root: Path | None) -> int:
        """Make new keys for everything that signs online (and the root's own, `new_root`).

        `old_root`: file of the root key when it is kept elsewhere. Returns the root's version.
        Raises OSError and ValueError when there is no root key.
        """
        with self.repository.locked():
            self._settle_keys()
            signer = publishing_keys.read(old_root or self.keys_folder / publishing_keys.ROOT)
            names = [publishing_keys.ROOT] if new_root else []
            publishing_keys.make(
                self._new_keys, *names, publishing_keys.TARGETS, publishing_keys.ONLINE
            )
            keys = publishing_keys.load(self._new_keys)
            if not new_root:
                keys = replace(keys, root=signer)
            version = self.repository.rotate(keys, signer, self._clock())
            self._settle_keys()
            return version

    # ---- inside (under the lock)

    def _found(self) -> None:
        if any(self.repository.folder.glob("*.root.json")):
            return
        names = (publishing_keys.ROOT, publishing_keys.TARGETS, publishing_keys.ONLINE)
        publishing_keys.make(self.keys_folder, *names)
        self.repository.found(publishing_keys.load(self.keys_folder), self._clock())

    @property
    def _new_keys(self) -> Path:
        """Keys that are being rotated in: they count from the moment a root names them."""
        return self.keys_folder / "new"

    def _settle_keys(self) -> bool:
        """Finish or drop a rotation, also one that was cut off anywhere; True: keys came in."""
        if not self._new_keys.is_dir():
            return False
        came = False
        for path in sorted(self._new_keys.glob("*.key")):
            if self.repository.names_key(publishing_keys.read(path)):
                durable.move(path, self.keys_folder / path.name)
                came = True
        shutil.rmtree(self._new_keys)
        return came

    def _publish(
        self, bundle: dict[str, Any], effective_from: date | None, days: dict[str, Any] | None
    ) -> CatalogDiff:
        founded = self.repository.founded
        changes = diff(self.bundle() if founded else _EMPTY, bundle)
        # First known here, then offered: a kiosk may hand in with the new version at once.
        with self._database.transaction() as session:
            remember(session, bundle)
        edition = Edition(bundle["version"], effective_from)
        now_or_later = CATALOG if edition.in_force(self._clock()) else NEXT_CATALOG
        files = [_catalog(now_or_later, bundle, edition)]
        if now_or_later == NEXT_CATALOG:
            files.append(self._kept(CATALOG))
        else:
            files += [
                (file, data) for file, data in self._next()
                if Edition.of(file.custom).version != edition.version
            ]
        files.append(self._kept(CALENDAR) if days is None else _calendar(days))
        self._put(files)
        when = f"from {effective_from}" if now_or_later == NEXT_CATALOG else "now"
        log.info("published %s, in force %s: %s", bundle["version"][:12], when, changes.summary())
        return changes

    def _put(self, files: list[tuple[TargetFile, bytes]]) -> None:
        self.repository.publish(files, publishing_keys.load(self.keys_folder), self._clock())

    def _kept(self, name: str) -> tuple[TargetFile, bytes]:
        file = self.repository.targets().targets[name]
        return file, self.repository.target(file)

    def _next(self) -> list[tuple[TargetFile, bytes]]:
        """What was published ahead and is still to come."""
        if not self.repository.founded or self.edition(NEXT_CATALOG) is None:
            return []
        return [self._kept(NEXT_CATALOG)]


def upkeep(publisher: Publisher) -> None:
    """Look after what is published, again and again while the hub serves."""
    try:
        publisher.look()
    except (OSError, ValueError, KeyError, RepositoryError) as error:
        # A full disk or a missing key: kiosks go on with what they have for a week.
        log.error("cannot sign: %s: %s", type(error).__name__, error)


def _catalog(name: str, bundle: dict[str, Any], edition: Edition) -> tuple[TargetFile, bytes]:
    data = pack(canonical(bundle))
    file = TargetFile.from_data(name, data, ["sha256"])
    file.unrecognized_fields["custom"] = edition.custom()
    return file, data


def _calendar(days: dict[str, Any]) -> tuple[TargetFile, bytes]:
    data = canonical(days)
    return TargetFile.from_data(CALENDAR, data, ["sha256"]), data


def _fingerprint(source: Path, calendar: Path) -> str:
    """Hash of all that a bundle is made of: the source's files, and the code that reads them."""
    total = hashlib.sha256()
    files = [source] if source.is_file() else sorted(source.rglob("*.toml"))
    for path in (*files, calendar, *sorted(_CONTRACT.glob("*.py"))):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def calendar_beside(source: Path, shipped: Path) -> Path:
    """The calendar of a catalog folder; the shipped one where it has none, or is one file."""
    own = source / calendar_source.FILE
    return own if own.is_file() else shipped / calendar_source.FILE


