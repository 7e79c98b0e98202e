"""What was deleted leaves the disk: the file shrinks and holds none of the old bytes."""

import random
from pathlib import Path

from offline_store import Store, open_read_only
from tests.offline_store.samples import submission


def _raw(path: Path) -> bytes:
    """Everything of this store that lies on the disk."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.iterdir()) if one.is_file())


def _found(sealed: bytes, raw: bytes) -> list[int]:
    """Which of its stretches of 64 bytes are still there."""
    return [at for at in range(0, len(sealed) - 64, 1000) if sealed[at : at + 64] in raw]


def test_a_confirmed_submissions_bytes_are_gone_from_file_and_wal(store: Store, path: Path) -> None:
    sealed = random.Random(1).randbytes(700_000)
    store.outbox.commit(submission("a", sealed))
    assert _found(sealed, _raw(path))
    store.outbox.confirmed("submission-a", b'{"case_number": "C"}')
    assert store.tidy()
    assert _found(sealed, _raw(path)) == []


def test_the_file_shrinks_and_the_wal_is_emptied(store: Store, path: Path) -> None:
    for number in range(4):
        store.outbox.commit(submission(str(number), random.Random(number).randbytes(500_000)))
    for number in range(4):
        store.outbox.confirmed(f"submission-{number}", b'{"case_number": "C"}')
    assert store.tidy()
    assert path.stat().st_size < 1_000_000
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    store.outbox.commit(submission("after"))
    store.audit.verify()


def test_somebody_who_reads_is_not_waited_for(store: Store, path: Path) -> None:
    store.outbox.commit(submission("a", bytes(300_000)))
    reader = open_read_only(path)
    with reader._connections.read() as connection:
        assert connection.execute("SELECT count(*) FROM submission").fetchone() == (1,)
        store.outbox.confirmed("submission-a", b'{"case_number": "C"}')
        assert not store.tidy()
    reader.close()
    assert store.tidy()
