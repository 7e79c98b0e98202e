"""Who may call: enrolment by one-time code, signed requests, revocation."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from kiosk.contract import keys, signing
from kiosk.contract.messages import KeyDirectory
from tests.hub.rig import HubProcess, KioskSide, enrolled


def refused(reply: requests.Response, status: int, code: str, retryable: bool) -> None:
    """Check a problem response."""
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert (reply.status_code, problem["code"], problem["retryable"]) == (status, code, retryable)
    assert problem["status"] == status


def test_code_enrols_one_kiosk_once(hub: HubProcess) -> None:
    code = hub.run("enrol-code").strip()
    side = KioskSide(hub)
    assert side.enrol(code.lower().replace("-", " ")).status_code == 201
    first = side.kiosk_id
    assert side.enrol(code).status_code == 201
    assert side.kiosk_id == first
    refused(KioskSide(hub).enrol(code), 403, "hub.code_refused", False)


def test_unknown_code_is_refused(hub: HubProcess) -> None:
    refused(KioskSide(hub).enrol("AAAA-AAAA"), 403, "hub.code_refused", False)


def test_enrolment_needs_proof_of_the_key(hub: HubProcess) -> None:
    side = KioskSide(hub)
    stolen = keys.public_text(keys.new_signing_key().public_key())
    body = {"code": "AAAA-AAAA", "public_key": stolen}
    reply = side.call("POST", "/v1/enrolments", body, key_id="x")
    refused(reply, 401, "hub.bad_signature", True)


def test_directory_is_signed_and_holds_every_kiosk(hub: HubProcess, kiosk: KioskSide) -> None:
    reply = requests.get(hub.url + "/v1/keys", timeout=20)
    document = signing.verify_document(reply.json(), kiosk.hub_signing, "keys")
    directory = KeyDirectory.model_validate(document)
    entry = next(k for k in directory.kiosks if k.kiosk_id == kiosk.kiosk_id)
    assert keys.signing_public_key(entry.public_key) == kiosk.key.public_key()
    with pytest.raises(signing.SignatureError):
        signing.verify_document(reply.json(), kiosk.hub_signing, "root")


def test_request_counts_once(kiosk: KioskSide) -> None:
    request = kiosk.prepare("GET", "/v1/submissions/none-of-these-is-here/receipt")
    assert kiosk.send(request).status_code == 404
    refused(kiosk.send(request), 401, "hub.bad_signature", True)


def test_unsigned_request_is_refused(hub: HubProcess) -> None:
    reply = requests.get(hub.url + "/v1/receipts/YM0001-261123-0001-00/status", timeout=20)
    refused(reply, 401, "hub.bad_signature", True)


def test_changed_body_is_refused(kiosk: KioskSide) -> None:
    request = kiosk.prepare("POST", "/v1/submissions", {"size": 1})
    request.body = b'{"size": 2}'
    refused(kiosk.send(request), 401, "hub.bad_signature", True)


def test_unknown_kiosk_is_told_so(kiosk: KioskSide) -> None:
    reply = kiosk.call("GET", "/v1/submissions/x/receipt", key_id="K9999")
    refused(reply, 403, "hub.unknown_kiosk", False)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_wrong_clock_is_told_the_right_time(kiosk: KioskSide, minutes: int) -> None:
    created = datetime.now(UTC) + timedelta(minutes=minutes)
    reply = kiosk.call("GET", "/v1/submissions/x/receipt", created=created)
    refused(reply, 401, "hub.clock_skew", True)
    told = datetime.fromisoformat(reply.json()["time"])
    assert abs(told - datetime.now(UTC)) < timedelta(seconds=30)


def test_revoked_kiosk_is_refused_until_allowed_again(hub: HubProcess) -> None:
    side = enrolled(hub)
    sealed = side.compose()
    url = side.announce(sealed).json()["upload_url"]
    hub.run("revoke", "--kiosk", side.kiosk_id)
    refused(side.announce(sealed), 403, "hub.refused", False)
    refused(side.patch(url, sealed.data, 0), 403, "hub.refused", False)
    hub.run("revoke", "--kiosk", side.kiosk_id, "--undo")
    side.deliver(sealed)


@pytest.mark.parametrize("body", [{}, {"submission_id": "x"}, {"size": -1}, []])
def test_message_of_another_shape_is_refused(kiosk: KioskSide, body: object) -> None:
    refused(kiosk.call("POST", "/v1/submissions", body), 422, "hub.invalid_message", False)


def test_unknown_path_is_a_problem(hub: HubProcess) -> None:
    refused(requests.get(hub.url + "/v1/none", timeout=20), 404, "hub.not_found", False)
