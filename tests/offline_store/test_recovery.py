"""Damaged files: never a crash, nothing readable lost, and it is said what happened."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offline_store import Store, StoreError, open_read_only
from offline_store.crash_points import RECOVERY_POINTS, VARIABLE
from offline_store.recovery import kept_files, open_or_recover
from offline_store.salvage import SKIPPED_NUMBERS
from tests.offline_store.damage import NAMES, PAGE, SETTINGS, confirmed, filled, lost, sealed
from tests.offline_store.samples import submission

ROOT = Path(__file__).parents[2]
EXAMPLES = settings(max_examples=20, deadline=None, derandomize=True)


def _recovered(path: Path) -> Store:
    """As a kiosk does it: open; look through the file in the background; on findings, again."""
    store, _ = open_or_recover(path)
    found = store.check(lambda: False)
    assert found is not None
    if not found.damage:
        return store
    store.recover_next_time()
    store.close()
    store, recovery = open_or_recover(path)
    assert recovery is not None
    found = store.check(lambda: False)
    assert found is not None
    assert not found.damage
    return store


def _damaged(content: bytes) -> Path:
    path = Path(tempfile.mkdtemp(prefix="yimen-damaged-", dir="/dev/shm")) / "kiosk.sqlite3"
    path.write_bytes(content)
    return path


@EXAMPLES
@given(page=st.integers(1, len(filled().content) // PAGE), zeros=st.booleans())
def test_a_lost_page_takes_nothing_but_its_own_rows(page: int, zeros: bool) -> None:
    content = bytearray(filled().content)
    noise = bytes(PAGE) if zeros else random.Random(page).randbytes(PAGE)
    content[(page - 1) * PAGE : page * PAGE] = noise
    path = _damaged(bytes(content))
    with _recovered(path) as store:
        table, rows = filled().pages.get(page, ("", 0))
        allowed = dict.fromkeys(lost(store), 0) | {table: rows}
        # The audit's lines stand in for headers and receipts.
        allowed |= {"submission": 0, "receipt": 0}
        if table == "catalog_group":  # without its doors the catalog comes anew
            allowed |= {"catalog_service": 3}
        gone = lost(store)
        assert {t: n for t, n in gone.items() if n > allowed[t]} == {}
        shelved = {item.submission_id for item in store.outbox.shelf()}
        assert len(shelved) == gone["sealed_part"]
        store.audit.verify()
        assert not kept_files(path) or store.audit.head()[0] > 24
    shutil.rmtree(path.parent)


@EXAMPLES
@given(
    offsets=st.lists(
        st.tuples(st.integers(0, len(filled().content) - 1), st.integers(1, 255)),
        min_size=1, max_size=12,
    )
)
def test_flipped_bytes_anywhere_end_in_a_store_that_works_or_a_named_fault(
    offsets: list[tuple[int, int]],
) -> None:
    content = bytearray(filled().content)
    for offset, change in offsets:
        content[offset] ^= change
    path = _damaged(bytes(content))
    try:
        store = _recovered(path)
    except StoreError as error:
        assert error.code == "store.schema"  # the fault that leaves the file alone
        assert path.read_bytes() == content
    else:
        with store:
            touched = {offset // PAGE + 1 for offset, _ in offsets}
            possible = sum(filled().pages.get(page, ("", 0))[1] for page in touched)
            assert sum(lost(store).values()) <= possible
            store.outbox.commit(submission("after"))
            store.audit.verify()
    shutil.rmtree(path.parent)


@EXAMPLES
@given(length=st.integers(0, len(filled().content) - 1))
def test_a_cut_file_keeps_every_page_before_the_cut(length: int) -> None:
    path = _damaged(filled().content[:length])
    with _recovered(path) as store:
        cut = {page: row for page, row in filled().pages.items() if page * PAGE > length}
        possible = dict.fromkeys(lost(store), 0)
        for table, rows in cut.values():
            possible[table] = possible.get(table, 0) + rows
        gone = lost(store)
        # A header goes only with its own page and the audit's.
        assert gone["submission"] <= possible["submission"]
        assert gone["setting"] <= possible["setting"]
        assert gone["sealed_part"] <= possible["sealed_part"] + gone["submission"]
        assert gone["catalog_service"] <= possible["catalog_service"] or "catalog_group" in {
            table for table, _ in cut.values()
        }
        store.outbox.commit(submission("after"))
    shutil.rmtree(path.parent)


def test_what_was_damaged_is_kept_named_and_written_down(path: Path) -> None:
    content = filled().content
    path.write_bytes(bytes(PAGE) + content[PAGE:])
    store, recovery = open_or_recover(path)
    with store:
        assert recovery is not None
        (kept,) = kept_files(path)
        assert kept.name == recovery.kept_as
        assert kept.read_bytes() == bytes(PAGE) + content[PAGE:]
        assert lost(store) == dict.fromkeys(lost(store), 0)
        store.audit.verify()
        with store._connections.read() as connection:
            (data,) = connection.execute(
                "SELECT data FROM audit WHERE event = 'store.recovered'"
            ).fetchone()
        assert recovery.kept_as in data
        assert {item.receipt_number for item in store.outbox.waiting()} == {
            f"YM-{name}" for name in NAMES if name not in confirmed()
        }
        owed = {row.number for row in store.outbox.receipts_owed()}
        assert owed == {f"YM-{name}" for name in NAMES if int(name) % 3}
        assert store.outbox.next_receipt_sequence("2026-11-23") == 7 + SKIPPED_NUMBERS + 1
    again, nothing = open_or_recover(path)
    again.close()
    assert nothing is None


def test_the_catalog_serves_on_and_asks_for_the_citys(path: Path) -> None:
    path.write_bytes(bytes(PAGE) + filled().content[PAGE:])
    store, _ = open_or_recover(path)
    with store:
        assert store.catalog.search("居住证")[0]["code"] == "code-居住证"
        assert store.catalog.version() == ""


def test_a_submission_whose_bytes_changed_goes_to_the_shelf_alone(path: Path) -> None:
    content = bytearray(filled().content)
    at = content.index(sealed("1")[:64])
    content[at] ^= 1
    path.write_bytes(content)
    with _recovered(path) as store:
        (item,) = store.outbox.shelf()
        assert (item.receipt_number, item.last_error) == ("YM-1", "store.damaged")
        assert lost(store)["sealed_part"] == 1


def test_sealed_bytes_that_lost_their_header_and_line_stay_for_the_hub(path: Path) -> None:
    # Nothing but the pages of the sealed bytes is left.
    content = bytearray(filled().content)
    for page, (table, _) in filled().pages.items():
        if table != "sealed_part":
            content[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    path.write_bytes(content)
    with _recovered(path) as store:
        shelf = {item.submission_id: item for item in store.outbox.shelf()}
        waiting = [name for name in NAMES if name not in confirmed()]
        assert set(shelf) == {f"submission-{name}" for name in waiting}
        for name in waiting:
            assert store.outbox.read(f"submission-{name}", 0, 1 << 20) == sealed(name)
            assert shelf[f"submission-{name}"].receipt_number.startswith("LOST-")
            assert shelf[f"submission-{name}"].digest == submission(name, sealed(name)).digest


def _killed_with_a_wal(path: Path) -> bytes:
    """A process that commits six settings and is killed: they stand in its WAL only."""
    program = (
        "import sys, os, signal, pathlib; from offline_store import Store;"
        "s = Store.open(pathlib.Path(sys.argv[1]));"
        "[s.settings.put(f'part.{n}', n) for n in range(6)];"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    return path.with_name(path.name + "-wal").read_bytes()


def test_commits_behind_a_damaged_frame_of_the_wal_are_not_forgotten(path: Path) -> None:
    Store.open(path).close()
    wal = bytearray(_killed_with_a_wal(path))
    wal[32 + 24 + 2000] ^= 1  # in the first frame: SQLite would take the WAL for empty
    path.with_name(path.name + "-wal").write_bytes(wal)
    store, recovery = open_or_recover(path)
    with store:
        assert recovery is not None
        assert [store.settings.get(f"part.{n}") for n in range(1, 6)] == [1, 2, 3, 4, 5]
        (kept,) = kept_files(path)
        assert kept.with_name(kept.name + "-wal").read_bytes() == wal


def test_a_damaged_header_of_the_wal_loses_no_commit(path: Path) -> None:
    Store.open(path).close()
    wal = bytearray(_killed_with_a_wal(path))
    wal[17] ^= 1  # its salts
    path.with_name(path.name + "-wal").write_bytes(wal)
    store, recovery = open_or_recover(path)
    with store:
        assert recovery is not None
        assert [store.settings.get(f"part.{n}") for n in range(6)] == [0, 1, 2, 3, 4, 5]


def test_a_torn_tail_of_the_wal_is_no_damage(path: Path) -> None:
    Store.open(path).close()
    wal = bytearray(_killed_with_a_wal(path))
    wal[-100] ^= 1  # the last commit did not reach the disk whole
    path.with_name(path.name + "-wal").write_bytes(wal)
    store, recovery = open_or_recover(path)
    with store:
        assert recovery is None
        assert [store.settings.get(f"part.{n}") for n in range(5)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("point", RECOVERY_POINTS)
def test_a_recovery_that_is_killed_is_finished_by_the_next_start(path: Path, point: str) -> None:
    path.write_bytes(bytes(PAGE) + filled().content[PAGE:])
    program = (
        "import sys, pathlib; from offline_store.recovery import open_or_recover;"
        "open_or_recover(pathlib.Path(sys.argv[1]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, check=False,
        env=os.environ | {VARIABLE: point}, stderr=subprocess.PIPE,
    )
    assert ended.returncode == -signal.SIGKILL
    store, _ = open_or_recover(path)
    with store:
        assert lost(store) == dict.fromkeys(lost(store), 0)
        store.audit.verify()
    assert len(kept_files(path)) == 1
    leftovers = {one.name for one in path.parent.iterdir()} - {
        path.name, path.name + ".lock", path.name + ".closed", kept_files(path)[0].name,
    }
    assert leftovers == set()


def test_damage_met_while_running_is_named_and_recovered_by_the_next_start(path: Path) -> None:
    path.write_bytes(filled().content)
    store, _ = open_or_recover(path)
    pages = [page for page, (table, _) in filled().pages.items() if table == "setting"]
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(b"\xff" * 1000)
    with pytest.raises(StoreError) as met:
        [store.settings.get(name) for name in SETTINGS]
    assert met.value.code == "store.damaged"
    store.close()
    store, recovery = open_or_recover(path)
    store.close()
    assert recovery is not None


def test_a_reader_has_no_way_to_checkpoint_even_as_the_last_one(path: Path) -> None:
    """What makes SQLite 3.40's WAL-reset bug harmless here."""
    Store.open(path).close()
    wal = _killed_with_a_wal(path)
    content = path.read_bytes()
    reader = open_read_only(path)
    assert reader.settings.get("part.5") == 5
    with pytest.raises(StoreError), reader._connections.read() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    reader.close()
    assert path.read_bytes() == content
    assert path.with_name(path.name + "-wal").read_bytes() == wal
