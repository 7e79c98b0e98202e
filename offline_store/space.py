"""Room on the disk: seen before it ends, and a reserve for what is under way when it does.

The reserve is a file beside the store that holds blocks and nothing else. When a transaction
finds the disk full the writer gives the reserve up and tries once more; from then on there is
"no room" until somebody made some, and the reserve is there again.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from offline_store.opening import beside, sync_folder

MIB = 1 << 20


@dataclass(frozen=True)
class Room:
    """How it stands. ``free``: bytes others may still take; ``reserved``: the reserve is there;
    ``enough``: new work may begin."""

    free: int
    reserved: bool
    enough: bool


class Space:
    """Watches the file system of one store. Every method works from any thread."""

    def __init__(self, path: Path) -> None:
        self._file = beside(path, ".reserve")
        self._lock = threading.Lock()

    def look(self, reserve: int, least: int) -> Room:
        """See that the reserve of ``reserve`` bytes is there, where it fits, and what is free.

        ``least``: free bytes beside the reserve below which no new work should begin. Raises
        nothing: a folder that cannot be asked has no room.
        """
        with self._lock:
            try:
                reserved = self._size() >= reserve
                # Taken only where enough stays, or it would be given up and taken in turns.
                if not reserved and self._free() + self._size() >= reserve + least:
                    self._take(reserve)
                    reserved = True
                free = self._free()
            except OSError:
                return Room(0, reserved=False, enough=False)
        return Room(free, reserved, reserved and free >= least)

    def release(self) -> bool:
        """Give the reserve up. False when there was none: then the disk is really full."""
        with self._lock:
            try:
                had = self._size() > 0
                self._file.unlink()
            except OSError:
                return False
            return had

    def _size(self) -> int:
        try:
            # What is really held: a file with holes would be no reserve.
            found = self._file.stat()
            return min(found.st_size, found.st_blocks * 512)
        except FileNotFoundError:
            return 0

    def _free(self) -> int:
        found = os.statvfs(self._file.parent)
        return found.f_bavail * found.f_frsize

    def _take(self, size: int) -> None:
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, size)
            if size:
                os.posix_fallocate(descriptor, 0, size)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                self._file.unlink()
            raise
        finally:
            os.close(descriptor)
        sync_folder(self._file.parent)
