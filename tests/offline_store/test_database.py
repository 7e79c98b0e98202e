import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from offline_store import NewSubmission, Store, StoreError, open_read_only
from offline_store.audit import Audit
from offline_store.connections import Connection, Connections, Writer
from offline_store.outbox import Outbox
from offline_store.raw_wal import OUR_PAGE_SIZE
from offline_store.sqlite import sqlite3
from tests.offline_store.samples import submission


def _pragma(name: str, connection: Connection) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_store_is_strict_durable_and_shrinkable(path: Path) -> None:
    writer = Writer(path)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "auto_vacuum", "page_size")
    ask = {pragma: writer.submit(partial(_pragma, pragma)).result() for pragma in pragmas}
    tables = writer.submit(lambda c: c.execute("PRAGMA table_list").fetchall()).result()
    writer.close()
    assert ask == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "auto_vacuum": 2,
                   "page_size": OUR_PAGE_SIZE}
    lax = {name for _, name, kind, _, _, strict in tables if kind == "table" and not strict} - {
        "_sqlite_migrations"
    }
    assert {name for name in lax if not name.startswith("sqlite_")} == set()


def test_a_second_writer_is_refused_and_told_who_holds_the_store(store: Store, path: Path) -> None:
    with pytest.raises(StoreError, match=r"held by pid \d+") as refused:
        Store.open(path)
    assert refused.value.code == "store.locked"


def test_the_lock_is_free_again_when_its_holder_was_killed(path: Path) -> None:
    program = (
        "import sys, pathlib, time; from offline_store import Store;"
        "s = Store.open(pathlib.Path(sys.argv[1])); s.settings.put('day', 1);"
        "print('open', flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, cwd=root
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"open\n"
    with pytest.raises(StoreError, match=str(child.pid)):
        Store.open(path)
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()
    with Store.open(path) as again:
        assert again.settings.get("day") == 1


def test_what_was_written_is_there_after_reopening(path: Path) -> None:
    with Store.open(path) as first:
        first.settings.put("name", {"zh": "一门"})
    with Store.open(path) as second:
        assert second.settings.get("name") == {"zh": "一门"}


def test_a_reader_beside_the_writer_sees_commits_and_cannot_write(store: Store, path: Path) -> None:
    reader = open_read_only(path)
    store.settings.put("count", 7)
    assert reader.settings.get("count") == 7
    with pytest.raises(StoreError) as refused:
        reader.settings.put("count", 8)
    assert refused.value.code == "store.read_only"
    reader.close()


def test_a_reader_without_a_writer_reads_what_was_left(path: Path) -> None:
    with Store.open(path) as writer:
        writer.settings.put("count", 7)
    reader = open_read_only(path)
    assert reader.settings.get("count") == 7
    reader.close()


def test_a_reader_is_refused_when_there_is_no_store(path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        open_read_only(path)
    assert refused.value.code == "store.unknown"
    assert not path.exists()


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE extra (a TEXT) STRICT",
        "ALTER TABLE setting ADD COLUMN extra TEXT",
        "DROP INDEX submission_by_state",
        "UPDATE store SET value = 'other' WHERE name = 'schema_digest'",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('offline_store', '9999_future', '2030')",
    ],
)
def test_a_store_of_unknown_shape_is_refused_and_left_alone(path: Path, change: str) -> None:
    with Store.open(path) as made:
        made.settings.put("keep", True)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(change)
    before = connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.schema"
    assert connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall() == before
    connection.close()


def test_a_file_left_empty_by_a_power_cut_becomes_a_whole_store(path: Path) -> None:
    path.touch()
    writer = Writer(path)
    shrinkable = writer.submit(lambda c: c.execute("PRAGMA auto_vacuum").fetchone()[0]).result()
    writer.close()
    assert shrinkable == 2


def test_somebody_elses_database_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.schema"


def test_a_file_that_is_no_database_is_called_damaged(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.damaged"


def test_overwritten_pages_are_found_at_the_start(path: Path) -> None:
    with Store.open(path) as made:
        made.outbox.commit(submission("a", bytes(400_000)))
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert refused.value.code == "store.damaged"


def test_a_full_store_refuses_a_submission_whole_and_takes_a_smaller_one(path: Path) -> None:
    connections = Connections(path, Writer(path))
    audit = Audit(connections)
    outbox = Outbox(connections, audit)
    connections.write(
        lambda c: c.execute(
            f"PRAGMA max_page_count = {c.execute('PRAGMA page_count').fetchone()[0] + 60}"
        ).fetchone()
    )
    head = audit.head()
    with pytest.raises(StoreError) as refused:
        outbox.commit(submission("large", bytes(2_000_000)))
    assert refused.value.code == "store.full"
    assert outbox.waiting() == []
    assert outbox.find_receipt("YM-large") is None
    assert audit.head() == head
    outbox.commit(submission("small"))
    assert [item.submission_id for item in outbox.waiting()] == ["submission-small"]
    connections.close()


def test_a_closed_store_refuses_reads_and_writes(path: Path) -> None:
    store = Store.open(path)
    store.close()
    store.close()
    with pytest.raises(StoreError) as refused:
        store.settings.put("a", 1)
    assert refused.value.code == "store.closed"
    with pytest.raises(StoreError) as refused:
        store.settings.get("a")
    assert refused.value.code == "store.closed"


def test_threads_commit_and_read_at_once_without_losing_anything(store: Store) -> None:
    def work(name: str) -> None:
        for number in range(10):
            one: NewSubmission = submission(f"{name}-{number}", bytes(300))
            store.outbox.commit(one)
            assert store.outbox.find_receipt(one.receipt_number) is not None

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(store.outbox.waiting()) == 40
    store.audit.verify()
    assert store.audit.head()[0] == 40
