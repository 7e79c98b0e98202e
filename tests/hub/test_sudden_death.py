"""The hub dies between upload and receipt; the kiosk tries again; one case (decision 5)."""

import pytest
import requests

from hub.crashpoints import POINTS
from tests.hub.rig import TUS, HubProcess, Sealed, enrolled


def one_case(hub: HubProcess, sealed: Sealed, receipt: dict[str, str]) -> None:
    """Check that exactly one case came of it, the one on the receipt."""
    (case,) = hub.cases()
    assert case["case_number"] == receipt["case_number"]
    assert case["submission_id"] == sealed.body.id
    assert case["state"] == "received"
    assert case["pages"] == 2


@pytest.mark.parametrize("point", POINTS)
def test_submission_becomes_one_case_when_the_hub_dies_at(point: str, own_hub: HubProcess) -> None:
    side = enrolled(own_hub.start(crash_at=point))
    sealed = side.compose()
    url = side.announce(sealed).json()["upload_url"]
    with pytest.raises(requests.ConnectionError):
        side.patch(url, sealed.data, 0)
    assert own_hub.wait_until_dead() == 137
    own_hub.start()
    receipt = side.deliver(sealed)
    one_case(own_hub, sealed, receipt)
    assert side.deliver(sealed) == receipt


def test_upload_goes_on_where_it_was_when_the_hub_is_killed(own_hub: HubProcess) -> None:
    side = enrolled(own_hub.start())
    sealed = side.compose()
    url = side.announce(sealed).json()["upload_url"]
    assert side.patch(url, sealed.data[:3000], 0).status_code == 204
    own_hub.kill()
    own_hub.start()
    assert requests.head(url, headers=TUS, timeout=20).headers["Upload-Offset"] == "3000"
    one_case(own_hub, sealed, side.deliver(sealed))


def test_second_hub_on_the_same_folder_refuses_to_start(own_hub: HubProcess) -> None:
    own_hub.start()
    second = HubProcess(own_hub.data)
    with pytest.raises(RuntimeError, match="another hub serves"):
        second.start()


def test_keys_are_made_once_and_readable_by_the_owner_only(own_hub: HubProcess) -> None:
    own_hub.start()
    before = requests.get(own_hub.url + "/v1/keys", timeout=20).json()["document"]["hub"]
    own_hub.stop()
    own_hub.start()
    assert requests.get(own_hub.url + "/v1/keys", timeout=20).json()["document"]["hub"] == before
    files = [*(own_hub.data / "keys").iterdir(), own_hub.data / "hub.sqlite3"]
    assert len(files) == 6
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_unexpected_fault_is_a_retryable_problem_and_heals(own_hub: HubProcess) -> None:
    side = enrolled(own_hub.start())
    sealed = side.compose()
    url = side.announce(sealed).json()["upload_url"]
    (own_hub.data / "uploads").rename(own_hub.data / "mislaid")
    reply = side.patch(url, sealed.data, 0)
    assert reply.status_code == 500
    assert (reply.json()["code"], reply.json()["retryable"]) == ("unexpected", True)
    log = own_hub.log.read_text()
    assert "unexpected FileNotFoundError" in log
    assert sealed.body.id not in log
    (own_hub.data / "mislaid").rename(own_hub.data / "uploads")
    one_case(own_hub, sealed, side.deliver(sealed))
