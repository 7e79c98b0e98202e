"""One writing connection on one thread of its own, and readers that cannot write.

SQLite before 3.51.3 can corrupt a WAL when two connections checkpoint at once, so only the
writer is ever able to: readers are opened ``mode=ro`` (architecture, decision 13).
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from offline_store.errors import CLOSED, DAMAGED, READ_ONLY, StoreError, translated
from offline_store.lock import LockFile
from offline_store.migrations import check_schema, migrate
from offline_store.sqlite import sqlite3

T = TypeVar("T")
Connection = sqlite3.Connection


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        own = translated(error)
        if own is None:
            raise
        raise own from error


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
        with _store_errors():
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
        self._lock = LockFile.take(path.with_name(path.name + ".lock"))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._closed = threading.Event()
        try:
            self._database: Database = self._thread.submit(_open_for_writing, path).result()
        except BaseException:
            # Whatever stopped us from opening, the next attempt must find the lock free.
            self._thread.shutdown()
            self._lock.release()
            raise

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue ``work`` as one transaction; the future is done after COMMIT reached the disk.

        Work that raises leaves nothing behind. Do not call this from inside ``work``.
        """
        if self._closed.is_set():
            raise StoreError(CLOSED)
        return self._thread.submit(self._transact, work)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with _store_errors(), self._database.atomic() as database:
            return work(database.conn)

    def close(self) -> None:
        """Finish what is queued, checkpoint, let go of the lock. Twice is as good as once."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._thread.submit(self._database.close).result()
        self._thread.shutdown()
        self._lock.release()


def _open_for_writing(path: Path) -> Database:
    with _store_errors():
        # A power cut in the first moment may have left the bare name of a file.
        is_new = not path.exists() or path.stat().st_size == 0
        connection = sqlite3.connect(path, check_same_thread=True)
        try:
            if is_new:
                # Only takes effect while the file is empty.
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            _check_integrity(connection)
            database = Database(connection, execute_plugins=False)
            migrate(database)
        except BaseException:
            connection.close()
            raise
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
    return database


def _check_integrity(connection: Connection) -> None:
    """Raise StoreError ``store.damaged`` with SQLite's first finding."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreError(DAMAGED, str(verdict))


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
        if self._writer is None:
            raise StoreError(READ_ONLY)
        return self._writer.submit(work)

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
