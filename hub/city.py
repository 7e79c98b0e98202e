"""Everything a running hub holds, in one value handed to whoever works with it."""

import fcntl
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from hub import durable
from hub.database import Database
from hub.keyring import KeyFiles, Keyring
from hub.published import SOURCE
from hub.publishing import Publisher, calendar_beside
from hub.settings import Halls

Clock = Callable[[], datetime]


class AlreadyRunning(Exception):
    """Another hub serves this folder."""


@dataclass(frozen=True)
class Folders:
    """Where a hub keeps things."""

    root: Path

    @property
    def keys(self) -> Path:
        """Private keys."""
        return self.root / "keys"

    @property
    def uploads(self) -> Path:
        """Uploads under way, one file each, named by their secret token."""
        return self.root / "uploads"

    @property
    def published(self) -> Path:
        """What kiosks fetch: signed metadata and targets (hub/repository.py)."""
        return self.root / "published"

    @property
    def envelopes(self) -> Path:
        """Sealed envelopes, filed."""
        return self.root / "envelopes"

    @property
    def archive(self) -> Path:
        """Sealed envelopes of closed cases (hub/retention.py)."""
        return self.root / "archive"

    def make(self) -> None:
        """Make what is missing."""
        for folder in (self.root, self.keys, self.uploads, self.envelopes, self.published):
            durable.make_folder(folder)


@dataclass(frozen=True)
class City:
    """A hub at work."""

    folders: Folders
    database: Database
    key_files: KeyFiles
    publisher: Publisher
    public_url: str
    clock: Clock
    epoch: str
    """Another one at each start: kiosks then look whether this hub was restored."""
    patching: set[str] = field(default_factory=set)
    """Submissions whose uploads receive bytes at this moment."""
    _filing: tuple[threading.Lock, ...] = field(
        default_factory=lambda: tuple(threading.Lock() for _ in range(16))
    )

    def filing(self, digest: str) -> threading.Lock:
        """Whoever moves or drops an upload's bytes holds this one of its digest (hex): one request
        at a time."""
        return self._filing[int(digest[0], 16)]

    @cached_property
    def halls(self) -> Halls:
        """The halls of what is published."""
        return Halls(self.publisher)

    @property
    def keys(self) -> Keyring:
        """The hub's keys as they are now."""
        return self.key_files.ring


def open_database(root: Path) -> Database:
    """Open the database of a hub's folder, also beside a running hub."""
    folders = Folders(root)
    folders.make()
    return Database(root / "hub.sqlite3")


def open_publisher(root: Path, database: Database, clock: Clock | None = None) -> Publisher:
    """Open what a hub's folder publishes, also beside a running hub."""
    folders = Folders(root)
    return Publisher(folders.published, folders.keys, database, clock or utc_now)


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def found(root: Path, catalog: Path, public_url: str, clock: Clock | None = None) -> City:
    """Open or start a hub in `root`: folders, database, keys; publish the catalog if it is new."""
    database = open_database(root)
    folders = Folders(root)
    city = City(
        folders=folders,
        database=database,
        key_files=KeyFiles(folders.keys),
        publisher=open_publisher(root, database, clock),
        public_url=public_url,
        clock=clock or utc_now,
        epoch=secrets.token_urlsafe(12),
    )
    city.publisher.publish_source(catalog, calendar_beside(catalog, SOURCE))
    return city


def at_rest(root: Path) -> City:
    """A hub's folder for a chore that runs beside the serving hub: nothing is published."""
    database = open_database(root)
    folders = Folders(root)
    return City(
        folders=folders, database=database, key_files=KeyFiles(folders.keys),
        publisher=open_publisher(root, database), public_url="", clock=utc_now, epoch="",
    )  # fmt: skip


def lock(root: Path) -> int:
    """Lock the folder for one serving hub; the lock lasts until the process ends."""
    durable.make_folder(root)
    descriptor = os.open(root / "hub.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise AlreadyRunning(str(root)) from error
    return descriptor
