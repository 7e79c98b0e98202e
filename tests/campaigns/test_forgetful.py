"""Power cuts without a loop device: what the file system forgets, and a slice of the rounds.

Needs /dev/fuse and the Debian package fuse3, as the campaign does.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from offline_store.opening import open_for_writing
from tests.campaigns.lives.deaths import Deaths, plan
from tests.campaigns.lives.disk import LoopDisk, NoDisk
from tests.campaigns.lives.fuse_disk import FuseDisk
from tests.campaigns.lives.life import Warm
from tests.campaigns.lives.run import disk
from tests.campaigns.lives.sabotage import RENAME_UNSYNCED, SYNCHRONOUS_OFF

SEED = 5
PATIENCE = 3.0
SLICE = (5, 14, 33, 57)
"""A commit, a catalog swap, the hub's taking in, a migration of a store that has submissions."""


@pytest.fixture
def fuse(scratch: Path) -> Iterator[FuseDisk]:
    disk = FuseDisk(scratch / "disk")
    yield disk
    disk.dismantle()


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def power_cut(disk: FuseDisk) -> None:
    disk.cut()
    disk.restore()


def test_a_file_is_there_when_it_and_its_folder_were_synced(fuse: FuseDisk) -> None:
    folder = fuse.folder
    for name in ("both", "file only", "folder only"):
        (folder / name).write_bytes(name.encode())
        if name != "folder only":
            sync(folder / name)
        if name != "both":
            continue
        sync(folder)
    (folder / "file only").rename(folder / "renamed")
    power_cut(fuse)
    assert [path.name for path in folder.iterdir()] == ["both"]
    assert (folder / "both").read_bytes() == b"both"
    (folder / "folder only").write_bytes(b"gone")
    sync(folder)
    (folder / "both").write_bytes(b"longer than before")
    power_cut(fuse)
    assert (folder / "folder only").read_bytes() == b""
    assert (folder / "both").read_bytes() == b"both"


def test_renamed_removed_and_shortened_files_come_back_until_synced(fuse: FuseDisk) -> None:
    folder = fuse.folder
    for name in ("renamed", "removed", "shortened"):
        (folder / name).write_bytes(b"0123456789")
        sync(folder / name)
    sync(folder)

    def change() -> None:
        (folder / "renamed").rename(folder / "new name")
        (folder / "removed").unlink()
        os.truncate(folder / "shortened", 4)

    change()
    power_cut(fuse)
    assert sorted(path.name for path in folder.iterdir()) == ["removed", "renamed", "shortened"]
    assert (folder / "shortened").read_bytes() == b"0123456789"
    change()
    sync(folder)
    sync(folder / "shortened")
    power_cut(fuse)
    assert sorted(path.name for path in folder.iterdir()) == ["new name", "shortened"]
    assert (folder / "new name").read_bytes() == b"0123456789"
    assert (folder / "shortened").read_bytes() == b"0123"


def test_folders_links_and_open_files_without_a_name(fuse: FuseDisk) -> None:
    inner = fuse.folder / "outer" / "inner"
    inner.mkdir(parents=True)
    (fuse.folder / "never synced").mkdir()
    (inner / "link").symlink_to("file")
    with (inner / "file").open("w+b") as file:
        file.write(b"here")
        file.flush()
        (inner / "second name").hardlink_to(inner / "file")
        (inner / "file").unlink()
        os.ftruncate(file.fileno(), 2)
        assert os.fstat(file.fileno()).st_size == 2
        os.fsync(file.fileno())
    sync(inner)
    power_cut(fuse)
    assert [path.name for path in fuse.folder.iterdir()] == ["outer"]
    assert (inner / "second name").read_bytes() == b"he"
    assert (inner / "link").readlink() == Path("file")


def test_whoever_has_files_there_gets_errors_after_the_cut(fuse: FuseDisk) -> None:
    (fuse.folder / "file").write_bytes(b"before")
    fuse.cut()
    for name in ("file", "another"):
        with pytest.raises(OSError, match=r"not connected|connection abort"):
            (fuse.folder / name).write_bytes(b"after")
    fuse.restore()


@pytest.mark.parametrize(("synchronous", "found"), [("FULL", 50), ("OFF", 0)])
def test_a_commit_is_there_when_sqlite_synced_it(
    fuse: FuseDisk, synchronous: str, found: int
) -> None:
    path = fuse.folder / "store"
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("CREATE TABLE line (number)")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute(f"PRAGMA synchronous = {synchronous}")
        for number in range(50):
            store.execute("INSERT INTO line VALUES (?)", (number,))
        fuse.cut()
    fuse.restore()
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("SELECT count(*) FROM line").fetchone() == (found,)


def test_a_second_name_of_the_wal_is_gone_for_good_once_the_store_is_open(fuse: FuseDisk) -> None:
    path = fuse.folder / "kiosk.db"
    open_for_writing(path)
    power_cut(fuse)
    assert path.with_name("kiosk.db-wal").exists()
    open_for_writing(path)
    power_cut(fuse)
    # Beside a store that was closed meanwhile it would be taken for its WAL.
    assert not path.with_name("kiosk.db.wal-held").exists()


def test_the_receipt_law_holds_when_the_power_is_cut(scratch: Path, warm: Warm) -> None:
    with Deaths(SEED, scratch, FuseDisk, FuseDisk, warm=warm) as deaths:
        outcomes = [deaths.round(number) for number in SLICE]
    assert {one.plan.name: one.broken for one in outcomes if one.broken} == {}
    assert [one.plan.stage for one in outcomes] == ["commit", "catalog swap", "upload", "migrate"]
    assert outcomes[-1].plan.older


@pytest.mark.parametrize("kind", [SYNCHRONOUS_OFF, RENAME_UNSYNCED])
def test_the_cuts_find_a_kiosk_that_syncs_too_little(scratch: Path, warm: Warm, kind: str) -> None:
    at = {SYNCHRONOUS_OFF: "outbox.printed.done", RENAME_UNSYNCED: "enrol.answered"}[kind]
    number = next(number for number in range(200) if plan(SEED, number).name == at)
    with Deaths(SEED, scratch, FuseDisk, FuseDisk, kind, PATIENCE, warm) as deaths:
        assert deaths.round(number).broken


def test_without_a_loop_device_the_campaign_takes_fuse(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk("auto", scratch / "1") == ("loop", LoopDisk)
    fusermount = shutil.which("fusermount3")
    assert fusermount is not None
    (scratch / "fusermount3").symlink_to(fusermount)
    monkeypatch.setenv("PATH", str(scratch))  # where nothing makes or mounts an ext4
    with pytest.raises(NoDisk, match="loop device"):
        disk("loop", scratch / "2")
    assert disk("auto", scratch / "3") == ("fuse", FuseDisk)
