"""`yimen settings`, and the page that documents every option."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kiosk.config import keep_hub_layers
from kiosk.contract.settings import options
from kiosk.local_socket import LocalSocket
from provisioning.__main__ import app
from provisioning.processes import ROOT
from provisioning.settings import documentation


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(
        f"data = {json.dumps(str(tmp_path))}\n[hub]\nenrolment_code = \"SECR-ETCO\"\n", "utf-8"
    )
    return path


def _settings(file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["settings", *arguments, "--config", str(file)])


def test_page_lists_every_option_as_it_is_declared() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert page.partition("## Options\n\n")[2] == documentation() + "\n"


def test_list_names_each_option_its_value_and_who_says_so(file: Path, tmp_path: Path) -> None:
    keep_hub_layers(tmp_path, {"county": {"draft_days": 5}})
    done = _settings(file, "list", "--json")
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert set(rows) == set(options())
    assert (rows["draft_days"]["value"], rows["draft_days"]["layer"]) == (5, "county")
    assert rows["idle_warning"]["layer"] == "default"
    changed = _settings(file, "list", "--json", "--changed").stdout.splitlines()
    assert [json.loads(line)["name"] for line in changed] == [
        "data", "hub.enrolment_code", "draft_days"
    ]


@pytest.mark.parametrize("way", [("list",), ("list", "--json"), ("get", "hub.enrolment_code")])
def test_code_is_never_shown(file: Path, way: tuple[str, ...]) -> None:
    done = _settings(file, *way)
    assert done.exit_code == 0
    assert "SECR" not in done.output
    assert "(not shown)" in done.output


def test_set_get_and_unset(file: Path) -> None:
    said = _settings(file, "set", "idle_warning", "90")
    assert said.exit_code == 0 and "No kiosk runs here" in said.output
    assert _settings(file, "get", "idle_warning").stdout.strip() == "90.0"
    assert _settings(file, "set", "place.name", '{ zh = "甲", ko = "갑" }').exit_code == 0
    assert _settings(file, "get", "place.name").stdout.strip() == '{ zh = "甲", ko = "갑" }'
    assert _settings(file, "unset", "idle_warning").exit_code == 0
    assert _settings(file, "get", "idle_warning").stdout.strip() == "45.0"


def test_running_kiosk_is_told(file: Path, tmp_path: Path) -> None:
    told: list[str] = []

    def settings(_: Mapping[str, Any]) -> dict[str, Any]:
        told.append("settings")
        return {}

    socket = LocalSocket(tmp_path / "kiosk.sock", {"settings": settings})
    try:
        said = _settings(file, "set", "draft_days", "3")
    finally:
        socket.close()
    assert (said.exit_code, told) == (0, ["settings"])
    assert "No kiosk" not in said.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "idle_warning", "3"), "idle_warning: Input should be greater than or equal"),
        (("set", "nothing", "3"), "nothing: there is no such option"),
        (("get", "nothing"), "nothing: there is no such option"),
        (("set", "hub.url", "hub.example"), "hub.url: String should match pattern"),
        (("unset", "data"), "data: a kiosk needs its folder"),
    ],
)
def test_wrong_words_are_named_and_change_nothing(
    file: Path, arguments: tuple[str, ...], says: str
) -> None:
    before = file.read_bytes()
    done = _settings(file, *arguments)
    assert done.exit_code == 2
    assert says in done.output
    assert file.read_bytes() == before


def test_missing_file_is_named(tmp_path: Path) -> None:
    done = _settings(tmp_path / "none.toml", "list")
    assert done.exit_code == 2
    assert "none.toml: cannot be read" in done.output
