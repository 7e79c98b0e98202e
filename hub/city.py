"""Everything a running hub holds, in one value handed to whoever works with it."""

import fcntl
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hub import durable, published
from hub.database import Database
from hub.keyring import KeyFiles, Keyring
from hub.published import Published

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
    def envelopes(self) -> Path:
        """Sealed envelopes, filed."""
        return self.root / "envelopes"

    @property
    def archive(self) -> Path:
        """Sealed envelopes of closed cases (hub/retention.py)."""
        return self.root / "archive"

    def make(self) -> None:
        """Make what is missing."""
        for folder in (self.root, self.keys, self.uploads, self.envelopes):
            durable.make_folder(folder)


@dataclass(frozen=True)
class City:
    """A hub at work."""

    folders: Folders
    database: Database
    key_files: KeyFiles
    catalog: Published
    public_url: str
    clock: Clock
    epoch: str
    """Another one at each start: kiosks then look whether this hub was restored."""
    patching: set[str] = field(default_factory=set)
    """Submissions whose uploads receive bytes at this moment."""

    @property
    def keys(self) -> Keyring:
        """The hub's keys as they are now."""
        return self.key_files.ring


def open_database(root: Path) -> Database:
    """Open the database of a hub's folder, also beside a running hub."""
    folders = Folders(root)
    folders.make()
    return Database(root / "hub.sqlite3")


def found(root: Path, catalog: Path, public_url: str, clock: Clock | None = None) -> City:
    """Open or start a hub in `root`: folders, database, keys, catalog."""
    database = open_database(root)
    folders = Folders(root)
    city = City(
        folders=folders,
        database=database,
        key_files=KeyFiles(folders.keys),
        catalog=published.load(catalog),
        public_url=public_url,
        clock=clock or (lambda: datetime.now(UTC)),
        epoch=secrets.token_urlsafe(12),
    )
    with database.transaction() as session:
        city.catalog.remember(session)
    return city


def at_rest(root: Path) -> City:
    """A hub's folder for a chore that runs beside the serving hub: nothing is published."""
    database = open_database(root)
    folders = Folders(root)
    return City(
        folders=folders, database=database, key_files=KeyFiles(folders.keys),
        catalog=Published({"version": ""}), public_url="", clock=lambda: datetime.now(UTC),
        epoch="",
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
