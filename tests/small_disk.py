"""A real file system of a few megabytes (tmpfs), to be filled to its end."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIB = 1 << 20


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, leave: int = 0) -> None:
        """Take all room but about `leave` bytes."""
        descriptor = os.open(self._filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while True:
                os.write(descriptor, bytes(65536))
        except OSError as full:
            assert full.errno == errno.ENOSPC, full
        finally:
            os.close(descriptor)
        if leave:
            with self._filler.open("r+b") as file:
                file.truncate(max(0, self._filler.stat().st_size - leave))

    def make_room(self) -> None:
        self._filler.unlink()


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Mount `size` bytes at `folder` (made here); needs root, as the cards' tests do."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "yimen-small", str(folder)],
        check=True,
    )
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
