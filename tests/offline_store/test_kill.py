"""SIGKILL at every named point and at random moments: no acknowledged thing is lost or half."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from offline_store import Store
from offline_store.crash_points import POINTS
from offline_store.parts import PART_SIZE
from offline_store.sqlite import sqlite3
from tests.offline_store.samples import submission

ROOT = Path(__file__).parents[2]
SIZE = PART_SIZE + 1000  # two rows for each submission


def _start(path: Path, point: str, after: int) -> "subprocess.Popen[bytes]":
    arguments = [str(path), point, str(after), str(SIZE)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.offline_store.writer_to_kill", *arguments],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )


def _check(path: Path, said: list[tuple[str, str]]) -> None:
    """The receipt law, against what the dead process had acknowledged."""
    done = {what: {name for w, name in said if w == what} for what, _ in said}
    committed = done.get("committed", set())
    with Store.open(path) as store:  # quick_check and schema digest are part of opening
        store.audit.verify()
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute("SELECT id FROM submission").fetchall()
        receipts = connection.execute("SELECT count(*) FROM receipt").fetchone()[0]
        audited = connection.execute(
            "SELECT count(*) FROM audit WHERE event = 'submission.committed'"
        ).fetchone()[0]
        connection.close()
        found = {row[0].removeprefix("submission-") for row in rows}
        assert committed <= found
        # At most the one in flight may be there without having been acknowledged.
        assert len(found - committed) <= 1
        assert receipts == audited == len(found)
        for name in found:
            item = store.outbox.item(f"submission-{name}")
            receipt = store.outbox.find_receipt(f"YM-{name}")
            assert receipt is not None
            held = store.outbox.read(item.submission_id, 0, 2 * SIZE)
            if item.state == "confirmed":
                assert held == b""
                assert store.outbox.signed_receipt(item.submission_id) is not None
            else:
                whole = submission(name, name.encode() * (SIZE // len(name)))
                assert held == whole.sealed
                assert item.digest == whole.digest
            if name in done.get("confirmed", set()):
                assert item.state == "confirmed"
            if name in done.get("printed", set()):
                assert receipt.printed
            if name not in committed:
                assert not receipt.printed
        if done.get("catalog"):
            version = store.catalog.version()
            assert int(version) >= max(map(int, done["catalog"]))
            assert store.catalog.service(f"code-事项{version}")["name"]["zh"] == f"事项{version}"
            hits = store.catalog.search(f"事项{version}")
            assert hits[0]["code"] == f"code-事项{version}"


def _lines(child: "subprocess.Popen[bytes]", limit: int | None = None) -> list[tuple[str, str]]:
    assert child.stdout is not None
    said = []
    for line in child.stdout:
        what, name = line.decode().split()
        said.append((what, name))
        if limit is not None and len(said) >= limit:
            break
    return said


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_a_named_point_keeps_the_receipt_law(path: Path, point: str) -> None:
    child = _start(path, point, after=6)
    with child:
        said = _lines(child)
    assert child.returncode == -signal.SIGKILL, "the point was never passed"
    _check(path, said)
    with Store.open(path) as again:
        again.outbox.commit(submission("after"))


def test_kills_at_random_moments_keep_the_receipt_law(path: Path) -> None:
    moments = random.Random(20261123)
    said: list[tuple[str, str]] = []
    for _ in range(4):
        with _start(path, "never", after=0) as child:
            said += _lines(child, limit=moments.randint(1, 25))
            os.kill(child.pid, signal.SIGKILL)
            said += _lines(child)
        _check_rounds(path, said)


def _check_rounds(path: Path, said: list[tuple[str, str]]) -> None:
    # Each round may leave one submission whose acknowledgement was cut off: take it as said.
    with Store.open(path) as store:
        known = {name for what, name in said if what == "committed"}
        owed = [row for row in store.outbox.receipts_owed() if row.number[3:] not in known]
    assert len(owed) <= 1
    _check(path, said)
    said += [("committed", row.number[3:]) for row in owed]
