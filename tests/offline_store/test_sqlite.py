"""Which SQLite this is, and that its WAL-reset bug is named where there is one."""

import logging
from pathlib import Path

import pytest

from offline_store.recovery import open_or_recover
from offline_store.sqlite import library, sqlite3, version, wal_reset_bug


@pytest.mark.parametrize(
    ("release", "has_it"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 51, 2), True),
     ((3, 51, 3), False), ((4, 0, 0), False)],
)
def test_releases_with_the_bug_are_told_apart(
    release: tuple[int, ...], has_it: bool
) -> None:
    assert wal_reset_bug(release) is has_it


def test_every_start_names_its_sqlite_and_the_bug(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        store, _ = open_or_recover(tmp_path / "kiosk.db")
    with store, store._connections.read() as connection:
        (running,) = connection.execute("SELECT sqlite_version()").fetchone()
    assert version() == f"SQLite {running}"
    said = [line for line in caplog.messages if line.startswith(version())]
    assert said == [library()]
    assert ("WAL-reset bug" in said[0]) is wal_reset_bug(sqlite3.sqlite_version_info)
