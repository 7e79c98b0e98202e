"""A technician changes a setting at the screen; an assistant cannot."""

import json
from pathlib import Path

import pytest

from kiosk.config import in_force, keep_hub_layers, read_config
from kiosk.settings_page import SettingRow
from kiosk.steps import Step
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.visit.guest import Guest
from tests.kiosk.visit.staff_member import to_page


@pytest.fixture
def file(member: Guest, tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"data = {json.dumps(str(tmp_path))} # here\n", "utf-8")
    object.__setattr__(member.place.rooms, "config_file", path)
    return path


def opened(member: Guest, hub: HubBehindRelay) -> None:
    to_page(member, hub, "technician")
    assert member.visit.staff_home.may_set
    member.visit.open_staff_settings()
    member.on(Step.STAFF_SETTINGS)


def row(member: Guest, name: str) -> SettingRow:
    (found,) = [row for row in member.visit.staff_settings.rows if row.name == name]
    return found


def press(member: Guest, name: str, value: object) -> None:
    member.visit.staff_set(name, value)
    assert member.visit.staff_settings.busy
    member.until(lambda: not member.visit.staff_settings.busy, "kept")


def test_technician_steps_a_number_and_gives_it_back(
    member: Guest, hub: HubBehindRelay, file: Path, tmp_path: Path
) -> None:
    keep_hub_layers(tmp_path, {"city": {"idle_warning": 52.0}})
    opened(member, hub)
    before = row(member, "idle_warning")
    assert (before.value, before.less, before.more, before.here) == ("52", 50.0, 55.0, False)
    press(member, "idle_warning", before.more)
    assert (row(member, "idle_warning").value, row(member, "idle_warning").here) == ("55", True)
    assert read_config(file).idle_warning == 55
    assert "# here" in file.read_text("utf-8")
    assert member.place.rooms.hub.settings_came.is_set()
    assert member.visit.staff_settings.said
    press(member, "idle_warning", None)
    assert (row(member, "idle_warning").value, row(member, "idle_warning").here) == ("52", False)
    with member.place.store._connections.read() as audit:
        noted = audit.execute("SELECT data FROM audit WHERE event = 'shift.setting'").fetchall()
    assert [json.loads(data)["option"] for (data,) in noted] == ["idle_warning", "idle_warning"]
    member.visit.back()
    member.on(Step.STAFF_HOME)
    assert member.visit.staff_home.parts


def test_bounds_end_the_steps(
    member: Guest, hub: HubBehindRelay, file: Path, tmp_path: Path
) -> None:
    file.write_text(f"data = {json.dumps(str(tmp_path))}\ndraft_days = 60\nidle_answer = 12\n",
                    "utf-8")
    opened(member, hub)
    assert (row(member, "draft_days").less, row(member, "draft_days").more) == (59, None)
    assert (row(member, "idle_answer").less, row(member, "idle_answer").more) == (10.0, 15.0)
    assert row(member, "place.phone").more is None


def test_what_cannot_be_kept_is_said_and_nothing_changes(
    member: Guest, hub: HubBehindRelay, file: Path
) -> None:
    opened(member, hub)
    file.write_text("colour = 1\n", "utf-8")
    press(member, "draft_days", 9)
    fault = member.visit.staff_settings.fault
    assert fault is not None and fault.code == "staff.setting_not_kept"
    assert file.read_text("utf-8") == "colour = 1\n"
    assert not member.place.rooms.hub.settings_came.is_set()


def test_assistant_is_not_offered_the_settings(
    member: Guest, hub: HubBehindRelay, file: Path
) -> None:
    to_page(member, hub)
    assert not member.visit.staff_home.may_set
    member.visit.open_staff_settings()
    member.on(Step.STAFF_HOME)
    assert in_force(file).values().keys() == {"data"}
