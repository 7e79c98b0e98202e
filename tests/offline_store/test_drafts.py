"""Drafts in the store: held, dropped, expired; no byte of a deleted one stays in the file."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from offline_store import Store
from offline_store.crash_points import DRAFT_POINTS, VARIABLE
from offline_store.drafts import REMEMBERED, Drafts, DraftsFull, NewDraft
from offline_store.errors import StoreError
from offline_store.parts import PART_SIZE
from offline_store.sqlite import sqlite3
from tests.offline_store.samples import submission

NOW = 1_800_000_000.0
DAY = 24 * 3600.0


def draft(name: str = "a", sealed: bytes = b"sealed", days: float = 14) -> NewDraft:
    return NewDraft(f"{ord(name[0]):032x}", "1122", NOW, NOW + days * DAY, sealed)


def test_draft_is_read_back_as_it_was_kept(store: Store) -> None:
    large = draft("a", secrets.token_bytes(2 * PART_SIZE + 7))
    store.drafts.keep(large)
    store.drafts.keep(draft("b"))
    assert store.drafts.read(large.draft_id) == large.sealed
    row = store.drafts.row(large.draft_id)
    assert row is not None
    assert (row.state, row.size, row.at_hub, row.expires) == (
        "held", len(large.sealed), False, large.expires
    )
    assert store.drafts.read("f" * 32) is None
    assert store.drafts.row("f" * 32) is None


def test_draft_survives_a_restart(path: Path) -> None:
    with Store.open(path) as store:
        store.drafts.keep(draft())
    with Store.open(path) as store:
        assert store.drafts.read(draft().draft_id) == b"sealed"
        store.audit.verify()


def test_no_more_are_kept_than_may_be(path: Path) -> None:
    with Store.open(path) as store:
        few = Drafts(store._connections, store.audit, most=2, most_bytes=100)
        few.keep(draft("a", bytes(40)))
        with pytest.raises(DraftsFull) as full:
            few.keep(draft("b", bytes(61)))
        assert full.value.code == "draft.full"
        few.keep(draft("b", bytes(60)))
        few.drop(draft("b").draft_id, NOW, "test")
        few.keep(draft("c", bytes(1)))
        with pytest.raises(DraftsFull):
            few.keep(draft("d", bytes(1)))
        assert few.read(draft("d").draft_id) is None


def test_expired_drafts_make_room_for_a_new_one(store: Store) -> None:
    few = Drafts(store._connections, store.audit, most=1)
    few.keep(draft("a", days=-1))
    few.keep(draft("b"))
    assert few.read(draft("a").draft_id) is None


def test_expired_draft_is_remembered_without_its_bytes_and_then_forgotten(store: Store) -> None:
    store.drafts.keep(draft("a"))
    store.drafts.keep(draft("b", days=30))
    assert store.drafts.expire(NOW + 13 * DAY) == 0
    assert store.drafts.expire(NOW + 14 * DAY) == 1
    row = store.drafts.row(draft("a").draft_id)
    assert row is not None
    assert (row.state, row.size) == ("expired", 0)
    assert store.drafts.read(draft("a").draft_id) is None
    assert store.drafts.read(draft("b").draft_id) == b"sealed"
    assert [row.draft_id for row in store.drafts.under_way()] == [draft("b").draft_id]
    store.drafts.expire(NOW + 14 * DAY + REMEMBERED)
    assert store.drafts.row(draft("a").draft_id) is None


def test_dropped_draft_leaves_no_byte_and_stays_until_the_hub_knows(
    store: Store, path: Path
) -> None:
    sealed = secrets.token_bytes(3000)
    store.drafts.keep(draft("a", sealed))
    assert _in_files(path, sealed[100:140])
    store.drafts.drop(draft().draft_id, draft().expires, "handed in")
    assert store.tidy()
    assert not _in_files(path, sealed[100:140])
    row = store.drafts.row(draft().draft_id)
    assert row is not None
    assert (row.state, row.next_attempt) == ("gone", 0)
    store.drafts.settled(draft().draft_id)
    assert store.drafts.row(draft().draft_id) is None
    store.audit.verify()


def test_draft_known_by_its_id_only_can_be_dropped(store: Store) -> None:
    store.drafts.drop("f" * 32, NOW + DAY, "handed in")
    assert [row.state for row in store.drafts.under_way()] == ["gone"]


def test_handed_in_draft_goes_in_the_commit_of_its_submission_or_not_at_all(store: Store) -> None:
    store.drafts.keep(draft())
    store.outbox.commit(submission("one"))
    dropping = store.drafts.dropping(draft().draft_id, draft().expires, "handed in")
    with pytest.raises(StoreError):
        store.outbox.commit(submission("one", b"other content"), dropping)
    assert store.drafts.read(draft().draft_id) == b"sealed"
    store.outbox.commit(submission("two"), dropping)
    assert store.drafts.read(draft().draft_id) is None


def test_way_to_the_hub_is_remembered(store: Store) -> None:
    drafts, draft_id = store.drafts, draft().draft_id
    drafts.keep(draft())
    drafts.attempted(draft_id, "hub.unreachable", NOW + 5)
    row = drafts.under_way()[0]
    assert (row.attempts, row.last_error, row.next_attempt) == (1, "hub.unreachable", NOW + 5)
    drafts.uploaded(draft_id, NOW + 3600)
    row = drafts.under_way()[0]
    assert (row.at_hub, row.attempts, row.last_error) == (True, 0, None)
    drafts.lost_at_hub(draft_id)
    row = drafts.under_way()[0]
    assert (row.at_hub, row.next_attempt) == (False, 0)
    drafts.finished_elsewhere(draft_id)
    assert drafts.under_way() == []
    assert drafts.read(draft_id) is None


def test_changed_bytes_are_noticed(path: Path) -> None:
    with Store.open(path) as store:
        store.drafts.keep(draft())
        store._connections.write(
            lambda connection: connection.execute("UPDATE draft_part SET bytes = x'00'")
        )
        with pytest.raises(StoreError) as error:
            store.drafts.read(draft().draft_id)
        assert error.value.code == "store.damaged"


def test_store_from_before_drafts_is_brought_up_to_date(path: Path) -> None:
    with Store.open(path) as store:
        store.outbox.commit(submission("old"))
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE draft_part; DROP TABLE draft;"
        " DELETE FROM _sqlite_migrations WHERE name = '0004_drafts';"
    )
    from offline_store.migrations import schema_digest

    connection.execute("UPDATE store SET value = ? WHERE name = 'schema_digest'",
                       (schema_digest(connection),))
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        store.drafts.keep(draft())
        assert [item.submission_id for item in store.outbox.waiting()] == ["submission-old"]


@pytest.mark.parametrize("point", DRAFT_POINTS)
def test_kill_at_a_named_point_leaves_a_whole_draft_or_none(path: Path, point: str) -> None:
    program = (
        "import sys; from pathlib import Path; from offline_store import Store;"
        "from tests.offline_store.test_drafts import draft;"
        "store = Store.open(Path(sys.argv[1])); store.drafts.keep(draft('a', bytes(300000)));"
        "store.drafts.drop(draft().draft_id, draft().expires, 'test')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=Path(__file__).parents[2],
        env=os.environ | {VARIABLE: point}, check=False,
    )
    assert done.returncode == -signal.SIGKILL
    with Store.open(path) as store:
        held = store.drafts.read(draft().draft_id)
        assert (held is not None) == (point == "draft.keep.done")
        assert held is None or held == bytes(300000)
        store.audit.verify()
        store.drafts.expire(NOW + 15 * DAY)
        assert store.drafts.read(draft().draft_id) is None


def _in_files(path: Path, data: bytes) -> bool:
    return any(data in file.read_bytes() for file in path.parent.iterdir() if file.is_file())
