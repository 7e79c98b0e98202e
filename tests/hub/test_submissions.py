"""A submission's way: announce, upload, one case, one receipt."""

from pathlib import Path

import pytest
import requests
from tusclient.client import TusClient

from hub.desk.views import _reason as reason_text
from kiosk.contract.messages import PromisedTime, ReceiptStatus
from tests.hub.rig import ANSWERS, TUS, ZHANG, HubProcess, KioskSide, enrolled


def case_of(hub: HubProcess, submission_id: str) -> dict[str, object]:
    """Return the one case of a submission."""
    (case,) = [case for case in hub.cases() if case["submission_id"] == submission_id]
    return case


def test_submission_becomes_one_case_when_uploaded(hub: HubProcess, kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    receipt = kiosk.deliver(sealed)
    case = case_of(hub, sealed.body.id)
    assert case["state"] == "received"
    assert case["reasons"] == []
    assert case["pages"] == 2
    assert case["case_number"] == receipt["case_number"]
    assert len(receipt["case_number"]) == 43
    assert receipt["case_number"].startswith(sealed.body.service_code)


def test_same_submission_gets_the_same_receipt_however_often_it_is_sent(
    hub: HubProcess, kiosk: KioskSide
) -> None:
    sealed = kiosk.compose()
    first = kiosk.deliver(sealed)
    assert kiosk.deliver(sealed) == first
    reply = kiosk.call("GET", f"/v1/submissions/{sealed.body.id}/receipt")
    assert kiosk.verified(reply.json(), sealed) == first
    case_of(hub, sealed.body.id)


def test_same_id_with_another_digest_is_refused_by_its_own_code(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    assert kiosk.announce(sealed).status_code == 201
    for _ in ("while uploading", "once it is a case"):
        reply = kiosk.announce(sealed, digest="0" * 64)
        assert reply.status_code == 409
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["code"] == "hub.digest_conflict"
        assert reply.json()["retryable"] is False
        kiosk.deliver(sealed)


def test_standard_tus_client_uploads_in_chunks(
    hub: HubProcess, kiosk: KioskSide, tmp_path: Path
) -> None:
    sealed = kiosk.compose()
    url = kiosk.announce(sealed).json()["upload_url"]
    path = tmp_path / "sealed.bin"
    path.write_bytes(sealed.data)
    TusClient(hub.url).uploader(str(path), chunk_size=1000, url=url).upload(stop_at=1000)
    assert kiosk.announce(sealed).json()["offset"] == 1000
    resumed = TusClient(hub.url).uploader(str(path), chunk_size=4000, url=url)
    assert resumed.offset == 1000
    resumed.upload()
    reply = kiosk.announce(sealed)
    assert reply.status_code == 200
    kiosk.verified(reply.json(), sealed)


def test_upload_address_answers_tus_errors(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    url = kiosk.announce(sealed).json()["upload_url"]
    options = requests.options(url, timeout=20)
    assert options.headers["Tus-Version"] == "1.0.0"
    assert kiosk.patch(url, sealed.data, 7).status_code == 409
    assert kiosk.patch(url, sealed.data + b"x", 0).status_code == 413
    assert requests.patch(url, b"x", headers={"Tus-Resumable": "1.0.0"}).status_code == 415
    assert requests.patch(url, b"x", headers={"Content-Type": "x/y"}).status_code == 412
    assert requests.head(url + "x", headers=TUS).status_code == 404
    head = requests.head(url, headers=TUS)
    assert head.headers["Upload-Offset"] == "0"
    assert head.headers["Upload-Length"] == str(len(sealed.data))
    assert "no-store" in head.headers["Cache-Control"]


def test_bytes_that_differ_from_the_digest_start_again(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    url = kiosk.announce(sealed).json()["upload_url"]
    reply = kiosk.patch(url, bytes(len(sealed.data)), 0)
    assert reply.status_code == 410
    assert reply.json()["code"] == "hub.upload_gone"
    assert reply.json()["retryable"] is True
    kiosk.deliver(sealed)


def test_receipt_is_waiting_while_bytes_are_missing(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    path = f"/v1/submissions/{sealed.body.id}/receipt"
    assert kiosk.call("GET", path).json()["code"] == "hub.not_found"
    url = kiosk.announce(sealed).json()["upload_url"]
    kiosk.patch(url, sealed.data[:100], 0)
    reply = kiosk.call("GET", path)
    assert reply.status_code == 202
    assert reply.json() == {"status": "waiting", "offset": 100}


def test_wrong_answers_become_a_supplement_and_still_get_a_receipt(
    hub: HubProcess, kiosk: KioskSide
) -> None:
    answers = {k: v for k, v in ANSWERS.items() if k != "phone"} | {"id_number": "1"}
    sealed = kiosk.compose(answers=answers, materials=(), signature=None)
    kiosk.deliver(sealed)
    case = case_of(hub, sealed.body.id)
    assert case["state"] == "supplement"
    assert case["reasons"] == [
        "field.id_number:id_number",
        "field.required:phone",
        "material.missing:proof_of_address",
        "signature.missing",
    ]


@pytest.mark.parametrize(
    ("plain", "reason"), [(b"no zip", "payload.damaged"), (b"", "payload.damaged")]
)
def test_unreadable_payload_becomes_a_supplement(
    hub: HubProcess, kiosk: KioskSide, plain: bytes, reason: str
) -> None:
    sealed = kiosk.seal(kiosk.compose().body, plain)
    kiosk.deliver(sealed)
    assert case_of(hub, sealed.body.id)["reasons"] == [reason]


def test_second_submission_of_one_draft_becomes_a_supplement_that_names_the_first(
    hub: HubProcess, kiosk: KioskSide
) -> None:
    draft = "5a" * 16
    first, second = kiosk.compose(draft_id=draft), kiosk.compose(draft_id=draft)
    number = kiosk.deliver(first)["case_number"]
    kiosk.deliver(second)
    assert kiosk.deliver(first)["case_number"] == number
    other = kiosk.compose(draft_id="5b" * 16)
    kiosk.deliver(other)
    for sealed in (first, other):
        assert case_of(hub, sealed.body.id)["state"] == "received"
    case = case_of(hub, second.body.id)
    assert (case["state"], case["reasons"]) == ("supplement", [f"draft.twice:{number}"])
    assert number in reason_text(None, f"draft.twice:{number}")


def test_submission_of_no_draft_says_nothing_of_one(kiosk: KioskSide) -> None:
    """Also to a hub that does not know the field: it refuses unknown ones."""
    assert "draft_id" not in kiosk.compose().body.model_dump(mode="json")


def test_unknown_service_version_becomes_a_supplement(hub: HubProcess, kiosk: KioskSide) -> None:
    sealed = kiosk.compose(service={"code": "0" * 31, "version": "f" * 64})
    kiosk.deliver(sealed)
    assert case_of(hub, sealed.body.id)["reasons"] == ["service.unknown_version"]


def test_envelope_of_another_kiosk_is_refused_for_good(hub: HubProcess, kiosk: KioskSide) -> None:
    stranger = enrolled(hub)
    stranger.kiosk_id = kiosk.kiosk_id
    sealed = stranger.compose()
    url = kiosk.announce(sealed).json()["upload_url"]
    for reply in (kiosk.patch(url, sealed.data, 0), kiosk.announce(sealed)):
        assert reply.status_code == 422
        assert reply.json()["code"] == "hub.invalid_message"
        assert reply.json()["retryable"] is False
    assert sealed.body.id not in {case["submission_id"] for case in hub.cases()}


def test_receipt_status_says_the_status_and_nothing_else(kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    path = f"/v1/receipts/{sealed.body.receipt_number}/status"
    assert kiosk.call("GET", path).json()["status"] == "unknown"
    kiosk.deliver(sealed)
    reply = kiosk.call("GET", path)
    assert set(reply.json()) == {"number", "status", "updated", "promised"}
    assert reply.json()["status"] == "received"
    promised = ReceiptStatus.model_validate(reply.json()).promised
    # Counted from the handing in at the kiosk, not from when a line was there.
    assert promised == PromisedTime(handed_in=sealed.body.created, working_days=15)
    assert kiosk.call("GET", "/v1/receipts/YM1/status").json()["code"] == "code.unknown"


def test_person_sees_own_cases_and_nobody_elses(kiosk: KioskSide) -> None:
    person = ZHANG.model_copy(update={"name": "王芳"})
    sealed = kiosk.compose(applicant=person)
    receipt = kiosk.deliver(sealed)
    (case,) = kiosk.search(person).cases
    assert case.case_number == receipt["case_number"]
    assert case.status == "received"
    assert case.pages == 2
    shown = {answer.field: answer for answer in case.answers}
    assert shown["housing"].value["zh"] != "own"
    assert shown["phone"].value == dict.fromkeys(("zh", "en", "ko"), "13900000000")
    assert kiosk.search(person.model_copy(update={"number": "220102199003071243"})).cases == ()


def test_log_holds_nothing_personal_and_no_upload_address(
    hub: HubProcess, kiosk: KioskSide
) -> None:
    sealed = kiosk.compose()
    url = kiosk.announce(sealed).json()["upload_url"]
    kiosk.deliver(sealed)
    kiosk.search(ZHANG)
    requests.patch(url, b"x", headers=TUS, timeout=20)
    log = hub.log.read_text()
    for secret in (ZHANG.number, ZHANG.name, "13900000000", url.rsplit("/", 1)[1]):
        assert secret not in log
