import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offline_store import AuditBroken, Store
from offline_store.audit import GENESIS, Audit
from offline_store.connections import Connections, Writer
from offline_store.sqlite import sqlite3


def test_an_empty_trail_verifies_and_has_a_known_head(store: Store) -> None:
    store.audit.verify()
    assert store.audit.head() == (0, GENESIS)


def test_each_line_moves_the_head_and_the_trail_verifies(store: Store) -> None:
    heads = set()
    for number in range(5):
        assert store.audit.append("kiosk.started", {"round": number, "ok": True}) == number + 1
        heads.add(store.audit.head())
    assert len(heads) == 5
    store.audit.verify()


@pytest.mark.parametrize(
    ("tampering", "at"),
    [
        ("UPDATE audit SET data = '{\"n\":9}' WHERE seq = 3", 3),
        ("UPDATE audit SET event = 'other' WHERE seq = 2", 2),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000+00:00' WHERE seq = 4", 4),
        ("UPDATE audit SET monotonic_ms = monotonic_ms + 1 WHERE seq = 1", 1),
        ("UPDATE audit SET boot = 'other' WHERE seq = 1", 1),
        ("UPDATE audit SET hash = previous WHERE seq = 5", 5),
        ("UPDATE audit SET data = 'no json' WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 1", 1),
    ],
)
def test_any_change_is_found_at_its_line(path: Path, tampering: str, at: int) -> None:
    with Store.open(path) as made:
        for number in range(5):
            made.audit.append("event", {"n": number})
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(tampering)
    connection.close()
    with Store.open(path) as opened:
        with pytest.raises(AuditBroken) as broken:
            opened.audit.verify()
        assert broken.value.seq == at
        assert broken.value.code == "store.damaged"


def test_a_cut_tail_shows_in_the_head(path: Path) -> None:
    with Store.open(path) as made:
        for number in range(3):
            made.audit.append("event", {"n": number})
        reported = made.audit.head()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM audit WHERE seq = 3")
    connection.close()
    with Store.open(path) as opened:
        opened.audit.verify()
        assert opened.audit.head() != reported


def test_a_line_goes_with_the_transaction_it_belongs_to(tmp_path: Path) -> None:
    class Refused(Exception):
        pass

    connections = Connections(tmp_path / "other.sqlite3", Writer(tmp_path / "other.sqlite3"))
    audit = Audit(connections)

    def work(connection: sqlite3.Connection) -> None:
        audit.append("half", {}, connection)
        raise Refused

    with pytest.raises(Refused):
        connections.write(work)
    assert audit.head() == (0, GENESIS)
    connections.close()


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    data=st.dictionaries(
        st.text(max_size=8),
        st.text(max_size=20) | st.booleans() | st.none() | st.integers(-(2**53) + 1, 2**53 - 1),
        max_size=5,
    )
)
def test_any_plain_data_verifies_after_it_was_read_back(data: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.sqlite3"
        with Store.open(path) as made:
            made.audit.append("event", data)
        with Store.open(path) as opened:
            opened.audit.verify()
