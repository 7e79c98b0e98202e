"""Older files than those already seen are refused, and the newer catalog goes on serving."""

import json
import logging
import time

import pytest

from tests.kiosk.published.stand import Stand, edition
from tests.kiosk.rig import wait_until


def test_replayed_older_catalog_is_refused_named_and_logged_once(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    old = {name: stand.seen(name) for name in stand.names().values()}
    new = stand.publish(edition("新目录"))
    assert stand.look() == ""
    assert stand.version == new
    for name, data in old.items():
        stand.answers(name, data)
    assert [stand.look(), stand.look()] == ["catalog.rollback"] * 2
    assert stand.version == new
    assert stand.catalog.state.fault == "catalog.rollback"
    assert caplog.text.count("catalog: catalog.rollback") == 1
    # It is still known after the restart that follows each visit, and over when the line is good.
    assert stand.starts_again().state.fault == "catalog.rollback"
    stand.relay.heal()
    assert stand.look() == ""
    assert stand.catalog.state.fault is None


def test_hub_restored_from_a_backup_goes_on_beyond_what_kiosks_have_seen(stand: Stand) -> None:
    """Versions are times, so what is published after the restore is newer, not a rollback."""
    folder = stand.hub.data / "published"
    backup = {path: path.read_bytes() for path in folder.glob("timestamp.json")}
    stand.publish(edition("丢失的目录"))
    assert stand.look() == ""
    lost = json.loads(stand.seen("timestamp.json"))["signed"]["version"]
    for path, data in backup.items():
        path.write_bytes(data)
    assert stand.look() == "catalog.rollback"
    wait_until(lambda: time.time() > lost + 1, "a time beyond the lost version", 30)
    again = stand.publish(edition("恢复后的目录"))
    assert stand.look() == ""
    assert stand.version == again
