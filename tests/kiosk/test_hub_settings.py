"""Settings travel from a real hub to a kiosk, and hold from its next start on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.config import HUB_LAYERS, in_force, read_config
from kiosk.contract.settings import Layer
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import Place, place, wait_until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"data = {json.dumps(str(tmp_path / 'data'))}\nidle_answer = 33\n", "utf-8")
    return path


@pytest.fixture
def opened(tmp_path: Path, store: Store, hub: HubBehindRelay) -> Iterator[Place]:
    code = hub.run("enrol-code", "--hall", "chaoyang_nanhu").strip()
    made = place(tmp_path / "data", store, url=hub.url, code=code)
    yield made
    made.hub.stop()


def test_kiosk_takes_its_layers_and_says_that_they_are_new(
    opened: Place, hub: HubBehindRelay, file: Path
) -> None:
    hub.run("settings", "set", "idle_warning", "77")
    hub.run("settings", "set", "idle_answer", "99")
    try:
        opened.hub.start()
        wait_until(opened.hub.settings_came.is_set, "settings")
        config = read_config(file)
        assert (config.idle_warning, config.idle_answer) == (77, 33)
        assert config.place.hall["zh"].startswith("朝阳区南湖街道")
        said = in_force(file)
        assert said.layer("place.hall") is Layer.STREET
        assert said.layer("idle_answer") is Layer.KIOSK

        opened.hub.settings_came.clear()
        before = opened.hub.last_contact
        opened.hub.sync.wake()
        opened.hub._upkeep.wake()
        wait_until(lambda: opened.hub.last_contact != before, "another contact")
        assert not opened.hub.settings_came.is_set(), "the same again is nothing new"
    finally:
        for name in ("idle_warning", "idle_answer"):
            hub.run("settings", "unset", name)


def test_kiosk_reports_what_it_cannot_use(opened: Place, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / HUB_LAYERS).write_text('{"city": {"of_tomorrow": 1}}', "utf-8")
    opened.hub.start()
    wait_until(lambda: opened.hub.identity is not None, "enrolled")
    identity = opened.hub.identity
    assert identity is not None
    (tmp_path / "data" / HUB_LAYERS).write_text('{"city": {"of_tomorrow": 1}}', "utf-8")
    assert opened.hub._contact.condition(identity).settings_refused == ("city of_tomorrow",)
