"""Looking through memory and files for traces, as a thief with a screwdriver would."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.campaigns.theft.canaries import Canary

_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (r)(.)(.)(.) \S+ \S+ (\d+) *(.*)$")
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
    try:
        mappings = Path(f"/proc/{pid}/maps").read_text().splitlines()
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in mappings:
                match = _MAPPING.match(line)
                if match is None or "[v" in line:  # the kernel's own pages
                    continue
                writable, inode = match[4] == "w", match[7] != "0"
                if inode and not writable:
                    continue
                start, end = int(match[1], 16), int(match[2], 16)
                place = f"memory of {name}, {Path(match[8]).name or 'heap'}"
                for part in _parts(memory, start, end):
                    yield from sieve.hits(part, place)
    except (FileNotFoundError, ProcessLookupError):
        return


def _parts(memory: object, start: int, end: int) -> Iterator[bytes]:
    at = start
    while at < end:
        length = min(_STEP + _OVERLAP, end - at)
        try:
            memory.seek(at)  # type: ignore[attr-defined]
            part: bytes = memory.read(length)  # type: ignore[attr-defined]
        except (OSError, ValueError):  # a hole, or a device's window
            return
        yield part
        at += _STEP


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
    """What is in one file, however large."""
    with path.open("rb") as file:
        small = os.fstat(file.fileno()).st_size <= _SMALL
        rest = b""
        while piece := file.read(_STEP):
            yield from sieve.hits(rest + piece, place, small)
            rest = piece[-_OVERLAP:]


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
    """Files below these folders that changed since then (Unix seconds), without what is in `but`.
    """
    for root in roots:
        for folder, folders, names in os.walk(root):
            here = Path(folder)
            folders[:] = [name for name in folders if here / name != but]
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
