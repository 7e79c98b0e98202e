"""Rows straight from the pages of an SQLite file, whatever state its trees are in.

Reads what https://sqlite.org/fileformat2.html describes, without SQLite: every page that is a
leaf of a table is taken by itself, so a page that is lost takes nothing but its own rows with it.
Debian's ``sqlite3`` cannot do it (its ``.recover`` needs a table, ``sqlite_dbpage``, that Debian
leaves out). Deleted rows do not come back: with ``secure_delete`` their bytes are zeros.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from offline_store.raw_wal import (
    OLD_PAGE_SIZE,
    OUR_PAGE_SIZE,
    committed_frames,
    page_size_of,
)

Value: TypeAlias = "int | float | str | bytes | None"

_TABLE_INTERIOR = 0x05
_TABLE_LEAF = b"\x0d"
_DEEPEST = 20  # levels; SQLite's own trees have at most that many
_OTHER_KINDS = frozenset({0x00, 0x02, 0x05, 0x0A})  # overflow or free, index, interior pages
_LONGEST_ROW = 4 << 20
"""Bytes; the longest of ours is a part of 256 KiB, anything longer is a broken length."""
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Unreadable(Exception):
    """This cell or page is not what it says."""


@dataclass(frozen=True)
class Row:
    """One row: its rowid, its columns as stored (a rowid alias is None), and where it stands."""

    rowid: int
    values: tuple[Value, ...]
    page: int


class RawPages:
    """The pages of a file with those of its WAL laid over them. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises OSError. A missing WAL is none; an empty file has no pages."""
        self._file = _mapped(path)
        wal = path.with_name(path.name + "-wal")
        self._wal = _mapped(wal) if wal.exists() else b""
        said = page_size_of(bytes(self._file[:18]))
        self._take(said or OUR_PAGE_SIZE)
        if said is None:
            ours = self._sure_rows()
            self._take(OLD_PAGE_SIZE)
            if self._sure_rows() < ours:
                self._take(OUR_PAGE_SIZE)

    def _take(self, page_size: int) -> None:
        self.page_size = page_size
        self._newest = dict(committed_frames(self._wal, page_size))
        in_file = -(-len(self._file) // page_size)
        self.count = max([in_file, *self._newest])

    def __enter__(self) -> RawPages:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for held in (self._file, self._wal):
            if isinstance(held, mmap.mmap):
                held.close()

    def page(self, number: int) -> bytes:
        """Page ``number`` (from 1), cut short at the end of a truncated file."""
        if number in self._newest:
            at = self._newest[number]
            return bytes(self._wal[at : at + self.page_size])
        return bytes(self._file[(number - 1) * self.page_size : number * self.page_size])

    def rows(self, pages: Iterable[int] | None = None) -> Iterator[Row]:
        """Every row of every leaf of every table that can still be read, in order of pages; or of
        those ``pages`` only."""
        for number in range(1, self.count + 1) if pages is None else pages:
            page = self.page(number)
            start = 100 if number == 1 else 0
            if len(page) < start + 8 or page[start] in _OTHER_KINDS:
                continue
            cells = struct.unpack_from(">H", page, start + 3)[0]
            for index in range(min(cells, (len(page) - start - 8) // 2)):
                (at,) = struct.unpack_from(">H", page, start + 8 + 2 * index)
                try:
                    yield self._row(page, at, number)
                except (Unreadable, IndexError, struct.error, UnicodeDecodeError):
                    continue

    def _sure_rows(self) -> int:
        """Rows of pages that call themselves leaves of a table: by a wrong page size, the middle
        of a page would be taken for a leaf whose kind is damaged."""
        leaves = (n for n in range(2, self.count + 1) if self.page(n)[:1] == _TABLE_LEAF)
        return sum(1 for _ in self.rows(leaves))

    def owners(self) -> dict[int, str]:
        """Page → table, for the leaves that can be reached from the root of a table whose entry
        in the schema can be read. The rest has to be told by what its rows look like."""
        found: dict[int, str] = {}
        for row in self.rows():
            match row.values:
                case ("table", str(), str(name), int(root), str()) if 1 < root <= self.count:
                    self._follow(root, name, found, depth=0)
        return found

    def _follow(self, number: int, name: str, found: dict[int, str], depth: int) -> None:
        if number in found or not 1 < number <= self.count or depth > _DEEPEST:
            return
        page = self.page(number)
        if len(page) < 12:
            return
        found[number] = name
        if page[0] != _TABLE_INTERIOR:
            return
        cells, last = struct.unpack_from(">H", page, 3)[0], struct.unpack_from(">I", page, 8)[0]
        below = [last]
        for index in range(min(cells, (len(page) - 12) // 2)):
            (at,) = struct.unpack_from(">H", page, 12 + 2 * index)
            if at + 4 <= len(page):
                below.append(struct.unpack_from(">I", page, at)[0])
        for child in below:
            self._follow(child, name, found, depth + 1)

    def _row(self, page: bytes, at: int, number: int) -> Row:
        length, at = _varint(page, at)
        rowid, at = _varint(page, at)
        if not 2 <= length <= _LONGEST_ROW:
            raise Unreadable
        return Row(_signed(rowid), _record(self._payload(page, at, length)), number)

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        """The record: what stands in the page, and the rest along its chain of overflow pages."""
        usable = self.page_size
        here = length
        if length > usable - 35:
            least = (usable - 12) * 32 // 255 - 23
            here = least + (length - least) % (usable - 4)
            if here > usable - 35:
                here = least
        if at + here + (4 if here < length else 0) > len(page):
            raise Unreadable
        payload = bytearray(page[at : at + here])
        if here == length:
            return bytes(payload)
        # Before a chain is followed the record has to say as much as the cell does.
        if _length_by_header(payload) != length:
            raise Unreadable
        (following,) = struct.unpack_from(">I", page, at + here)
        while len(payload) < length:
            if not 1 < following <= self.count:
                raise Unreadable
            more = self.page(following)
            if len(more) < usable:
                raise Unreadable
            payload += more[4 : 4 + length - len(payload)]
            (following,) = struct.unpack_from(">I", more, 0)
        return bytes(payload)


def _mapped(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _length_by_header(begin: bytes | bytearray) -> int:
    """How long a record is by its own header, which stands in its first bytes."""
    end, at = _varint(begin, 0)
    if end > len(begin):
        raise Unreadable
    length = end
    while at < end:
        kind, at = _varint(begin, at)
        length += _size(kind)
    return length


def _record(payload: bytes) -> tuple[Value, ...]:
    """The columns of a record (section 2.1). Raises Unreadable when it does not add up."""
    end, at = _varint(payload, 0)
    if not at <= end <= len(payload):
        raise Unreadable
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        size = _size(kind)
        if at + size > len(payload):
            raise Unreadable
        values.append(_value(kind, payload[at : at + size]))
        at += size
    if at != len(payload):
        raise Unreadable
    return tuple(values)


def _size(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise Unreadable
    return 8 if kind == 7 else _INTEGER_SIZES.get(kind, 0)


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data.decode("utf-8") if kind % 2 else data
    if kind == 0:
        return None
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    return kind - 8 if kind in (8, 9) else int.from_bytes(data, "big", signed=True)


def _varint(data: bytes | bytearray, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    raise Unreadable


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
