"""Staff over the wire: what a kiosk asks for, and who else gets nothing of it."""

import re

import pytest
import requests

from kiosk.contract import staff as contract
from kiosk.contract.signing import SignatureError
from kiosk.contract.staff import BindRequest, ShiftRequest
from tests.hub.rig import HubProcess
from tests.hub.staff_corner import CARD, PIN, Corner


def test_member_of_staff_binds_a_card_signs_in_and_ends_the_shift(
    hub: HubProcess, corner: Corner
) -> None:
    staff_id, _, code = hub.run("staff", "add", "--name", "刘洋", "--role", "technician",
                                "--hall", "桃源").strip().partition(" ")  # fmt: skip
    bound = corner.token("bindings", BindRequest(card=CARD, pin=PIN, code=code.replace(" ", "")))
    assert (bound.staff_id, bound.role, bound.name) == (staff_id, "technician", "刘洋")
    again = corner.token("shifts", ShiftRequest(card=CARD, pin=PIN))
    assert again.token_id != bound.token_id
    assert again.expires - again.not_before == contract.SHIFT_LIFETIME
    refused, _ = corner.post("shifts", ShiftRequest(card=CARD, pin="111119"))
    assert (refused.status_code, refused.json()["code"]) == (403, "staff.wrong_pin")
    ended = {"token_id": again.token_id, "staff_id": staff_id}
    assert corner.kiosk.call("POST", "/v1/staff/shifts/end", ended).status_code == 200
    listed = hub.run("staff", "log")
    events = re.findall('"event": "([a-z_]+)"', listed)
    assert events[-5:] == ["added", "bound", "shift", "refused", "shift_ended"]
    log = hub.log.read_text("utf-8")
    for secret in (CARD.number, CARD.name, PIN, code.replace(" ", "")):
        assert secret not in log + listed


def test_question_of_one_kiosk_is_no_question_of_another(hub: HubProcess, corner: Corner) -> None:
    asked = contract.ask(ShiftRequest(card=CARD, pin=PIN), corner.kiosk.hub_sealing, "K9999")
    reply = corner.kiosk.call(
        "POST", "/v1/staff/shifts", asked.question.model_dump(mode="json")
    )
    assert (reply.status_code, reply.json()["code"]) == (422, "hub.invalid_message")
    sealed = contract.ask(
        ShiftRequest(card=CARD, pin=PIN), corner.kiosk.hub_sealing, corner.kiosk.kiosk_id
    ).question.model_dump(mode="json")
    wrong_way = corner.kiosk.call("POST", "/v1/staff/bindings", sealed)
    assert wrong_way.json()["code"] == "hub.invalid_message"
    assert CARD.number not in reply.text + wrong_way.text


def test_unsigned_request_is_refused(hub: HubProcess) -> None:
    for path in ("shifts", "bindings", "shifts/end"):
        assert requests.post(f"{hub.url}/v1/staff/{path}", json={}, timeout=20).status_code == 401


def test_answer_opens_with_its_own_key_only(hub: HubProcess, corner: Corner) -> None:
    _, _, code = hub.run("staff", "add", "--name", "吴芳").strip().partition(" ")
    card = CARD.model_copy(update={"number": "220103195501010018"})
    request = BindRequest(card=card, pin=PIN, code=code.replace(" ", ""))
    reply, _ = corner.post("bindings", request)
    stranger = contract.ask(request, corner.kiosk.hub_sealing, corner.kiosk.kiosk_id).reply_key
    with pytest.raises(SignatureError):
        contract.read(
            reply.json(), stranger, corner.kiosk.hub_signing, corner.kiosk.kiosk_id
        )
