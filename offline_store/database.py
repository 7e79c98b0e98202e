"""Opening and closing a store: one file, one writing process, everything in it durable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from offline_store.audit import Audit
from offline_store.catalog import Catalog
from offline_store.checks import Findings, check
from offline_store.connections import Connections, Writer
from offline_store.drafts import Drafts
from offline_store.errors import UNKNOWN, StoreError
from offline_store.kept import Kept
from offline_store.opening import suspect
from offline_store.outbox import Outbox
from offline_store.settings import Settings
from offline_store.space import Space


class Store:
    """What must survive a power cut. Every method of every part works from any thread;
    a write has reached the disk when it returns."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.audit = Audit(connections)
        self.settings = Settings(connections)
        self.drafts = Drafts(connections, self.audit)
        self.outbox = Outbox(connections, self.audit)
        self.kept = Kept(connections, self.audit)
        self.catalog = Catalog(connections, self.audit)

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open or create the store at ``path`` for writing.

        Raises StoreError: ``store.locked`` (names the holder), ``store.damaged`` (what was
        checked does not hold, see ``opening.py``; ``recovery.open_or_recover`` goes on from
        there), ``store.schema`` (written by an unknown version), ``store.full``.
        """
        writer = Writer(path)
        store = cls(Connections(path, writer))
        store.catalog.renew_index()
        return store

    @property
    def space(self) -> Space:
        """Room on its disk, and the reserve. Raises StoreError ``store.read_only``."""
        return self._connections.writer().space

    @property
    def ended_badly(self) -> bool:
        """The process before this one was cut off (or another program wrote): what a start leaves
        out should be checked soon."""
        return self._connections.writer().ended_badly

    @property
    def free_bytes(self) -> int:
        """Room in the file that was deleted and not yet given back."""
        with self._connections.read() as connection:
            pages, size = (
                int(connection.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("freelist_count", "page_size")
            )
        return pages * size

    def tidy(self) -> bool:
        """Give the room of what was deleted back to the disk, and leave no trace of it in the WAL.

        Holds up a commit by a few milliseconds. False when somebody still reads what the WAL
        holds: ask again later.
        """
        return self._connections.writer().tidy()

    def check(self, stop: Callable[[], bool]) -> Findings | None:
        """Look through the whole file; None when ``stop`` said so (see ``checks.py``)."""
        return check(self._connections.read, self.audit, stop)

    def recover_next_time(self) -> None:
        """Damage was found (``Findings.damage``): the next start recovers the store."""
        suspect(self._connections.writer().path, proved=True)

    def close(self) -> None:
        """Finish queued writes, fold the WAL into the file, free the lock."""
        self._connections.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_read_only(path: Path) -> Store:
    """The same store for looking only, beside a running writer or without one.

    Writes raise StoreError ``store.read_only``; a missing file raises ``store.unknown``.
    """
    if not path.is_file():
        raise StoreError(UNKNOWN, f"there is no store at {path.name}")
    return Store(Connections(path, None))
