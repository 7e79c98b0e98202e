"""What is not exactly what the hub signed is refused before anything is read."""

import json

import pytest

from kiosk.catalog_updates import FileDamaged
from tests.kiosk.published.stand import Stand, edition
from tests.kiosk.rig import wait_until


def test_catalog_with_another_hash_is_refused(stand: Stand) -> None:
    before = stand.version
    new = stand.publish(edition("改动"))
    name = stand.names()["catalog"]
    data = bytearray(stand.seen(name))
    data[len(data) // 2] ^= 1
    stand.answers(name, bytes(data))
    assert stand.look() == "catalog.altered"
    assert (stand.version, stand.catalog.state.fault) == (before, "catalog.altered")
    stand.relay.heal()
    assert (stand.look(), stand.version) == ("", new)


def test_targets_of_another_publication_do_not_go_with_a_newer_snapshot(stand: Stand) -> None:
    """Mix and match: each file is signed, but they were never published together."""
    stand.publish(edition("第一"))
    older = stand.seen(stand.names()["targets"])
    new = stand.publish(edition("第二"))
    stand.answers(stand.names()["targets"], older)
    assert stand.look() == "catalog.altered"
    assert stand.version != new


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_metadata_signed_by_somebody_else_is_refused(stand: Stand, role: str) -> None:
    before = stand.version
    stand.publish(edition(f"冒充{role}"))
    name = stand.names()[role]
    document = json.loads(stand.seen(name))
    document["signed"]["version"] += 1
    stand.answers(name, json.dumps(document, separators=(",", ":")).encode())
    assert stand.look() == "catalog.altered"
    assert stand.version == before


def test_file_that_was_spoilt_on_the_disk_is_fetched_again(stand: Stand) -> None:
    for path in (stand.folder / "published" / "targets").iterdir():
        path.write_bytes(b"spoilt")
    assert stand.look() == ""
    assert all(p.stat().st_size > 6 for p in (stand.folder / "published" / "targets").iterdir())


def test_edition_that_was_lost_before_its_swap_is_fetched_again_and_swapped(stand: Stand) -> None:
    """As a power cut leaves it that comes between the fetch and the swap."""
    new = stand.publish(edition("new"))
    stand.catalog.fetch(stand.line, stand.identity.hub)
    for path in (stand.folder / "published" / "targets").iterdir():
        path.write_bytes(b"")
    with pytest.raises(FileDamaged):
        stand.catalog.swap()
    assert stand.version != new
    assert stand.look() == ""
    assert stand.version == new


@pytest.mark.parametrize("role", ["timestamp", "targets", "catalog"])
def test_endless_answer_is_given_up_and_leaves_nothing_behind(stand: Stand, role: str) -> None:
    before = stand.version
    stand.publish(edition(f"无尽{role}"))
    stand.relay.endless.add(f"/v1/tuf/{stand.names()[role]}")
    assert stand.look() == "hub.unreachable"
    assert (stand.version, stand.catalog.state.fault) == (before, None)
    assert not list((stand.folder / "published").rglob("*.part"))
    stand.relay.heal()
    wait_until(lambda: stand.look() == "", "the line again")
    assert stand.version != before


@pytest.mark.parametrize(("kind", "fault"), [
    ("text/html", "hub.captive_portal"), ("application/json", "hub.unreachable"),
])
def test_portal_is_the_lines_fault_and_no_attack(stand: Stand, kind: str, fault: str) -> None:
    stand.relay.portal(kind, b'{"login": "please"}')
    assert stand.look() == fault
    assert stand.catalog.state.fault is None
