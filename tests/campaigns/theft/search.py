"""Looking through memory and files for traces, as a thief with a screwdriver would."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.campaigns.theft.canaries import Canary

_MAPPING = re.compile(r"^([0-9a-f]+-[0-9a-f]+) (r)(.).(.) \S+ \S+ (\d+) *(.*)$")
_PAGE = 4096
_STEP = 32 << 20
_OVERLAP = 4096
_SMALL = 4 << 20
"""Files up to here are also searched for traces that may be there by chance."""


@dataclass(frozen=True)
class Hit:
    """Where a trace was found."""

    kind: str
    form: str
    place: str


def in_process(pid: int, name: str, sieve: Sieve) -> Iterator[Hit]:
    """What is in a process's memory: heap, stacks, shared memory, not the code of libraries.

    A process that is gone has nothing.
    """
    here = Path(f"/proc/{pid}")
    try:
        mappings = (here / "maps").read_text().splitlines()
        with (
            (here / "mem").open("rb", buffering=0) as memory,
            (here / "pagemap").open("rb", buffering=0) as pages,
        ):
            for line in mappings:
                match = _MAPPING.match(line)
                if match is None or "[v" in line:  # the kernel's own pages
                    continue
                span, shared, inode = match[1], match[4] == "s", match[5] != "0"
                if inode and match[3] != "w":
                    continue
                place = f"memory of {name}, {Path(match[6]).name or 'heap'}"
                start, end = (int(edge, 16) for edge in span.split("-"))
                # Of shared memory all, whichever process has looked at which pages of it.
                if shared and os.access(file := here / "map_files" / span, os.R_OK):
                    if stat.S_ISREG(file.stat().st_mode):
                        yield from in_file(file, place, sieve)
                    continue
                parts = _pieces(memory, start, end) if shared else _touched(
                    memory, pages, start, end
                )  # fmt: skip
                for part in parts:
                    yield from sieve.hits(part, place)
    except (FileNotFoundError, ProcessLookupError):
        return


def _touched(memory: FileIO, pages: FileIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a mapping, without pages nobody has ever touched."""
    pages.seek(start // _PAGE * 8)
    entries = np.frombuffer(pages.read((end - start) // _PAGE * 8), np.uint64)
    for first, after in _runs(entries >> np.uint64(62) != 0):  # present, or swapped out
        yield from _pieces(memory, start + first * _PAGE, start + after * _PAGE)


def _pieces(memory: FileIO, at: int, end: int) -> Iterator[bytes]:
    while at < end:
        try:
            memory.seek(at)
            piece = memory.read(min(_STEP + _OVERLAP, end - at))
        except (OSError, ValueError):  # a hole, or a device's window
            return
        yield piece
        at += _STEP


def _runs(wanted: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where the wanted ones begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], wanted, [False])).astype(np.int8)))
    return [(int(first), int(after)) for first, after in edges.reshape(-1, 2)]


def in_files(roots: Iterable[Path], sieve: Sieve) -> Iterator[Hit]:
    """What is in files below these folders: contents and names."""
    for root in roots:
        for path in [root, *sorted(root.rglob("*"))] if root.is_dir() else [root]:
            try:
                kind = path.lstat().st_mode
                names = os.fsencode(path.name)
                yield from sieve.hits(names, f"the name of {path}")
                if stat.S_ISREG(kind):
                    yield from in_file(path, str(path), sieve)
            except FileNotFoundError:
                continue  # gone meanwhile


def in_file(path: Path, place: str, sieve: Sieve) -> Iterator[Hit]:
    """What is in one file, however large; holes are left out."""
    with path.open("rb", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        at = 0
        while at < size:
            try:
                at = file.seek(at, os.SEEK_DATA)
            except OSError:
                return  # a hole up to the end
            end = file.seek(at, os.SEEK_HOLE)
            for piece in _pieces(file, at, end):
                yield from sieve.hits(piece, place, size <= _SMALL)
            at = end


def in_open_files(pid: int, name: str, sieve: Sieve) -> Iterator[Hit]:
    """What is in files a process holds open, also when they were deleted; command and surroundings.
    """
    here = Path(f"/proc/{pid}")
    try:
        for what in ("cmdline", "environ"):
            text = (here / what).read_bytes()
            yield from sieve.hits(text, f"{what} of {name}")
        for link in (here / "fd").iterdir():
            try:
                if stat.S_ISREG(link.stat().st_mode):
                    where = f"open file of {name}: {link.readlink()}"
                    yield from in_file(link, where, sieve)
            except OSError:
                continue
    except (FileNotFoundError, ProcessLookupError):
        return


class Sieve:
    """Looks for many traces at once: by their first two bytes, then four, then all of them."""

    def __init__(self, canaries: Sequence[Canary]) -> None:
        self._pairs = np.zeros(1 << 16, np.bool_)
        self._by_word: dict[int, list[Canary]] = {}
        for one in canaries:
            word = int.from_bytes(one.trace[:4], "little")
            self._pairs[word & 0xFFFF] = True
            self._by_word.setdefault(word, []).append(one)
        self._words = np.array(sorted(self._by_word), np.uint32)

    def hits(self, data: bytes, place: str, with_short: bool = False) -> Iterator[Hit]:
        """What is in these bytes."""
        whole = len(data) // _PAGE
        busy = np.ones(whole + 1, np.bool_)  # and the rest behind the last page
        pages = np.frombuffer(data, np.uint64, whole * _PAGE // 8).reshape(whole, _PAGE // 8)
        busy[:-1] = pages.any(axis=1)
        # Pages of zeros are left out, but not those beside others.
        looked_at = busy.copy()
        looked_at[1:] |= busy[:-1]
        looked_at[:-1] |= busy[1:]
        for first, after in _runs(looked_at):
            yield from self._hits(data[first * _PAGE : after * _PAGE], place, with_short)

    def _hits(self, data: bytes, place: str, with_short: bool) -> Iterator[Hit]:
        raw = np.frombuffer(data, np.uint8)
        for shift in (0, 1):
            even = len(raw) - shift & ~1
            pairs = raw[shift : shift + even].view(np.uint16)
            found = np.flatnonzero(self._pairs[pairs]) * 2 + shift
            found = found[found + 4 <= len(raw)]
            words = sum(
                (raw[found + place].astype(np.uint32) << 8 * place for place in range(4)),
                np.zeros(len(found), np.uint32),
            )
            for at in found[np.isin(words, self._words)]:
                word = int.from_bytes(data[at : at + 4], "little")
                for one in self._by_word[word]:
                    if (with_short or not one.short) and data.startswith(one.trace, at):
                        yield Hit(one.kind, one.form, place)


def changed(roots: Iterable[Path], since: float, but: Path) -> Iterator[Path]:
    """Files below these folders that changed since then (Unix seconds), without what is in `but`
    and what is mounted below them (a container's /proc)."""
    for root in roots:
        for folder, folders, names in os.walk(root):
            here = Path(folder)
            folders[:] = [name for name in folders
                          if here / name != but and not (here / name).is_mount()]  # fmt: skip
            for name in names:
                with suppress(OSError):  # gone meanwhile
                    if (here / name).lstat().st_ctime >= since:
                        yield here / name


def heirs(variable: str, value: str) -> list[tuple[int, str]]:
    """Processes born with this in their environment, also those whose parent is gone."""
    wanted = f"{variable}={value}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):  # gone meanwhile
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found.append((int(entry.name), command.strip()))
    return found


def family(pid: int) -> list[tuple[int, str]]:
    """A process and all that descend from it: id and name."""
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                text = (entry / "stat").read_text()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            after = text.rpartition(")")[2].split()
            parents[int(entry.name)] = int(after[1])
            names[int(entry.name)] = command.strip() or text.partition("(")[2].partition(")")[0]
    found = [pid] if pid in names else []
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return [(one, names[one]) for one in found]
