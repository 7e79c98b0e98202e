"""Asking the real hub: a status needs a number, the cases need the person."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kiosk.cases import Directory, cases_of, receipt_status
from kiosk.contract.keys import new_signing_key
from kiosk.contract.receipts import ReceiptCodeError, make, parse_qr, qr_text
from kiosk.contract.signing import SignatureError
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from kiosk.sync import Sync
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import QUICK, HandClock, hand_in, new_city, person, wait_until

VISIT = "visit-0001"


@pytest.fixture
def sync(store: Store, line: HubLine, enrolled: DeviceIdentity) -> Iterator[Sync]:
    own = HubLine(line._url, (2.0, 5.0))
    own.sign_as(enrolled.kiosk_id, enrolled.private_key)
    sync = Sync(store.outbox, [own], lambda: enrolled, HandClock(), QUICK,
                lambda _: None, lambda _: None)
    sync.start()
    yield sync
    sync.stop()


def test_own_receipt_goes_from_here_only_to_received(
    store: Store, line: HubLine, enrolled: DeviceIdentity, request: pytest.FixtureRequest
) -> None:
    done = hand_in(store, enrolled, who="jin_meihua")
    directory = Directory(enrolled.hub)
    known = receipt_status(done.receipt_qr, store.outbox, line, directory)
    assert (known.number, known.status, known.here_only) == (
        done.receipt_number, "received", True)
    request.getfixturevalue("sync")
    wait_until(lambda: store.outbox.item(done.submission_id).state == "confirmed", "confirmed")
    known = receipt_status(f" {done.receipt_qr}\n", store.outbox, line, directory)
    assert (known.status, known.here_only) == ("received", False)


def test_own_number_with_another_signature_is_forged(
    store: Store, line: HubLine, enrolled: DeviceIdentity
) -> None:
    done = hand_in(store, enrolled)
    forged = qr_text(parse_qr(done.receipt_qr).number, enrolled.kiosk_id, new_signing_key())
    with pytest.raises(ReceiptCodeError) as caught:
        receipt_status(forged, store.outbox, line, Directory(enrolled.hub))
    assert caught.value.code == "code.forged"


def test_receipt_of_another_kiosk_is_verified_with_the_directory(
    store: Store, line: HubLine, enrolled: DeviceIdentity
) -> None:
    number = make(enrolled.kiosk_code, date(2026, 1, 2), 9)
    good = qr_text(number, enrolled.kiosk_id, enrolled.private_key)
    known = receipt_status(good, store.outbox, line, Directory(enrolled.hub))
    assert (known.number, known.status) == (str(number), "unknown")


def test_receipt_of_any_kiosk_is_verified_without_a_line_after_a_restart(
    store: Store, line: HubLine, enrolled: DeviceIdentity, tmp_path: Path
) -> None:
    file = tmp_path / "directory.json"
    Directory(enrolled.hub, file).refresh(line)
    no_line = HubLine("http://127.0.0.1:9", (0.2, 0.2))
    number = make(enrolled.kiosk_code, date(2026, 1, 2), 9)
    good = qr_text(number, enrolled.kiosk_id, enrolled.private_key)
    forged = qr_text(number, enrolled.kiosk_id, new_signing_key())
    restarted = Directory(enrolled.hub, file)
    restarted.check(parse_qr(good), no_line)
    with pytest.raises(ReceiptCodeError) as caught:
        restarted.check(parse_qr(forged), no_line)
    assert caught.value.code == "code.forged"
    with pytest.raises(HubFault):  # genuine: only how far it is cannot be known now
        receipt_status(good, store.outbox, no_line, restarted)
    before = file.stat().st_mtime_ns
    restarted.refresh(line)
    assert file.stat().st_mtime_ns == before
    strange = file.read_bytes().replace(enrolled.kiosk_id.encode(), b"K9999999")
    for content in (strange, b"{", b""):
        file.write_bytes(content)
        with pytest.raises(HubFault):
            Directory(enrolled.hub, file).check(parse_qr(good), no_line)


def test_directory_of_another_hub_is_not_believed(line: HubLine) -> None:
    with pytest.raises(SignatureError):
        Directory(new_city().keys).refresh(line)
    code = parse_qr(qr_text(make("0001", date(2026, 1, 2), 9), "K0001", new_signing_key()))
    with pytest.raises(HubFault) as caught:
        Directory(new_city().keys).check(code, line)
    assert caught.value.code == "hub.unreachable"


def test_person_sees_their_own_cases_and_nobody_elses(
    store: Store, line: HubLine, enrolled: DeviceIdentity, sync: Sync,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    done = hand_in(store, enrolled, who="li_rare")
    sync.wake()
    wait_until(lambda: store.outbox.item(done.submission_id).state == "confirmed", "confirmed")
    cases = cases_of(person("li_rare"), VISIT, enrolled, line)
    assert done.submission_id in [case.submission_id for case in cases]
    assert done.submission_id not in [
        case.submission_id for case in cases_of(person("hk_chan"), VISIT, enrolled, line)]
    document = person("li_rare").document
    for personal in (document.number, document.name):
        assert personal not in caplog.text + repr(cases)


def test_answer_of_a_portal_is_a_missing_line(
    hub: HubBehindRelay, line: HubLine, enrolled: DeviceIdentity
) -> None:
    hub.relay.portal("application/json", b'{"kind": "case_list", "document": {}}')
    try:
        with pytest.raises(HubFault) as caught:
            cases_of(person(), VISIT, enrolled, line)
    finally:
        hub.relay.portal()
    assert caught.value.code == "hub.unreachable"
