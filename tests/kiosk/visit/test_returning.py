"""Coming back: a code shows a status and nothing else, a card shows the person their cases."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from devices.code_readers.events import CodeScanned
from devices.testbed.printer import PrinterTcp
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.contract.keys import new_signing_key
from kiosk.contract.receipts import make, qr_text
from kiosk.device_identity import DeviceIdentity, enrol
from kiosk.hub_line import HubLine
from kiosk.printing import WrongVisit
from kiosk.promise import Promise
from kiosk.steps import Step
from kiosk.views import StatusView
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import City, document, hand_in, today, wait_until
from tests.kiosk.visit.guest import Guest, catalog, knows


@pytest.fixture
def enrolled(hub: HubBehindRelay, tmp_path: Path) -> DeviceIdentity:
    """A kiosk of its own: its receipt numbers begin anew with its store, and are no other's."""
    with closing(HubLine(hub.url, (2.0, 10.0))) as line:
        return enrol(tmp_path / "identity", line, hub.run("enrol-code").strip(), "hall")


@pytest.fixture
def online(
    tmp_path: Path, hub: HubBehindRelay, enrolled: DeviceIdentity, reader: SamvPty,
    printer_line: PrinterPty,
) -> Iterator[Guest]:
    """A person at a kiosk with a line to the real hub."""
    reader.heal()
    reader.remove()
    with Store.open(tmp_path / "kiosk.db") as store:
        store.catalog.import_bundle(catalog())
        city = City(None, None, enrolled.hub)
        guest = Guest(tmp_path, store, city, reader=reader, printer=printer_line, url=hub.url)
        guest.place.hub.identity = enrolled
        guest.place.hub._become(enrolled)
        guest.place.hub.sync.start()
        yield guest
        guest.close()
        guest.place.hub.stop()


def _show(guest: Guest, text: str) -> StatusView:
    guest.visit.code_event(CodeScanned(text))
    guest.until(lambda: not guest.visit.status.loading, "status")
    return guest.visit.status


def _handed_in(guest: Guest, enrolled: DeviceIdentity) -> tuple[str, str]:
    """(receipt number, code) of a submission the hub confirmed."""
    committed = hand_in(guest.place.store, enrolled)
    guest.place.hub.sync.wake()
    wait_until(
        lambda: guest.place.store.outbox.item(committed.submission_id).state == "confirmed",
        "confirmed",
    )
    return committed.receipt_number, committed.receipt_qr


def test_code_shows_the_status_and_nothing_about_the_person(
    online: Guest, enrolled: DeviceIdentity
) -> None:
    number, code = _handed_in(online, enrolled)
    status = _show(online, code)
    assert (status.number, status.status, status.fault) == (number, "received", None)
    assert status.sentence
    # One working day; the very day that stands on the receipt.
    row = online.place.store.outbox.find_receipt(number)
    assert row is not None
    calendar = online.place.hub.catalog.calendar
    promise = Promise.of_days(1, datetime.fromisoformat(row.created), calendar)
    assert status.promise == promise.sentence(online.visit.words)
    assert knows(online.visit, document().number, document().name) == []


def test_code_of_a_submission_still_waiting_here_says_so_without_a_line(guest: Guest) -> None:
    guest.to_done()
    guest.visit.set_language("zh")
    code, promised = guest.visit.receipt.qr, guest.visit.receipt.next_steps[1]
    guest.new_visit()
    status = _show(guest, code)
    assert status.status == "received"
    assert status.fault is None
    assert status.sentence == guest.visit.words(
        "It is safe in this kiosk and will be sent as soon as the line is back."
    )
    assert status.promise == promised


def test_other_kiosks_code_needs_a_line_and_says_so_without_one(guest: Guest) -> None:
    code = qr_text(make("0042", today(), 1), "K0042", new_signing_key())
    status = _show(guest, code)
    assert status.fault is not None
    assert status.fault.code == "hub.unreachable"


@pytest.mark.parametrize("kind", ["stranger's", "unknown kiosk", "own number"])
def test_forged_code_is_recognised(online: Guest, enrolled: DeviceIdentity, kind: str) -> None:
    number = make(enrolled.kiosk_code, today(), 77)
    kiosk_id = "K9999" if kind == "unknown kiosk" else enrolled.kiosk_id
    if kind == "own number":
        _handed_in(online, enrolled)
        number = make(enrolled.kiosk_code, today(), 1)
    status = _show(online, qr_text(number, kiosk_id, new_signing_key()))
    assert status.fault is not None
    assert status.fault.code == "code.forged"
    assert status.number == ""


@pytest.mark.parametrize("text", ["", "hello", "YIMEN1:", "https://example.com", "YIMEN1:a:b:c"])
def test_any_other_code_is_unknown(guest: Guest, text: str) -> None:
    status = _show(guest, text)
    assert status.fault is not None
    assert status.fault.code == "code.unknown"


def test_portal_in_place_of_the_key_directory_is_a_missing_line(
    online: Guest, hub: HubBehindRelay
) -> None:
    code = qr_text(make("0042", today(), 1), "K0042", new_signing_key())
    hub.relay.portal("application/json", b'{"login": "please"}')
    try:
        status = _show(online, code)
    finally:
        hub.relay.portal()
    assert status.fault is not None
    assert status.fault.code == "hub.unreachable"


def test_answer_about_one_code_is_not_shown_for_the_next(
    online: Guest, enrolled: DeviceIdentity
) -> None:
    """The first code's failure arrives after the second code was shown."""
    number, code = _handed_in(online, enrolled)
    wait = threading.Event()
    online.place.workers.submit("hub", wait.wait, lambda _: None, lambda _: None)
    online.visit.code_event(CodeScanned("not a code of ours"))
    online.visit.code_event(CodeScanned(code))
    wait.set()
    online.settle()
    status = online.visit.status
    assert status.fault is None
    assert status.number == number


@pytest.mark.parametrize("step", ["form", "review", "done"])
def test_code_means_nothing_in_the_middle_of_an_application(guest: Guest, step: str) -> None:
    getattr(guest, f"to_{step}")()
    before = guest.visit.step
    guest.visit.code_event(CodeScanned("YIMEN1:x"))
    assert guest.visit.step is before


def test_own_case_is_shown_after_the_card_and_its_owed_receipt_is_printed_once(
    online: Guest, enrolled: DeviceIdentity, printer: PrinterTcp
) -> None:
    number, code = _handed_in(online, enrolled)
    online.visit.set_language("en")
    _show(online, code)
    online.visit.open_own_case()
    online.at(Step.IDENTIFY)
    assert printer.jobs == []
    online.lay()
    online.recognised()
    online.until(lambda: not online.visit.case.loading, "cases")
    assert online.visit.case.fault is None
    card = next(c for c in online.visit.case.cases
                if c.receipt_number == number and c.highlighted and c.receipt_owed)
    assert online.visit.case.cases[0].highlighted
    assert card.answers
    assert card.promise == online.visit.status.promise
    online.visit.print_owed(number)
    online.settle()
    (job,) = printer.finished_jobs()
    assert any(number in code for code in job.codes)
    assert not any(c.receipt_owed and c.highlighted for c in online.visit.case.cases)
    online.visit.print_owed(number)
    online.settle()
    assert len(printer.finished_jobs()) == 1
    online.visit.finish()
    online.at(Step.GOODBYE)
    assert knows(online.visit, document().number, document().name) == []


def test_another_person_sees_no_case_of_the_first_and_prints_no_receipt_of_theirs(
    online: Guest, enrolled: DeviceIdentity, printer: PrinterTcp
) -> None:
    number, code = _handed_in(online, enrolled)
    _show(online, code)
    online.visit.open_own_case()
    online.lay("long_name")
    online.recognised()
    online.until(lambda: not online.visit.case.loading, "cases")
    assert online.visit.case.cases == ()
    online.visit.print_owed(number)
    online.settle()
    assert printer.jobs == []
    assert {row.number for row in online.place.store.outbox.receipts_owed()} == {number}


def test_owed_receipt_stays_owed_when_the_printer_fails(
    online: Guest, enrolled: DeviceIdentity, printer: PrinterTcp
) -> None:
    number, _ = _handed_in(online, enrolled)
    printer.paper_out()
    online.to_home()
    online.visit.open_own_case()
    online.lay()
    online.recognised()
    online.until(lambda: not online.visit.case.loading, "cases")
    online.visit.print_owed(number)
    online.settle()
    assert online.visit.fault is not None
    assert online.visit.fault.code == "printer.paper_out"
    assert {row.number for row in online.place.store.outbox.receipts_owed()} == {number}


def test_cases_that_cannot_be_fetched_say_why_and_retry_asks_again(
    online: Guest, enrolled: DeviceIdentity, hub: HubBehindRelay
) -> None:
    _handed_in(online, enrolled)
    hub.relay.portal("text/html", b"<html>")
    try:
        online.to_home()
        online.visit.open_own_case()
        online.lay()
        online.recognised()
        online.until(lambda: not online.visit.case.loading, "asked")
        assert online.visit.case.fault is not None
        assert online.visit.case.fault.code == "hub.captive_portal"
    finally:
        hub.relay.portal()
    online.visit.retry()
    online.until(lambda: not online.visit.case.loading, "asked again")
    assert online.visit.case.cases


def test_leaving_while_cases_are_fetched_does_not_stop_the_clock(
    online: Guest, enrolled: DeviceIdentity
) -> None:
    online.to_home()
    online.visit.open_own_case()
    online.lay()
    online.recognised()
    online.visit.home()
    online.settle()
    online.wait(200)
    online.at(Step.GOODBYE)


def test_job_of_another_visit_is_refused(guest: Guest, printer: PrinterTcp) -> None:
    guest.to_done()
    committed = guest.visit._sending.committed if guest.visit._sending else None
    assert committed is not None
    job = guest.visit._receipt_job((), committed)
    stranger = guest.new_visit()
    with pytest.raises(WrongVisit):
        guest.place.rooms.printing.print(job, stranger.id)
    assert len(printer.finished_jobs()) == 1

