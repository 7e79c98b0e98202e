"""Settings of city, county and street, set by hand and told to the kiosks they are for."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.__main__ import app
from kiosk.contract.contact import ContactReply
from kiosk.contract.settings import options
from kiosk.contract.signing import verify_document
from tests.hub.rig import HubProcess, KioskSide


def told(hub: HubProcess, hall: str, **report: Any) -> dict[str, Any]:
    """What a kiosk that stands in `hall` hears."""
    side = KioskSide(hub)
    assert side.enrol(hub.run("enrol-code", "--hall", hall).strip()).status_code == 201
    answer = side.call("POST", "/v1/contact", report)
    assert answer.status_code == 200, answer.text
    document = verify_document(answer.json(), side.hub_signing, "contact")
    return dict(ContactReply.model_validate(document).settings)


def refused(hub: HubProcess, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["settings", "set", "--data", str(hub.data), *arguments])
    assert done.exit_code == 2, done.output
    return " ".join(done.output.replace("│", " ").split())


def test_kiosks_hear_what_is_set_for_their_city_county_and_street(hub: HubProcess) -> None:
    hub.run("settings", "set", "idle_warning", "50")
    hub.run("settings", "set", "idle_warning", "60", "--county", "220104")
    hub.run("settings", "set", "draft_days", "7", "--street", "chaoyang_nanhu")
    street = told(hub, "chaoyang_nanhu")
    assert street["city"] == {"idle_warning": 50.0}
    assert street["county"] == {"idle_warning": 60.0}
    assert street["street"]["draft_days"] == 7
    assert street["street"]["place.hall"]["zh"].startswith("朝阳区南湖街道")
    county = told(hub, "朝阳区政务服务中心")
    assert set(county) == {"city", "county"}
    assert county["county"]["place.hall"]["zh"] == "朝阳区政务服务中心"
    assert set(told(hub, "nanguan")["county"]) == {"place.hall"}
    assert set(told(hub, "city")["city"]) == {"idle_warning", "place.hall"}
    assert told(hub, "a hall of no catalog") == {"city": {"idle_warning": 50.0}}
    hub.run("settings", "unset", "idle_warning")
    hub.run("settings", "unset", "idle_warning", "--county", "220104")
    hub.run("settings", "unset", "draft_days", "--street", "chaoyang_nanhu")
    assert told(hub, "") == {}


def test_what_an_area_says_about_its_hall_comes_before_the_catalog(hub: HubProcess) -> None:
    hub.run("settings", "set", "place.hall", '{ zh = "南湖新楼" }', "--street", "chaoyang_nanhu")
    assert told(hub, "chaoyang_nanhu")["street"]["place.hall"] == {"zh": "南湖新楼"}
    hub.run("settings", "unset", "place.hall", "--street", "chaoyang_nanhu")
    assert told(hub, "chaoyang_nanhu")["street"]["place.hall"]["zh"] != "南湖新楼"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("idle_warning", "5"), "idle_warning: Input should be greater than or equal to 10"),
        (("idle_warning", "soon"), "idle_warning: Input should be a valid number"),
        (("devices.camera", "/dev/video0"), "devices.camera: can be set at the kiosk only"),
        (("no.such", "1"), "no.such: there is no such option"),
        (("place.hall", "Nanhu"), "place.hall: Input should be a valid dictionary"),
        (("draft_days", "3", "--county", "220199"), "'220199' is no county"),
        (("draft_days", "3", "--street", "chaoyang"), "'chaoyang' is no street"),
        (("draft_days", "3", "--street", "chaoyang_nanhu", "--county", "220104"), "not both"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_set(
    hub: HubProcess, arguments: tuple[str, ...], says: str
) -> None:
    before = hub.run("settings", "log")
    assert says in refused(hub, *arguments)
    assert hub.run("settings", "log") == before


def test_list_shows_what_is_set_and_what_could_be(hub: HubProcess) -> None:
    hub.run("settings", "set", "place.phone", "0431-12345")
    rows = [json.loads(line) for line in hub.run("settings", "list").splitlines()]
    (phone,) = [row for row in rows if row["name"] == "place.phone"]
    assert (phone["layer"], phone["area"], phone["value"]) == ("city", "", "0431-12345")
    assert {row["name"] for row in rows} == {
        name for name, option in options().items() if option.shared
    }
    hub.run("settings", "unset", "place.phone")
    values = [json.loads(line)["value"] for line in hub.run("settings", "log").splitlines()
              if json.loads(line)["name"] == "place.phone"]
    assert values == ["0431-12345", None]


def test_operator_sees_what_a_kiosk_could_not_use(hub: HubProcess) -> None:
    side = KioskSide(hub)
    assert side.enrol(hub.run("enrol-code").strip()).status_code == 201
    side.call("POST", "/v1/contact", {"settings_refused": ["city idle_warning"]})
    lines = [json.loads(line) for line in hub.run("kiosks", "list").splitlines()]
    (line,) = [one for one in lines if one["kiosk_id"] == side.kiosk_id]
    assert line["report"]["settings_refused"] == ["city idle_warning"]
