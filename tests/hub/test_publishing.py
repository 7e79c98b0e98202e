"""The hub publishes its catalog when it is new, signed, for a day to come; changes are told."""

import gzip
import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from typer.testing import CliRunner

from hub import city
from hub.__main__ import app
from hub.database import Database
from hub.published import SOURCE, service
from hub.publishing import Publisher, calendar_beside
from kiosk.contract import signing
from kiosk.contract.catalog import content_hash, service_version
from kiosk.contract.publishing import CALENDAR, CATALOG, NEXT_CATALOG, unpack
from tests import shipped_catalog
from tests.hub.rig import HubProcess, KioskSide

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def _named(title: str) -> dict[str, Any]:
    made = deepcopy(shipped_catalog.few())
    first = made["services"][0]
    first["name"]["zh"] = title
    first["version"] = service_version(first)
    made["version"] = content_hash(made)
    return made


class House:
    """A hub's publishing without its web server, on a clock moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON
        self.database: Database = city.open_database(folder / "hub")
        self.publisher: Publisher = city.open_publisher(
            folder / "hub", self.database, lambda: self.now
        )
        self.source = folder / "bundle.json"

    def starts_with(self, bundle: dict[str, Any]) -> bool:
        """Start with this source; True when something was published."""
        self.source.write_text(json.dumps(bundle), "utf-8")
        calendar = calendar_beside(self.source, SOURCE)
        return self.publisher.publish_source(self.source, calendar) is not None

    def in_force(self) -> str:
        edition = self.publisher.edition()
        assert edition is not None
        return edition.version


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = House(tmp_path)
    assert made.starts_with(shipped_catalog.few())
    yield made
    made.database.close()


def test_catalog_is_published_when_it_is_new_and_not_again(house: House) -> None:
    version = house.publisher.repository.timestamp().version
    assert not house.starts_with(shipped_catalog.few())
    assert house.publisher.repository.timestamp().version == version
    new = _named("新")
    assert house.starts_with(new)
    assert house.in_force() == new["version"]
    assert house.publisher.bundle() == new


def test_what_was_published_ahead_comes_into_force_and_a_restart_does_not_undo_it(
    house: House,
) -> None:
    ahead = _named("提前")
    house.publisher.publish_ahead(ahead, (NOON + timedelta(days=2)).date())
    house.now += timedelta(days=1)
    house.publisher.look()
    assert house.in_force() == shipped_catalog.few()["version"]
    house.now = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # midnight of the 25th in the city
    house.publisher.look()
    assert house.in_force() == ahead["version"]
    assert house.publisher.edition(NEXT_CATALOG) is None
    assert not house.starts_with(shipped_catalog.few())
    assert house.in_force() == ahead["version"]


def test_every_published_version_of_a_service_is_known_before_kiosks_have_it(
    house: House,
) -> None:
    ahead = _named("已知")
    first = ahead["services"][0]
    house.publisher.publish_ahead(ahead, (NOON + timedelta(days=2)).date())
    old = shipped_catalog.few()["services"][0]
    with house.database.transaction() as session:
        for one in (first, old):
            known = service(session, one["code"], one["version"])
            assert known is not None and known["name"] == one["name"]


def test_timestamp_is_signed_again_daily_and_nothing_expires_in_two_years(house: House) -> None:
    repository, signed = house.publisher.repository, 0
    for _ in range(2 * 365):
        house.now += timedelta(days=1)
        before = repository.timestamp().version
        house.publisher.look()
        signed += repository.timestamp().version != before
        assert repository.timestamp().expires - house.now > timedelta(days=5)
        assert repository.targets().expires - house.now > timedelta(days=180)
    assert signed == 2 * 365


def test_files_nobody_names_any_more_are_deleted_one_publication_later(house: House) -> None:
    for number in range(5):
        house.starts_with(_named(f"版本{number}"))
    names = {path.name.split(".", 1)[1]
             for path in (house.publisher.repository.folder / "targets").iterdir()}
    assert names == {CATALOG, CALENDAR}
    assert len(list((house.publisher.repository.folder / "targets").iterdir())) == 3


@pytest.mark.parametrize("new_root", [False, True])
def test_rotation_that_was_cut_off_is_finished_or_dropped_at_the_next_start(
    house: House, new_root: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at each write of the rotation in turn; a start puts it right."""
    from hub import durable

    write, left = durable.write, 0

    def short_of_space(path: Path, data: bytes) -> None:
        nonlocal left
        if left == 0:
            raise OSError("no space left on device")
        left -= 1
        write(path, data)

    cut = 0
    for room in range(12):
        left = room
        monkeypatch.setattr(durable, "write", short_of_space)
        try:
            house.publisher.rotate(new_root, None)
        except OSError:
            cut += 1
        monkeypatch.setattr(durable, "write", write)
        assert not house.starts_with(shipped_catalog.few())
        house.now += timedelta(days=2)
        house.publisher.look()
        _every_signature_holds(house)
    assert cut >= 5


def _every_signature_holds(house: House) -> None:
    from tuf.api.metadata import Metadata, Root

    repository = house.publisher.repository
    root = Metadata[Root].from_bytes(repository.root_bytes())
    root.signed.verify_delegate("root", root.signed_bytes, root.signatures)
    timestamp = repository.timestamp()
    snapshot = f"{timestamp.snapshot_meta.version}.snapshot.json"
    targets = f"{repository.targets().version}.targets.json"
    for role, name in (("timestamp", "timestamp.json"), ("snapshot", snapshot),
                       ("targets", targets)):
        metadata = Metadata.from_bytes((repository.folder / name).read_bytes())
        root.signed.verify_delegate(role, metadata.signed_bytes, metadata.signatures)


# ---- over the line and on the command line


def test_root_is_signed_by_the_hub_and_files_are_served_as_what_they_are(
    hub: HubProcess, kiosk: KioskSide
) -> None:
    reply = requests.get(hub.url + "/v1/root", timeout=20)
    assert signing.verify_document(reply.json(), kiosk.hub_signing, "root")["root"]
    timestamp = requests.get(hub.url + "/v1/tuf/timestamp.json", timeout=20)
    assert timestamp.headers["cache-control"] == "no-cache"
    (packed,) = (hub.data / "published" / "targets").glob("*.catalog.json.gz")
    reply = requests.get(f"{hub.url}/v1/tuf/targets/{packed.name}", timeout=20)
    assert reply.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in reply.headers
    assert "immutable" in reply.headers["cache-control"]
    assert unpack(reply.content)["version"] == shipped_catalog.few()["version"]


@pytest.mark.parametrize("path", [
    "/v1/tuf/lock", "/v1/tuf/source.json", "/v1/tuf/..%2Fkeys%2Ftuf-root.key",
    "/v1/tuf/0.root.json", "/v1/tuf/99.root.json", "/v1/tuf/targets/catalog.json.gz",
    "/v1/tuf/targets/%2e%2e%2flock",
    "/v1/catalog",
])
def test_nothing_else_of_the_folder_is_served(hub: HubProcess, path: str) -> None:
    reply = requests.get(hub.url + path, timeout=20)
    assert (reply.status_code, reply.json()["code"]) == (404, "hub.not_found")


def test_commands_say_what_is_in_force_what_comes_and_what_differs(
    own_hub: HubProcess, tmp_path: Path
) -> None:
    own_hub.start()
    old, new = shipped_catalog.few(), _named("比较")
    path = tmp_path / "new.json.gz"
    path.write_bytes(gzip.compress(json.dumps(new).encode()))
    said = own_hub.run("catalog", "publish-ahead", str(path), "--from", "2099-01-01")
    assert "1 changed (name.zh ×1)" in said
    said = own_hub.run("catalog", "status")
    assert f"in force: {old['version']}\n" in said
    assert f"next: {new['version']}, from 2099-01-01" in said
    own_hub.run("catalog", "withdraw")
    assert "next" not in own_hub.run("catalog", "status")
    written = shipped_catalog.written(tmp_path)
    done = CliRunner().invoke(app, ["catalog", "diff", str(written), str(path)])
    assert done.exit_code == 0
    assert "name.zh" in done.stdout and "比较" in done.stdout


def test_odd_input_is_named(own_hub: HubProcess, tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text("no JSON")
    done = CliRunner().invoke(app, ["catalog", "diff", str(odd), str(odd)])
    assert (done.exit_code, "is not JSON" in done.output) == (4, True)
    done = CliRunner().invoke(app, ["catalog", "status", "--data", str(tmp_path / "none")])
    assert done.exit_code == 2
