"""The frames of a WAL, read without SQLite (section 4 of https://sqlite.org/fileformat2.html)."""

from __future__ import annotations

import mmap
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

PAGE_SIZES = frozenset(1 << n for n in range(9, 17))
OUR_PAGE_SIZE = 16384
"""Bytes of a page of a new file: a large submission commits a third faster than in SQLite's 4,096
(tests/benchmarks/store_commit.py)."""
OLD_PAGE_SIZE = 4096
"""Of files from before."""
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = 0x377F0682


def page_size_of(begin: bytes) -> int | None:
    """What the first bytes of a file say of its pages; None where they do not tell any more."""
    if len(begin) < 18 or begin[:16] != b"SQLite format 3\0":
        return None
    said = int.from_bytes(begin[16:18], "big")
    size = 65536 if said == 1 else said
    return size if size in PAGE_SIZES else None


def cut_off_commits(path: Path, frames: int) -> bool:
    """Whether the WAL of ``path`` holds commits that SQLite, having read ``frames`` frames of it,
    will not see, although they had reached the disk.

    SQLite takes a WAL's first bad frame for its end. After a power cut that is right for the
    transaction that was being written; but where a later transaction follows, the earlier one had
    been synced, and its frame was damaged since.
    """
    wal = path.with_name(path.name + "-wal")
    try:
        with wal.open("rb") as file:
            header = file.read(_WAL_HEADER)
            if len(header) < _WAL_HEADER:
                return False
            page_size = struct.unpack_from(">I", header, 8)[0]
            if page_size not in PAGE_SIZES:
                with path.open("rb") as main:
                    page_size = page_size_of(main.read(18)) or OUR_PAGE_SIZE
            salts, committed = _salts(header + file.read(_FRAME_HEADER)), False
            at = _WAL_HEADER + frames * (_FRAME_HEADER + page_size)
            while True:
                file.seek(at)
                frame = file.read(_FRAME_HEADER)
                if len(frame) < _FRAME_HEADER:
                    return False
                if frame[8:16] == salts:
                    if committed:
                        return True
                    committed = frame[4:8] != bytes(4)
                at += _FRAME_HEADER + page_size
    except FileNotFoundError:
        return False


def committed_frames(wal: mmap.mmap | bytes, page_size: int) -> Iterator[tuple[int, int]]:
    """(page, where it starts in the WAL) of every whole frame up to the last commit, in order.

    A frame proves itself by its checksum, which goes on from the one before *as it stands there*:
    so the frame after a damaged one can be told to be whole.
    """
    if len(wal) < _WAL_HEADER:
        return
    order, salts = _order(wal), _salts(wal[: _WAL_HEADER + _FRAME_HEADER])
    before = struct.unpack(">2I", wal[24:32])
    waiting: list[tuple[int, int]] = []
    size = _FRAME_HEADER + page_size
    for at in range(_WAL_HEADER, len(wal) - size + 1, size):
        header = wal[at : at + _FRAME_HEADER]
        number, commit = struct.unpack(">2I", header[:8])
        stored = struct.unpack(">2I", header[16:24])
        if header[8:16] == salts:
            body = at + _FRAME_HEADER
            after = _checksum(_checksum(before, header[:8], order), wal[body : body + page_size],
                              order)
            if after == stored:
                waiting.append((number, body))
                if commit:
                    yield from waiting
                    waiting.clear()
        before = stored


def _order(header: bytes | mmap.mmap) -> str:
    """Byte order of the checksums' words; the machine's own where the header does not tell."""
    (magic,) = struct.unpack(">I", header[:4])
    if magic & ~1 != _WAL_MAGIC:
        return "<" if sys.byteorder == "little" else ">"
    return ">" if magic & 1 else "<"


def _salts(begin: bytes) -> bytes:
    """What tells the frames of this WAL from leftovers of an older one. ``begin``: the WAL's
    header and its first frame's; in a damaged header the frame speaks for itself."""
    header = begin[:_WAL_HEADER]
    if _checksum((0, 0), header[:24], _order(header)) == struct.unpack(">2I", header[24:32]):
        return header[16:24]
    return begin[_WAL_HEADER + 8 : _WAL_HEADER + 16]


def _checksum(seed: tuple[int, ...], data: bytes, order: str) -> tuple[int, int]:
    first, second = seed
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
