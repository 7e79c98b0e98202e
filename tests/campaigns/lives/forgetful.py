"""A file system that forgets: what was not synced is gone when its process dies.

    python -m tests.campaigns.lives.forgetful KEPT MOUNTPOINT

Everything is in this process's memory. `fsync` of a file puts its bytes and its length into the
folder KEPT; `fsync` of a folder puts its entries there (made, renamed, removed ones), and its own
name into the folders above it, as ext4, XFS and Btrfs do for a new folder. Nothing else is kept: a
new file is there after the cut when it and its folder were synced, which is what POSIX promises and
less than those file systems do. The cut is SIGKILL; started again with the same KEPT it holds what
was kept.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mfusepy

_ROOT = 1
_BLOCK = 512
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_TIMES = ("st_atime", "st_mtime", "st_ctime")


@dataclass
class Node:
    """A file, a link or a folder. synced: nothing has changed since it was kept."""

    number: int
    mode: int
    data: bytearray = field(default_factory=bytearray)
    entries: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    """The entries that survive."""
    changed: int = field(default_factory=time.time_ns)
    synced: bool = False

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)


class Kept:
    """What survives: a file for each node, replaced at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def put(self, node: Node) -> None:
        if node.is_folder:
            kept = json.dumps({"mode": node.mode, "entries": node.kept}).encode()
        else:
            kept = node.mode.to_bytes(4, "little") + node.data
        part = self._folder / "part"
        part.write_bytes(kept)
        part.replace(self._place(node.number, node.is_folder))

    def nodes(self) -> dict[int, Node]:
        """All that can be reached from the root; the others' files are removed."""
        found: dict[int, Node] = {}
        waiting = [(_ROOT, stat.S_IFDIR | 0o755)]
        while waiting:
            number, mode = waiting.pop()
            if number not in found:
                found[number] = node = self._get(number, mode)
                waiting += [(child, 0) for child in node.entries.values()]
        for path in self._folder.iterdir():
            if int(path.suffix[1:] or 0) not in found:
                path.unlink()
        return found

    def _get(self, number: int, mode: int) -> Node:
        folder, file = self._place(number, True), self._place(number, False)
        if folder.exists():
            kept = json.loads(folder.read_bytes())
            names = kept["entries"]
            return Node(number, kept["mode"], entries=dict(names), kept=names, synced=True)
        if file.exists():
            raw = file.read_bytes()
            return Node(number, int.from_bytes(raw[:4], "little"), bytearray(raw[4:]), synced=True)
        # Named by a synced folder, but never synced itself.
        return Node(number, mode or stat.S_IFREG | 0o600)

    def _place(self, number: int, is_folder: bool) -> Path:
        return self._folder / f"{'folder' if is_folder else 'file'}.{number}"


class Forgetful:
    """The file system, as mfusepy calls it; by one thread."""

    use_ns = True
    flag_nopath = flag_nullpath_ok = True  # files that are open but have no name any more

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._nodes = kept.nodes()
        self._next = max(self._nodes) + 1
        self._place = str(kept._folder)

    # ---- folders

    def mkdir(self, path: str, mode: int) -> int:
        self._make(path, stat.S_IFDIR | mode)
        return 0

    def mknod(self, path: str, mode: int, dev: int) -> int:
        self._make(path, mode)
        return 0

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        return self._make(path, stat.S_IFREG | stat.S_IMODE(mode)).number

    def link(self, target: str, source: str) -> int:
        self._enter(target, self._node(source))
        return 0

    def symlink(self, target: str, source: str) -> int:
        link = self._make(target, stat.S_IFLNK | 0o777)
        link.data += os.fsencode(source)
        return 0

    def readlink(self, path: str) -> str:
        return os.fsdecode(bytes(self._node(path).data))

    def unlink(self, path: str) -> int:
        folder, name = self._parent(path)
        self._node(path)
        del folder.entries[name]
        _touch(folder)
        return 0

    def rmdir(self, path: str) -> int:
        if self._node(path).entries:
            raise mfusepy.FuseOSError(errno.ENOTEMPTY)
        return self.unlink(path)

    def rename(self, old: str, new: str) -> int:
        node = self._node(old)
        self.unlink(old)
        self._enter(new, node)
        return 0

    def opendir(self, path: str) -> int:
        return self._node(path).number

    def readdir(self, path: str | None, fh: int) -> Iterator[tuple[str, dict[str, int], int]]:
        # glibc leaves out whatever has no number; nobody asks for that of the folder above.
        for name, number in {".": fh, "..": fh, **self._nodes[fh].entries}.items():
            yield name, {"st_ino": number, "st_mode": self._nodes[number].mode}, 0

    def fsyncdir(self, path: str | None, datasync: int, fh: int) -> int:
        for number in self._nodes[fh].entries.values():
            child = self._nodes[number]
            if not stat.S_ISREG(child.mode) and not child.synced:
                self._kept.put(child)  # what it is; of a link, which nobody can sync, all of it
        self._keep_names_of(fh)
        return self.fsync(path, datasync, fh)

    # ---- files

    def open(self, path: str, flags: int) -> int:
        node = self._node(path)
        if flags & os.O_TRUNC:
            self._cut_to(node, 0)
        return node.number

    def read(self, path: str | None, size: int, offset: int, fh: int) -> bytes:
        return bytes(memoryview(self._nodes[fh].data)[offset : offset + size])

    def write(self, path: str | None, data: bytes, offset: int, fh: int) -> int:
        node = self._nodes[fh]
        if offset > len(node.data):
            node.data.extend(bytes(offset - len(node.data)))
        node.data[offset : offset + len(data)] = data
        _touch(node)
        return len(data)

    def truncate(self, path: str | None, length: int, fh: int | None = None) -> int:
        self._cut_to(self._nodes[fh] if fh is not None else self._node(path), length)
        return 0

    def fallocate(self, path: str | None, mode: int, offset: int, size: int, fh: int) -> int:
        if mode:
            raise mfusepy.FuseOSError(errno.EOPNOTSUPP)
        node = self._nodes[fh]
        self._cut_to(node, max(len(node.data), offset + size))
        return 0

    def fsync(self, path: str | None, datasync: int, fh: int) -> int:
        node = self._nodes[fh]
        if not node.synced:
            node.kept = dict(node.entries)
            self._kept.put(node)
            node.synced = True
        return 0

    # ---- both

    def getattr(self, path: str | None, fh: int | None = None) -> dict[str, Any]:
        node = self._nodes[fh] if fh is not None else self._node(path)
        size = len(node.data)
        return {
            "st_mode": node.mode, "st_ino": node.number, "st_nlink": 1 + node.is_folder,
            "st_size": size, "st_blocks": -(-size // _BLOCK), "st_blksize": 4096,
            "st_uid": os.getuid(), "st_gid": os.getgid(), **dict.fromkeys(_TIMES, node.changed),
        }  # fmt: skip

    def chmod(self, path: str | None, mode: int) -> int:
        node = self._node(path)
        node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
        node.synced = False
        return 0

    def chown(self, path: str | None, uid: int, gid: int) -> int:
        """SQLite does it when it is root. Everything belongs to whoever runs the campaign."""
        return 0

    def utimens(self, path: str | None, times: tuple[int, int] | None = None) -> int:
        self._node(path).changed = times[1] if times else time.time_ns()
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self._place)
        return {name: getattr(found, name) for name in (
            "f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree",
            "f_namemax",
        )}  # fmt: skip

    # ---- inside

    def _node(self, path: str | None) -> Node:
        """Raises FuseOSError ENOENT."""
        node = self._nodes[_ROOT]
        for name in (path or "").split("/"):
            if name:
                if name not in node.entries:
                    raise mfusepy.FuseOSError(errno.ENOENT)
                node = self._nodes[node.entries[name]]
        return node

    def _parent(self, path: str) -> tuple[Node, str]:
        above, _, name = path.rpartition("/")
        return self._node(above), name

    def _keep_names_of(self, number: int) -> None:
        """From a folder up to the root."""
        for above in self._nodes.values():
            for name, child in above.entries.items():
                if child == number:
                    if above.kept.get(name) != number:
                        above.kept[name] = number
                        self._kept.put(above)
                    self._keep_names_of(above.number)
                    return

    def _make(self, path: str, mode: int) -> Node:
        node = Node(self._next, mode)
        self._next += 1
        self._nodes[node.number] = node
        self._enter(path, node)
        return node

    def _enter(self, path: str, node: Node) -> None:
        folder, name = self._parent(path)
        folder.entries[name] = node.number
        _touch(folder)

    def _cut_to(self, node: Node, length: int) -> None:
        if length < len(node.data):
            del node.data[length:]
        else:
            node.data.extend(bytes(length - len(node.data)))
        _touch(node)


class _Line(mfusepy.FUSE):  # type: ignore[misc]  # untyped
    def truncate_fuse_3(self, path: bytes | None, length: int, fip: Any) -> int:
        """mfusepy 3.1 loses the handle, and with it files that have no name any more."""
        return int(self.ftruncate(path, length, fip))


def _touch(node: Node) -> None:
    node.changed, node.synced = time.time_ns(), False


def main() -> None:
    # With the campaign it ends, and so does the mount's use.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    kept, mountpoint = sys.argv[1:]
    _Line(
        Forgetful(Kept(Path(kept))), mountpoint, foreground=True, nothreads=True,
        hard_remove=True, use_ino=True, kernel_cache=True, fsname="forgetful",
    )  # fmt: skip


if __name__ == "__main__":
    main()
