"""The store looked after while a kiosk runs: real files, a real disk that gets full."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.contract.options import StoreLimits
from kiosk.staff_views import Tone
from kiosk.store_care import CHECKED, StoreCare
from kiosk.store_page import store_row
from kiosk.words import Words
from offline_store.checks import Findings
from offline_store.database import Store
from offline_store.recovery import Recovery, open_or_recover
from offline_store.sqlite import version
from tests.kiosk.rig import HandClock, wait_until
from tests.offline_store.damage import filled, sealed
from tests.offline_store.samples import submission
from tests.small_disk import MIB, SmallDisk, small_disk

LIMITS = StoreLimits(reserve_mb=2, least_mb=2)
NIGHT = datetime(2026, 11, 24, 2, 0).astimezone()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 16 * MIB) as made:
        yield made


@pytest.fixture
def path(disk: SmallDisk) -> Path:
    return disk.folder / "kiosk.db"


def _care(store: Store, clock: HandClock, changed: Callable[[], None] = lambda: None) -> StoreCare:
    return StoreCare(store, LIMITS, clock, None, 0.05, changed)


def test_too_little_room_closes_the_kiosk_until_there_is_some(disk: SmallDisk, path: Path) -> None:
    said: list[str | None] = []
    with Store.open(path) as store:
        care = _care(store, HandClock(), lambda: said.append(care.closed()))
        care.start()
        assert care.closed() is None
        disk.fill(leave=MIB)
        wait_until(lambda: care.closed() == "store.full", "the kiosk closed")
        disk.make_room()
        wait_until(lambda: care.closed() is None, "the kiosk open again")
        care.stop()
    assert said == ["store.full", None]


def test_deleted_bytes_leave_the_disk_by_themselves(path: Path) -> None:
    with Store.open(path) as store:
        care = _care(store, HandClock())
        care.start()
        content = sealed("0")
        store.outbox.commit(submission("0", content))
        store.outbox.confirmed("submission-0", b'{"case_number": "C"}')
        care.deleted()
        wal = path.with_name(path.name + "-wal")
        wait_until(
            lambda: content[5000:5100] not in path.read_bytes() + wal.read_bytes(), "a tidy file")
        care.stop()


def test_whole_file_is_looked_through_at_night_and_after_a_bad_end(path: Path) -> None:
    clock = HandClock(NIGHT - timedelta(hours=12))
    with Store.open(path) as store:
        store.settings.put(CHECKED, (NIGHT - timedelta(hours=24)).isoformat())
        care = _care(store, clock)
        care.start()
        first = store.settings.get(CHECKED)
        clock.set_wall(NIGHT)
        wait_until(lambda: store.settings.get(CHECKED) != first, "the check of the night")
        assert store.settings.get(CHECKED) == NIGHT.isoformat()
        care.stop()
    path.with_name(path.name + ".closed").unlink()
    clock.set_wall(NIGHT + timedelta(hours=10))
    with Store.open(path) as store:
        assert store.ended_badly
        care = _care(store, clock)
        care.start()
        wait_until(lambda: store.settings.get(CHECKED) == clock.now().isoformat(), "the check")
        care.stop()


def test_damage_found_closes_the_kiosk_and_the_next_start_mends_it(path: Path) -> None:
    content = bytearray(filled().content)
    content[content.index(sealed("1")[:64])] ^= 1
    path.write_bytes(content)
    store, _ = open_or_recover(path)
    care = _care(store, HandClock())
    care.start()
    wait_until(lambda: care.closed() == "store.damaged", "the damage found")
    assert care.state.findings.submissions == ("submission-1",)
    care.stop()
    store.close()
    store, recovery = open_or_recover(path)
    with store:
        assert recovery is not None
        assert [item.receipt_number for item in store.outbox.shelf()] == ["YM-1"]
        care = StoreCare(store, LIMITS, HandClock(), recovery, 0.05, lambda: None)
        care.start()
        wait_until(lambda: isinstance(store.settings.get(CHECKED), str), "the check")
        assert care.closed() is None
        care.stop()


def test_check_that_is_stopped_is_due_again(path: Path) -> None:
    path.write_bytes(filled().content)
    with Store.open(path) as store:
        assert store.check(lambda: True) is None


def test_staff_read_how_the_store_stands(path: Path) -> None:
    words = Words("en")
    with Store.open(path) as store:
        care = _care(store, HandClock(datetime.now(UTC)))
        assert store_row(words, care.state).tone is Tone.PRIMARY
        care.start()
        care.stop()
        works = store_row(words, care.state)
        assert works.tone is Tone.GOOD
        assert works.note.endswith(f"GB free · {version()}")
        room = care.state.room
    assert room is not None
    state = type(care.state)
    mended = state(room, Recovery("kiosk.db.damaged.x", "", 0))
    assert "kiosk.db.damaged.x" in store_row(words, mended).note
    assert store_row(words, state(room, None, Findings(audit="broken"))).tone is Tone.CAUTION
    assert store_row(words, state(room, None, Findings(trees="bad"))).tone is Tone.DANGER
