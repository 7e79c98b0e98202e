"""A disk that gets full, on a real file system of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offline_store import Store, StoreError
from tests.offline_store.samples import submission
from tests.small_disk import MIB, SmallDisk, small_disk

RESERVE, LEAST = 3 * MIB, 2 * MIB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 16 * MIB) as made:
        yield made


@pytest.fixture
def full(disk: SmallDisk) -> Iterator[Store]:
    """A store on a disk that has just become full, the reserve set aside before."""
    with Store.open(disk.folder / "kiosk.sqlite3") as store:
        assert store.space.look(RESERVE, LEAST).enough
        disk.fill()
        yield store


def test_what_is_under_way_gets_through_on_the_reserve(full: Store) -> None:
    sealed = bytes(range(256)) * 4096  # 1 MiB
    full.outbox.commit(submission("under-way", sealed))
    assert full.outbox.read("submission-under-way", 0, 2 * MIB) == sealed
    room = full.space.look(RESERVE, LEAST)
    assert (room.reserved, room.enough) == (False, False)


def test_without_a_reserve_nothing_half_is_left_and_it_works_again_with_room(
    full: Store, disk: SmallDisk
) -> None:
    assert full.space.release()
    disk.fill()
    head = full.audit.head()
    for name in ("one", "two"):
        with pytest.raises(StoreError) as refused:
            full.outbox.commit(submission(name, bytes(MIB)))
        assert refused.value.code == "store.full"
    assert full.outbox.waiting() == []
    assert full.outbox.receipts_owed() == []
    assert full.audit.head() == head
    disk.make_room()
    full.outbox.commit(submission("one", bytes(MIB)))
    assert [item.submission_id for item in full.outbox.waiting()] == ["submission-one"]
    full.audit.verify()


def test_too_little_room_is_seen_before_anything_fails(disk: SmallDisk) -> None:
    with Store.open(disk.folder / "kiosk.sqlite3") as store:
        assert store.space.look(RESERVE, LEAST).enough
        disk.fill(leave=LEAST - MIB)
        room = store.space.look(RESERVE, LEAST)
        assert (room.reserved, room.enough) == (True, False)
        store.outbox.commit(submission("small"))
        disk.make_room()
        assert store.space.look(RESERVE, LEAST).enough


def test_the_reserve_is_taken_again_only_where_enough_stays(full: Store, disk: SmallDisk) -> None:
    full.outbox.commit(submission("under-way", bytes(MIB)))
    assert not full.space.look(RESERVE, LEAST).reserved
    disk.make_room()
    room = full.space.look(RESERVE, LEAST)
    assert (room.reserved, room.enough) == (True, True)


def test_a_full_disk_is_opened_on_the_reserve_and_emptied_by_the_hubs_receipts(
    disk: SmallDisk
) -> None:
    path = disk.folder / "kiosk.sqlite3"
    with Store.open(path) as store:
        assert store.space.look(RESERVE, LEAST).enough
        store.outbox.commit(submission("waiting", bytes(MIB)))
    disk.fill()
    size = path.stat().st_size
    with Store.open(path) as again:
        assert len(again.outbox.waiting()) == 1
        again.outbox.confirmed("submission-waiting", b'{"case_number": "C"}')
        assert again.tidy()
        assert path.stat().st_size < size - MIB // 2


def test_a_disk_without_room_for_anything_is_named_and_opened_when_there_is_some(
    disk: SmallDisk
) -> None:
    path = disk.folder / "kiosk.sqlite3"
    with Store.open(path) as store:
        store.outbox.commit(submission("waiting"))
    disk.fill()
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.full"
    disk.make_room()
    with Store.open(path) as again:
        assert len(again.outbox.waiting()) == 1


@settings(max_examples=12, deadline=None, derandomize=True)
@given(leave=st.lists(st.integers(0, 400_000), min_size=1, max_size=3))
def test_wherever_the_disk_ends_a_commit_is_whole_or_not_at_all(leave: list[int]) -> None:
    from tempfile import TemporaryDirectory

    with (
        TemporaryDirectory() as folder,
        small_disk(Path(folder) / "disk", 8 * MIB) as disk,
        Store.open(disk.folder / "kiosk.sqlite3") as store,
    ):
        committed = []
        for number, room in enumerate(leave):
            disk.fill(leave=room)
            name = str(number)
            try:
                store.outbox.commit(submission(name, bytes([number]) * 300_000))
                committed.append(f"submission-{name}")
            except StoreError as error:
                assert error.code == "store.full", error
            assert [item.submission_id for item in store.outbox.waiting()] == committed
            assert len(store.outbox.receipts_owed()) == len(committed)
        store.audit.verify()
        disk.make_room()
        store.outbox.commit(submission("after"))
