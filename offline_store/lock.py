"""The lock file: one process writes a store, and anybody may read who it is."""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from offline_store.errors import LOCKED, StoreError


@dataclass(frozen=True)
class LockFile:
    """A held ``flock`` on ``path``. The kernel lets go of it when the process dies, however."""

    path: Path
    descriptor: int

    @classmethod
    def take(cls, path: Path) -> LockFile:
        """Take the lock or raise StoreError ``store.locked`` naming the holder at once."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode("utf-8", "replace").strip()
            os.close(descriptor)
            raise StoreError(LOCKED, f"{path.name} is held by {holder or 'unknown'}") from None
        program = Path(sys.argv[0]).name or "python"
        os.ftruncate(descriptor, 0)
        with suppress(OSError):  # on a full disk the lock holds without a name
            os.pwrite(descriptor, f"pid {os.getpid()} ({program})\n".encode(), 0)
        return cls(path, descriptor)

    def release(self) -> None:
        """Let go. The file stays: removing it would let two holders lock two different files."""
        os.ftruncate(self.descriptor, 0)
        os.close(self.descriptor)
