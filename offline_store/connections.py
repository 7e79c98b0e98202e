"""One writing connection on one thread of its own, and readers that cannot write.

SQLite before 3.51.3 can corrupt a WAL when two connections checkpoint at once, so only the
writer is ever able to: readers are opened ``mode=ro`` (architecture, decision 13).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from offline_store.errors import CLOSED, FULL, READ_ONLY, StoreError
from offline_store.lock import LockFile
from offline_store.migrations import check_schema
from offline_store.opening import beside, left_in_order, open_for_writing, store_errors
from offline_store.space import Space
from offline_store.sqlite import sqlite3

log = logging.getLogger(__name__)
T = TypeVar("T")
BUSY_MS = 5000
LONG_WAL = 4 << 20
"""Bytes of a WAL that is folded in (SQLite's own limit, 1,000 pages)."""
SHRINK_STEP = 256
"""Free pages given back in one transaction: 1 MiB, a few milliseconds of the writer's time."""
Connection = sqlite3.Connection


def read_only_connection(path: Path) -> Connection:
    """A connection that can neither write nor checkpoint; usable from any one thread at a time."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro",
        uri=True,
        check_same_thread=False,
        isolation_level=None,
    )
    connection.execute("PRAGMA query_only = ON")
    return connection


class Readers:
    """A stack of idle read-only connections; grows with the number of threads that read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[Connection] = deque()
        self._closed = False

    @contextmanager
    def borrow(self) -> Iterator[Connection]:
        """A connection inside one read transaction: all its answers are of one moment."""
        if self._closed:
            raise StoreError(CLOSED)
        with store_errors(self._path):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = read_only_connection(self._path)
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    def close(self) -> None:
        """Close the idle ones now and the borrowed ones as they come back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()


class Writer:
    """Owns the lock file, the writing connection and the only thread that touches it."""

    def __init__(self, path: Path) -> None:
        """Open or create the store at ``path``. Raises StoreError with the codes of the page."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.space = Space(path)
        self._lock = LockFile.take(beside(path, ".lock"))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._closed = threading.Event()
        self._wal = beside(path, "-wal")
        self._folding = False
        try:
            self._database: Database
            self._database, self.ended_badly = self._open()
        except BaseException:
            # Whatever stopped us from opening, the next attempt must find the lock free.
            self._thread.shutdown()
            self._lock.release()
            raise

    def _open(self) -> tuple[Database, bool]:
        try:
            return self._thread.submit(open_for_writing, self.path).result()
        except StoreError as error:
            # Opening takes some room of its own, for the WAL and its index.
            if error.code != FULL or not self.space.release():
                raise
            return self._thread.submit(open_for_writing, self.path).result()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue ``work`` as one transaction; the future is done after COMMIT reached the disk.

        Work that raises leaves nothing behind. Do not call this from inside ``work``.
        """
        if self._closed.is_set():
            raise StoreError(CLOSED)
        return self._thread.submit(self._transact, work)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        try:
            return self._once(work)
        except StoreError as error:
            # What is under way gets through: that is what the reserve is for.
            if error.code != FULL or not self.space.release():
                raise
            log.warning("the disk is full: reserve given up")
            return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        with store_errors(self.path), self._database.atomic() as database:
            result = work(database.conn)
        if not self._folding and _size(self._wal) > LONG_WAL and not self._closed.is_set():
            self._folding = True
            with suppress(RuntimeError):  # closed just now: closing folds it in as well
                self._thread.submit(self._fold)
        return result

    def _fold(self) -> None:
        """Bring what was committed from the WAL into the file, so that the WAL begins anew.

        After the commit that made it long, not in it: nobody stands before the kiosk for this.
        """
        self._folding = False
        try:
            with store_errors(self.path):
                self._database.conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except StoreError as error:  # it stays in the WAL, and is folded in after the next one
            log.warning("WAL not folded in: %s", error)

    def tidy(self) -> bool:
        """Give free pages back to the disk and empty the WAL, in steps between which others write.

        False when the WAL could not be emptied, because somebody still reads what it holds.
        """
        try:
            while (left := self._thread.submit(self._shrink).result()) > 0:
                pass
        except RuntimeError as error:  # the pool's word for being shut down
            raise StoreError(CLOSED) from error
        return left == 0

    def _shrink(self) -> int:
        """Free pages left; after the last one the WAL is emptied (-1: it could not be)."""
        if self._closed.is_set():
            return -1
        ask = self._database.conn.execute
        with store_errors(self.path):
            before = int(ask("PRAGMA freelist_count").fetchone()[0])
            if before:
                ask(f"PRAGMA incremental_vacuum({SHRINK_STEP})").fetchall()
                left = int(ask("PRAGMA freelist_count").fetchone()[0])
                if 0 < left < before:
                    return left
            # Nobody waits for readers here: it is tried again later.
            ask("PRAGMA busy_timeout = 0")
            try:
                busy, _, _ = ask("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                ask(f"PRAGMA busy_timeout = {BUSY_MS}")
            return -1 if busy else 0

    def close(self) -> None:
        """Finish what is queued, checkpoint, let go of the lock. Twice is as good as once."""
        if self._closed.is_set():
            return
        self._closed.set()
        try:
            self._thread.submit(self._database.close).result()
            left_in_order(self.path)
        finally:
            self._thread.shutdown()
            self._lock.release()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


class Connections:
    """What the parts of a store work with: write in one transaction, read in another."""

    def __init__(self, path: Path, writer: Writer | None) -> None:
        self._writer = writer
        self._readers = Readers(path)
        if writer is None:
            try:
                with self._readers.borrow() as connection:
                    check_schema(connection)
            except BaseException:
                # The caller gets no object to close.
                self._readers.close()
                raise

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue ``work`` on the writing thread (see :meth:`Writer.submit`)."""
        return self.writer().submit(work)

    def writer(self) -> Writer:
        """The writing side. Raises StoreError ``store.read_only``."""
        if self._writer is None:
            raise StoreError(READ_ONLY)
        return self._writer

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` as one transaction and return its answer after it is on the disk."""
        return self.submit(work).result()

    def read(self) -> AbstractContextManager[Connection]:
        """``with connections.read() as connection:`` one consistent moment, read only."""
        return self._readers.borrow()

    def close(self) -> None:
        """Readers first: the writer, closing last, folds the WAL into the file."""
        self._readers.close()
        if self._writer is not None:
            self._writer.close()
