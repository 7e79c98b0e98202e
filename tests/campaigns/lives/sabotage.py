"""What a careless kiosk or hub would do, to prove that the power cuts find it."""

from __future__ import annotations

import os
import stat

from offline_store.database import Store

SYNCHRONOUS_OFF = "synchronous-off"
RENAME_UNSYNCED = "rename-unsynced"
KINDS = (SYNCHRONOUS_OFF, RENAME_UNSYNCED)


def begin(kind: str) -> None:
    """At the start of a life: from now on a rename counts as done without its folder's fsync."""
    if kind != RENAME_UNSYNCED:
        return
    real = os.fsync

    def careless(descriptor: int) -> None:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            real(descriptor)

    os.fsync = careless  # type: ignore[assignment]


def spoil(kind: str, store: Store) -> None:
    """After the store was opened: a commit counts as done without reaching the disk."""
    if kind == SYNCHRONOUS_OFF:
        # Not inside a transaction, where SQLite would ignore it.
        writer = store._connections._writer
        assert writer is not None
        writer._thread.submit(
            lambda: writer._database.conn.execute("PRAGMA synchronous = OFF")
        ).result()
