"""A kiosk's whole life at the hub: approved, revoked, a new board, another hall."""

import json
from typing import Any

import pytest
import requests

from kiosk.contract import keys, receipts
from tests.hub.rig import TUS, HubProcess, KioskSide


def line_of(hub: HubProcess, side: KioskSide) -> dict[str, Any]:
    lines = [json.loads(line) for line in hub.run("kiosks", "list").splitlines()]
    (line,) = [one for one in lines if one["kiosk_id"] == side.kiosk_id]
    return dict(line)


def events_of(hub: HubProcess, side: KioskSide) -> list[str]:
    lines = hub.run("kiosks", "log", "--kiosk", side.kiosk_id).splitlines()
    return [json.loads(line)["event"] for line in lines]


def newcomer(hub: HubProcess, *options: str) -> KioskSide:
    side = KioskSide(hub)
    assert side.enrol(hub.run("enrol-code", *options).strip()).status_code == 201
    return side


def test_kiosk_that_needs_approval_waits_and_goes_on_after_it(hub: HubProcess) -> None:
    side = newcomer(hub, "--approval", "--hall", "桃源街道")
    sealed = side.compose()
    refused = side.announce(sealed)
    assert (refused.status_code, refused.json()["code"]) == (403, "hub.not_approved")
    assert refused.json()["retryable"] is True
    assert line_of(hub, side)["state"] == "waiting"
    hub.run("kiosks", "approve", "--kiosk", side.kiosk_id)
    side.deliver(sealed)
    assert (line_of(hub, side)["state"], line_of(hub, side)["hall"]) == ("active", "桃源街道")
    assert events_of(hub, side) == ["enrolled", "approved"]


def test_revoked_kiosk_is_refused_also_at_an_upload_address_it_has(hub: HubProcess) -> None:
    side = newcomer(hub)
    sealed = side.compose()
    url = side.announce(sealed).json()["upload_url"]
    hub.run("kiosks", "revoke", "--kiosk", side.kiosk_id)
    assert side.announce(sealed).json()["code"] == "hub.refused"
    assert side.patch(url, sealed.data, 0).status_code == 403
    hub.run("kiosks", "revoke", "--undo", "--kiosk", side.kiosk_id)
    side.deliver(sealed)
    assert events_of(hub, side) == ["enrolled", "revoked", "readmitted"]


def test_new_board_is_the_same_kiosk_and_what_the_old_one_sealed_still_comes_in(
    hub: HubProcess,
) -> None:
    side = newcomer(hub)
    first = side.compose()
    side.deliver(first)
    left_over, old_key, old_code = side.compose(), side.key, side.kiosk_code
    qr = receipts.qr_text(
        receipts.parse(first.body.receipt_number), side.kiosk_id, old_key
    )
    kiosk_id, code = side.kiosk_id, hub.run("kiosks", "new-board", "--kiosk", side.kiosk_id).strip()
    side.key = keys.new_signing_key()
    assert side.enrol(code).status_code == 201
    assert side.kiosk_id == kiosk_id
    assert side.kiosk_code != old_code, "receipts count from 1 again: the code keeps them apart"
    # The disk was carried over: what lay on it was signed with the old board's key.
    side.deliver(left_over)
    side.deliver(side.compose())
    by_id = {case["submission_id"]: case for case in hub.cases()}
    assert by_id[left_over.body.id]["state"] == "received"
    document = requests.get(hub.url + "/v1/keys", timeout=20).json()["document"]
    (entry,) = [k for k in document["kiosks"] if k["kiosk_id"] == kiosk_id]
    assert entry["old_keys"] == [keys.public_text(old_key.public_key())]
    receipts.parse_qr(qr).verify(keys.signing_public_key(entry["old_keys"][0]))
    new_key, side.key = side.key, old_key
    refused = side.announce(side.compose())
    assert (refused.status_code, refused.json()["code"]) == (401, "hub.bad_signature")
    side.key = new_key
    assert line_of(hub, side)["old_boards"] == 1


def test_code_for_a_board_works_once_and_not_for_a_revoked_kiosk(hub: HubProcess) -> None:
    side = newcomer(hub)
    code = hub.run("kiosks", "new-board", "--kiosk", side.kiosk_id).strip()
    hub.run("kiosks", "revoke", "--kiosk", side.kiosk_id)
    thief = KioskSide(hub)
    assert thief.enrol(code).json()["code"] == "hub.code_refused"
    hub.run("kiosks", "revoke", "--undo", "--kiosk", side.kiosk_id)
    assert thief.enrol(code).status_code == 201
    assert KioskSide(hub).enrol(code).json()["code"] == "hub.code_refused"


def test_moved_kiosk_hears_of_it_at_its_next_contact(hub: HubProcess) -> None:
    side = newcomer(hub)
    hub.run("kiosks", "move", "--kiosk", side.kiosk_id, "--hall", "南湖街道", "--name", "南湖一号")
    reply = side.call("POST", "/v1/contact", {})
    assert reply.status_code == 200, reply.text
    document = reply.json()["document"]
    assert (document["hall"], document["name"]) == ("南湖街道", "南湖一号")
    assert "moved" in events_of(hub, side)


def test_audit_chain_that_got_shorter_is_noticed(hub: HubProcess) -> None:
    side = newcomer(hub)
    for length in (5, 9, 3):
        body = {"audit_seq": length, "audit_head": "a" * 64}
        assert side.call("POST", "/v1/contact", body).status_code == 200
    assert events_of(hub, side) == ["enrolled", "audit_shorter"]


def test_audit_chain_that_was_written_anew_is_noticed_though_it_grew(hub: HubProcess) -> None:
    side = newcomer(hub)

    def says(length: int, head: str, told: int, told_hash: str) -> int:
        body = {"audit_seq": length, "audit_head": head * 64,
                "audit_told": told, "audit_told_hash": told_hash * 64}
        reply = side.call("POST", "/v1/contact", body)
        assert reply.status_code == 200, reply.text
        return int(reply.json()["document"]["audit_seq"])

    assert says(5, "a", 0, "0") == 5
    assert says(5, "a", 5, "a") == 5
    assert says(8, "b", 5, "a") == 8
    assert says(9, "c", 5, "a") == 9  # its last answer got lost: nothing to compare
    assert events_of(hub, side) == ["enrolled"]
    says(12, "d", 9, "e")
    assert events_of(hub, side) == ["enrolled", "audit_changed"]
    says(12, "f", 12, "f")
    assert events_of(hub, side) == ["enrolled", "audit_changed", "audit_changed"]


@pytest.mark.parametrize("command", ["approve", "revoke", "new-board"])
def test_unknown_kiosk_is_named(hub: HubProcess, command: str) -> None:
    with pytest.raises(AssertionError, match="no such kiosk"):
        hub.run("kiosks", command, "--kiosk", "K9999")


def test_escalation_is_listed_once_and_closed(hub: HubProcess) -> None:
    side = newcomer(hub)
    told = side.compose().announcement()
    body = {k: told[k] for k in ("submission_id", "digest", "receipt_number")} | {
        "service_code": "x", "code": "hub.refused", "attempts": 3,
        "created": "2026-11-23T08:00:00Z", "staff_id": "S0001",
    }  # fmt: skip
    number = side.call("POST", "/v1/escalations", body).json()["number"]
    assert side.call("POST", "/v1/escalations", body).json()["number"] == number
    lines = [json.loads(line) for line in hub.run("escalations").splitlines()]
    assert [one["number"] for one in lines if one["kiosk_id"] == side.kiosk_id] == [number]
    left = hub.run("escalations", "--close", str(number))
    assert str(told["submission_id"]) not in left


def test_upload_of_a_revoked_kiosk_shows_no_offset(hub: HubProcess) -> None:
    side = newcomer(hub)
    url = side.announce(side.compose()).json()["upload_url"]
    hub.run("revoke", "--kiosk", side.kiosk_id)
    assert requests.head(url, headers=TUS, timeout=20).status_code == 403
