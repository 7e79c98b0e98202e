"""A disk of one machine: an ext4 image on a loop device, whose power can be cut.

The cut is the shutdown ioctl without a flush of the journal: whatever was not synced is gone, and
everything after it is EIO. The next mount replays the journal as after a real power cut.
What it does not show: torn sectors, and drives that lie about a flush.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
import subprocess
from pathlib import Path

_FS_IOC_SHUTDOWN = 0x8004587D  # include/uapi/linux/ext4.h: EXT4_IOC_SHUTDOWN
_NO_LOG_FLUSH = 2
_NEEDS = (
    "An ext4 on a loop device is needed: run this as root on a machine or in a container with "
    "/dev/loop*; Debian packages e2fsprogs and mount."
)
_FLUSH_SECONDS = 600
"""The file system's own flush would hide what nobody synced (its default is 5 s)."""


class NoDisk(Exception):
    """This machine lets us make no loop device, or not mount it; the text says what to do."""


class LoopDisk:
    """A tests.campaigns.lives.city.Box whose files are on an ext4 of their own."""

    def __init__(self, folder: Path, megabytes: int = 192, image: Path | None = None) -> None:
        """folder: where it is mounted; the image lies beside it. Raises NoDisk."""
        self.folder = folder
        self.image = image or folder.with_name(folder.name + ".ext4")
        folder.mkdir(parents=True)
        with self.image.open("wb") as file:
            file.truncate(megabytes << 20)
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,nodiscard", str(self.image))
        self._mounted = False
        self.restore()

    def cut(self) -> None:
        """The plug is pulled. Whoever has files here gets EIO from now on."""
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, _FS_IOC_SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(descriptor)

    def restore(self) -> None:
        """Power is back; nobody may have files open here."""
        if self._mounted:
            run("umount", str(self.folder))
            self._mounted = False
            if run("losetup", "-j", str(self.image)):
                # Some container on this machine has a copy of the mount: to it, and so to the next
                # mount of this image, the disk is still the one that was cut. The bytes are right.
                copy = self.image.with_suffix(f".{secrets.token_hex(4)}")
                run("cp", "--sparse=always", str(self.image), str(copy))
                self.image.unlink()
                self.image = copy
        run("mount", "-o", f"loop,commit={_FLUSH_SECONDS}", str(self.image), str(self.folder))
        self._mounted = True

    def dismantle(self) -> None:
        """Give the loop device back."""
        if self._mounted:
            # Lazily: a file somebody still holds must not keep the campaign from ending.
            run("umount", "-l", str(self.folder))
            self._mounted = False


def run(*command: str, needs: str = _NEEDS) -> str:
    """What it prints. Raises NoDisk."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NoDisk(f"{command[0]} is missing. {needs}") from error
    if done.returncode != 0:
        raise NoDisk(f"{' '.join(command)}: {done.stderr.strip()}\n{needs}")
    return done.stdout
