"""The search of `yimen campaign theft`: it finds every form wherever it is; and one visit of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from provisioning.campaign_theft import KINDS
from tests.campaigns.theft import search
from tests.campaigns.theft.canaries import Canary, canaries, forms, hashes, inner_base64, person
from tests.campaigns.theft.run import rob
from tests.campaigns.theft.search import Hit, Sieve

PEN = (0.2571428571428571, 0.6113636363636363)
ALL = canaries(person(4), PEN)
HOLD = """
import os, sys
held = bytes.fromhex(sys.stdin.readline())
file = open(sys.argv[1], "w+b"); file.write(held); file.flush(); os.unlink(sys.argv[1])
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
    assert all(hit.place.startswith("memory of it, ") for hit in in_memory)
    assert ("number", "utf-8") in {(hit.kind, hit.form) for hit in in_open}
    assert all(str(gone) in hit.place for hit in in_open)
    (tmp_path / f"{who.phone}.txt").write_bytes(who.name.encode("gb18030"))
    told = {(hit.kind, hit.form) for hit in search.in_files([tmp_path], sieve)}
    assert told == {("phone", "utf-8"), ("name", "gb18030")}
    assert not list(search.in_process(process.pid, "nobody", sieve))


def test_nothing_is_left_in_memory_files_and_raw_disk_after_a_visit_was_left() -> None:
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:
        (told,) = rob(Path(folder), seed=11, endings=["quit"], short=True)
    assert set(told["found_during"]) >= {"name", "number", "address", "face", "phone"}
    assert told["hits"] == []
