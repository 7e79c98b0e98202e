"""Where sealed exports go, and what counts as stuck."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.shelf import STUCK, StickFault, export, export_folder, stuck
from offline_store.database import Store
from offline_store.outbox import NewSubmission

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def put(store: Store, name: str, age: timedelta) -> None:
    sealed = name.encode() * 100
    store.outbox.commit(NewSubmission(
        name * 20, f"YM-{name}", "code", {"zh": "x"}, "zh", hashlib.sha256(sealed).hexdigest(),
        sealed, "qr", (NOW - age).isoformat(),
    ))


def test_what_waits_too_long_is_stuck_beside_what_was_refused(store: Store) -> None:
    put(store, "a", timedelta(minutes=5))
    put(store, "b", timedelta(seconds=STUCK + 60))
    put(store, "c", timedelta(minutes=1))
    store.outbox.shelved("c" * 20, "hub.refused")
    found = stuck(store.outbox.waiting(), store.outbox.shelf(), NOW)
    assert [item.receipt_number for item in found] == ["YM-b", "YM-c"]


def test_first_stick_that_can_be_written_is_taken(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/vda / ext4 rw 0 0\n"
        "/dev/sda1 /media/kiosk/READONLY vfat ro,nosuid 0 0\n"
        "/dev/sdb1 /media/kiosk/MY\\040STICK vfat nosuid,rw 0 0\n"
    )
    assert export_folder("", mounts) == Path("/media/kiosk/MY STICK")
    mounts.write_text("/dev/vda / ext4 rw 0 0\n/dev/sda1 /media/x vfat ro 0 0\n")
    with pytest.raises(StickFault) as caught:
        export_folder("", mounts)
    assert caught.value.code == "stick.absent"


def test_configured_folder_is_used_when_it_is_there(tmp_path: Path) -> None:
    assert export_folder(str(tmp_path)) == tmp_path
    with pytest.raises(StickFault):
        export_folder(str(tmp_path / "gone"))


def test_stick_that_cannot_be_written_is_told_and_nothing_is_lost(
    store: Store, tmp_path: Path
) -> None:
    put(store, "a", timedelta(0))
    with pytest.raises(StickFault) as caught:
        export(store.outbox, "a" * 20, tmp_path / "pulled out")
    assert caught.value.code == "stick.full"
    assert store.outbox.read("a" * 20, 0, 10)
    name = export(store.outbox, "a" * 20, tmp_path)
    assert (tmp_path / name).read_bytes() == b"a" * 100
