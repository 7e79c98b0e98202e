"""A disk of one machine where no loop device is to be had: a file system that forgets, in FUSE.

The cut is SIGKILL of its process, which had in its memory whatever nobody synced. What it does not
show: how a real file system orders and joins what it writes, torn sectors, drives that lie.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.campaigns.lives.disk import NoDisk, run
from tests.campaigns.lives.life import ROOT

_MOUNT_SECONDS = 20.0
_NEEDS = "FUSE is needed: /dev/fuse and the Debian package fuse3."


class FuseDisk:
    """A tests.campaigns.lives.city.Box whose files are in tests.campaigns.lives.forgetful."""

    def __init__(self, folder: Path) -> None:
        """folder: where it is mounted; what was synced lies beside it. Raises NoDisk."""
        self.folder = folder
        folder.mkdir(parents=True)
        self._kept = folder.with_name(folder.name + ".kept")
        self._log = folder.with_name(folder.name + ".log")
        self._process: subprocess.Popen[bytes] | None = None
        self.restore()

    def cut(self) -> None:
        """The plug is pulled. Whoever has files here gets ENOTCONN from now on."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def restore(self) -> None:
        """Power is back; nobody may have files open here."""
        self.dismantle()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.campaigns.lives.forgetful", self._kept, self.folder],
                cwd=ROOT, stderr=log,
            )
        limit = time.monotonic() + _MOUNT_SECONDS
        while not self.folder.is_mount():
            if self._process.poll() is not None or time.monotonic() > limit:
                self._process.kill()
                self._process.wait()
                self._process = None
                raise NoDisk(f"{self._log.read_text().strip()[-500:]}\n{_NEEDS}")
            time.sleep(0.005)

    def dismantle(self) -> None:
        """Unmount it, whether its process lives or not."""
        if self._process is not None:
            self.cut()
            self._process = None
            # Lazily: a file somebody still holds must not keep the campaign from ending.
            run("fusermount3", "-u", "-z", str(self.folder), needs=_NEEDS)
