"""The search of `yimen campaign theft`: it finds every form wherever it is; and one visit of it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from provisioning.campaign_theft import KINDS
from tests.campaigns.lives.disk import LoopDisk
from tests.campaigns.theft import search
from tests.campaigns.theft.canaries import Canary, canaries, forms, hashes, inner_base64, person
from tests.campaigns.theft.run import rob
from tests.campaigns.theft.search import Hit, Sieve

PEN = (0.2571428571428571, 0.6113636363636363)
ALL = canaries(person(4), PEN)
HOLD = """
import mmap, os, sys
held = bytes.fromhex(sys.stdin.readline())
file = open(sys.argv[1], "w+b"); file.write(held); file.flush(); os.unlink(sys.argv[1])
shared = mmap.mmap(-1, 1 << 24); shared[9_000_000:9_000_000 + len(held)] = held
there = os.memfd_create("unseen"); os.ftruncate(there, 1 << 24); os.pwrite(there, held, 5_000_000)
unseen = mmap.mmap(there, 1 << 24); os.close(there)
print("ready", flush=True); sys.stdin.readline()
"""


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.kind} {one.form}")
def test_the_search_finds_every_form_at_every_place(one: Canary) -> None:
    sieve = Sieve(ALL)
    for before in range(4):
        found = set(sieve.hits(os.urandom(64 + before) + one.trace + b"..", "here", True))
        assert Hit(one.kind, one.form, "here") in found
    assert Hit(one.kind, one.form, "end") in set(sieve.hits(one.trace, "end", True))
    assert not set(sieve.hits(one.trace[:-1], "cut", True)) & {Hit(one.kind, one.form, "cut")}


@pytest.mark.parametrize("begin", [0, 4090, 4096, 12280, 40955, 81920 - 20])
def test_the_search_finds_a_trace_among_pages_of_zeros(tmp_path: Path, begin: int) -> None:
    one = next(one for one in ALL if (one.kind, one.form) == ("number", "utf-16-be"))
    page = bytearray(81920 + 24)
    page[begin : begin + len(one.trace)] = one.trace
    assert Hit(one.kind, one.form, "here") in set(Sieve(ALL).hits(bytes(page), "here"))
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(1 << 30)
        file.seek((1 << 29) + begin)
        file.write(one.trace)
    assert Hit(one.kind, one.form, "it") in set(search.in_file(sparse, "it", Sieve(ALL)))


def test_a_person_is_nobody_else_and_the_same_again() -> None:
    assert person(4) == person(4)
    ours = {one.trace for one in canaries(person(4))}
    assert not ours & {one.trace for one in canaries(person(5))}
    assert all(len(one.trace) >= 4 for one in ALL)
    assert {one.kind for one in ALL} == KINDS
    assert {name for name, _ in forms("一")} >= {"utf-8", "utf-16-le", "gb18030", "base64 of utf-8"}
    assert {name.split()[0] for name, *_ in hashes("1")} >= {"md5", "sha1", "sha256", "crc32"}


def test_base64_is_known_wherever_a_text_begins_in_it() -> None:
    import base64

    for before in range(6):
        code = base64.b64encode(os.urandom(before) + b"220104194005126148" + os.urandom(5))
        assert any(inner in code for inner in inner_base64(b"220104194005126148"))


def test_memory_children_deleted_files_and_names_are_searched(tmp_path: Path) -> None:
    who = person(9)
    sieve = Sieve(canaries(who))
    gone = tmp_path / "gone"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(gone)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(who.number.encode().hex() + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        assert process.pid in dict(search.family(os.getpid()))
        in_memory = list(search.in_process(process.pid, "it", sieve))
        in_open = list(search.in_open_files(process.pid, "it", sieve))
        process.stdin.close()
    assert ("number", "utf-8") in {(hit.kind, hit.form) for hit in in_memory}
    places = {hit.place.removeprefix("memory of it, ") for hit in in_memory}
    # Its heap; memory it shares; and memory it shares with others and never looked at itself.
    assert {"zero (deleted)", "memfd:unseen (deleted)"} < places
    assert all(hit.place.startswith("memory of it, ") for hit in in_memory)
    assert ("number", "utf-8") in {(hit.kind, hit.form) for hit in in_open}
    assert any(str(gone) in hit.place for hit in in_open)
    assert all(str(gone) in hit.place or "memfd:unseen" in hit.place for hit in in_open)
    (tmp_path / f"{who.phone}.txt").write_bytes(who.name.encode("gb18030"))
    told = {(hit.kind, hit.form) for hit in search.in_files([tmp_path], sieve)}
    assert told == {("phone", "utf-8"), ("name", "gb18030")}
    assert not list(search.in_process(process.pid, "nobody", sieve))


def test_a_wal_free_blocks_and_files_elsewhere_are_searched(scratch: Path) -> None:
    who = person(9)
    sieve = Sieve(canaries(who))
    disk = LoopDisk(scratch / "disk", 64)
    since = time.time()
    try:
        with closing(sqlite3.connect(disk.folder / "store", isolation_level=None)) as store:
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("CREATE TABLE note (text)")
            store.execute("INSERT INTO note VALUES (?)", (who.name,))
            places = {hit.place for hit in search.in_files([disk.folder], sieve)}
        assert str(disk.folder / "store-wal") in places
        (disk.folder / "spooled").write_bytes(who.face)
        subprocess.run(["sync", "-f", disk.folder], check=True)
        (disk.folder / "spooled").unlink()
        subprocess.run(["sync", "-f", disk.folder], check=True)
        assert not list(search.in_files([disk.folder / "spooled"], sieve))
        assert "face" in {hit.kind for hit in search.in_file(disk.image, "raw", sieve)}
    finally:
        disk.dismantle()
    (scratch / "elsewhere").mkdir()
    (scratch / "elsewhere" / "temporary").write_text(who.phone)
    found = set(search.changed([scratch], since - 1, disk.folder))
    assert {hit.kind for hit in search.in_files(found, sieve)} >= {"phone"}
    but = scratch / "elsewhere"
    assert but / "temporary" in found - set(search.changed([scratch], since - 1, but))
    assert not set(search.changed([scratch], time.time() + 60, disk.folder))


def test_processes_that_outlive_their_parent_are_found() -> None:
    place = os.urandom(8).hex()
    waits = "import sys; sys.stdin.read()"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {waits!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", orphan], stdin=subprocess.PIPE, env=os.environ | {"YIMEN_RUN": place}
    ) as parent:
        parent.wait()
        # It lives until its parent's standard input, which it keeps, is closed. A process shows its
        # environment only a moment after its parent was told that it runs.
        limit = time.monotonic() + 20
        while not (heirs := search.heirs("YIMEN_RUN", place)) and time.monotonic() < limit:
            time.sleep(0.01)
        assert [name.endswith(waits) for _, name in heirs] == [True]
    assert not search.heirs("YIMEN_RUN", place[:-1])


def test_nothing_is_left_in_memory_files_and_raw_disk_after_a_visit_was_left() -> None:
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:
        (told,) = rob(Path(folder), seed=11, endings=["quit"], short=True)
    assert set(told["found_during"]) >= {"name", "number", "address", "face", "phone"}
    assert told["hits"] == []
