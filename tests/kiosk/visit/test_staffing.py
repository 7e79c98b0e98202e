"""Staff at the kiosk as a visit: which step, what is asked, what is shown, what is forgotten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from devices.code_readers.events import CodeReaderState, CodeScanned
from devices.testbed.printer import PrinterTcp
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.device_identity import DeviceIdentity
from kiosk.shelf import export
from kiosk.staff_views import StaffPhase, Tone
from kiosk.steps import Step
from kiosk.visit import WrongStep
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import City, document, hand_in, wait_until
from tests.kiosk.visit.guest import Guest, catalog, knows

PIN = "280417"
PERSONAL = (document("staff_liu").number, document("staff_liu").name, PIN)


@pytest.fixture
def member(
    tmp_path: Path, store: Store, city: City, reader: SamvPty, printer_line: PrinterPty,
    hub: HubBehindRelay, enrolled: DeviceIdentity,
) -> Iterator[Guest]:
    """Somebody with the staff card before a kiosk that the running hub knows."""
    reader.heal()
    reader.remove()
    store.catalog.import_bundle(catalog())
    guest = Guest(tmp_path, store, city, reader=reader, printer=printer_line, url=hub.url)
    guest.place.hub._become(enrolled)
    guest.visit = guest.new_visit()
    yield guest
    guest.close()


def invite(hub: HubBehindRelay, role: str = "assistant") -> tuple[str, str]:
    """Everybody bound with this card before is revoked, so that it is free."""
    for line in hub.run("staff", "list").splitlines():
        if '"name": "刘洋"' in line and '"revoked"' not in line:
            hub.run("staff", "revoke", "--id", line.split('"')[3])
    line = hub.run("staff", "add", "--name", "刘洋", "--role", role)
    staff_id, _, code = line.strip().partition(" ")
    return staff_id, code.replace(" ", "")


def to_door(member: Guest) -> None:
    member.to_home()
    member.visit.open_staff()
    member.lay("staff_liu")
    member.recognised()
    member.at(Step.STAFF_SIGN_IN)


def to_page(member: Guest, hub: HubBehindRelay, role: str = "assistant") -> str:
    staff_id, code = invite(hub, role)
    to_door(member)
    visit = member.visit
    visit.staff_first_time()
    for digits in (code, PIN, PIN):
        visit.staff_digits(digits)
    member.on(Step.STAFF_HOME)
    return staff_id


def phase_of(member: Guest) -> StaffPhase:
    return member.visit.staff_door.phase


def fault_of(member: Guest) -> str:
    fault = member.visit.staff_door.fault
    return fault.code if fault is not None else ""


def test_card_leads_to_the_pin_and_to_no_application(member: Guest) -> None:
    to_door(member)
    visit = member.visit
    assert phase_of(member) is StaffPhase.PIN
    assert visit._person is None
    assert visit.entered_anything is False
    assert visit.progress is None
    assert not visit.can_go_back
    with pytest.raises(WrongStep):
        visit.home()


def test_door_opens_only_before_anybody_identified(member: Guest) -> None:
    visit = member.visit
    assert not visit.can_open_staff
    with pytest.raises(WrongStep):
        visit.open_staff()
    member.to_form()
    assert not visit.can_open_staff
    with pytest.raises(WrongStep):
        visit.open_staff()
    visit.home()
    assert not visit.can_open_staff  # the person is still known in this visit
    visit.open_staff()
    member.at(Step.HOME)


def test_who_did_not_mean_it_goes_back_and_is_served(member: Guest) -> None:
    member.to_home()
    member.visit.open_staff()
    member.at(Step.IDENTIFY)
    member.visit.back()
    member.at(Step.HOME)
    member.visit.open_service("paperless")
    member.visit.begin()
    member.visit.agree()
    member.lay("zhang_wei")
    member.recognised()
    member.at(Step.FORM)


def test_digits_of_another_length_and_digits_while_asking_do_nothing(
    member: Guest, hub: HubBehindRelay
) -> None:
    invite(hub)  # the card of another test is nobody's any more
    to_door(member)
    visit = member.visit
    for digits in ("", "1", "1234567"):
        visit.staff_digits(digits)
    assert phase_of(member) is StaffPhase.PIN
    visit.staff_digits("111119")
    assert phase_of(member) is StaffPhase.ASKING
    visit.staff_digits("111119")
    visit.staff_first_time()
    assert phase_of(member) is StaffPhase.ASKING
    member.settle()
    assert phase_of(member) is StaffPhase.PIN
    assert fault_of(member) == "staff.unknown_card"


def test_binding_asks_code_pin_and_pin_again(member: Guest, hub: HubBehindRelay) -> None:
    _, code = invite(hub)
    to_door(member)
    visit = member.visit
    visit.staff_first_time()
    assert (phase_of(member), visit.staff_door.digits) == (StaffPhase.CODE, 10)
    visit.staff_digits(code)
    visit.staff_digits("881102")  # on the card
    assert (phase_of(member), fault_of(member)) == (StaffPhase.NEW_PIN, "staff.trivial_pin")
    visit.staff_digits(PIN)
    assert phase_of(member) is StaffPhase.REPEAT_PIN
    visit.staff_digits("280418")
    assert (phase_of(member), fault_of(member)) == (StaffPhase.NEW_PIN, "staff.pins_differ")
    visit.staff_digits(PIN)
    visit.staff_digits(PIN)
    member.on(Step.STAFF_HOME)
    assert visit.staff_home.name == "刘洋"
    assert not visit.staff_home.may_restart


def test_page_tells_how_every_part_stands_as_it_changes(
    member: Guest, hub: HubBehindRelay, printer: PrinterTcp, reader: SamvPty
) -> None:
    to_page(member, hub)
    visit = member.visit

    def tone(part: str) -> Tone:
        return next(row.tone for row in visit.staff_home.parts if row.id == part)

    def until(part: str, wanted: Tone) -> None:
        def stands() -> bool:
            member.place.clock.pass_by(0.1)
            return tone(part) is wanted

        member.until(stands, f"{part} {wanted}")

    for part in ("id_card", "printer", "line", "outbox"):
        until(part, Tone.GOOD)
    printer.cover_open(True)
    until("printer", Tone.DANGER)
    printer.cover_open(False)
    until("printer", Tone.GOOD)
    reader.unplug()
    until("id_card", Tone.DANGER)
    reader.replug()
    until("id_card", Tone.GOOD)
    hub.relay.portal("text/html", b"<p>")
    until("line", Tone.DANGER)
    hub.relay.portal()
    until("line", Tone.GOOD)


def test_waiting_and_refused_applications_are_counted_and_sent_again(
    member: Guest, hub: HubBehindRelay, store: Store, enrolled: DeviceIdentity
) -> None:
    done, stuck = hand_in(store, enrolled), hand_in(store, enrolled, who="li_rare")
    store.outbox.shelved(stuck.submission_id, "hub.refused")
    to_page(member, hub)
    visit = member.visit
    member.until(lambda: bool(visit.staff_home.shelf), "the shelf")
    (row,) = visit.staff_home.shelf
    assert row.number == stuck.receipt_number
    outbox = next(row for row in visit.staff_home.parts if row.id == "outbox")
    assert (outbox.state, outbox.tone) == ("1 application", Tone.PRIMARY)
    member.place.clock.pass_by(30.0)  # touched meanwhile, or the page would close
    visit.staff_retry(row.submission_id)
    assert visit.staff_home.busy
    member.until(lambda: not visit.staff_home.shelf, "an empty shelf")
    assert visit.staff_home.said
    ids = {item.submission_id for item in store.outbox.waiting()}
    assert ids == {done.submission_id, stuck.submission_id}
    assert knows(visit, document("li_rare").name, document().name) == []


def test_test_slip_prints_and_a_printer_without_paper_is_told(
    member: Guest, hub: HubBehindRelay, printer: PrinterTcp
) -> None:
    to_page(member, hub)
    visit = member.visit
    visit.staff_test_print()
    member.until(lambda: not visit.staff_home.busy, "printed")
    assert visit.staff_home.fault is None
    assert len(printer.finished_jobs()) == 1
    printer.paper_out(True)
    visit.staff_test_print()
    member.until(lambda: not visit.staff_home.busy, "not printed")
    fault = visit.staff_home.fault
    assert fault is not None and fault.code == "printer.paper_out"


def test_only_a_technician_restarts_the_app(member: Guest, hub: HubBehindRelay) -> None:
    to_page(member, hub)
    member.visit.staff_restart()
    member.settle()
    member.at(Step.STAFF_HOME)
    member.visit.quit()
    member.settle()
    member.new_visit()
    to_page(member, hub, "technician")
    assert member.visit.staff_home.may_restart
    member.visit.staff_restart()
    member.until(lambda: member.over == 1, "a fresh start")


def test_signing_out_forgets_everything_and_says_goodbye(
    member: Guest, hub: HubBehindRelay, store: Store
) -> None:
    staff_id = to_page(member, hub)
    assert knows(member.visit, "刘洋") == ["刘洋"]
    member.visit.quit()
    member.settle()
    member.at(Step.GOODBYE)
    assert knows(member.visit, *PERSONAL, staff_id) == []
    member.wait(member.place.rooms.timings.goodbye + 1)
    assert member.over == 1
    assert member.visit._shifts.any_held


def test_ending_the_shift_leaves_no_lock(member: Guest, hub: HubBehindRelay) -> None:
    to_page(member, hub)
    member.visit.staff_end_shift()
    member.on(Step.GOODBYE)
    assert not member.visit._shifts.any_held


def test_who_walks_away_is_asked_and_then_signed_out(
    member: Guest, hub: HubBehindRelay
) -> None:
    to_page(member, hub)
    timings = member.place.rooms.timings
    member.wait(timings.staff_idle_warning + 1)
    assert member.visit.idle_left is not None
    member.visit.touched()
    member.at(Step.STAFF_HOME)
    member.wait(timings.staff_idle_warning + timings.staff_idle_answer + 1)
    member.at(Step.GOODBYE)


def test_shift_that_ends_closes_the_page(member: Guest, hub: HubBehindRelay) -> None:
    to_page(member, hub)
    clock = member.place.clock
    clock.set_wall(clock.now() + timedelta(hours=12))
    member.frame()
    member.at(Step.GOODBYE)


def test_leaving_while_the_hub_is_asked_opens_nothing(member: Guest, hub: HubBehindRelay) -> None:
    _, code = invite(hub)
    to_door(member)
    visit = member.visit
    visit.staff_first_time()
    for digits in (code, PIN, PIN):
        visit.staff_digits(digits)
    visit.quit()
    member.settle()
    member.at(Step.GOODBYE)
    assert visit._condition is None
    assert knows(visit, *PERSONAL) == []


def test_codes_held_to_the_reader_mean_nothing_on_staff_pages(
    member: Guest, hub: HubBehindRelay
) -> None:
    to_page(member, hub)
    member.visit.code_event(CodeReaderState(True))
    member.visit.code_event(CodeScanned("YIMEN1:a:b:c"))
    member.at(Step.STAFF_HOME)
    assert member.visit._code_reader_works is True


def test_time_seen_is_remembered_while_a_shift_is_kept(
    member: Guest, hub: HubBehindRelay, store: Store
) -> None:
    assert store.settings.get("shift.seen") is None
    member.wait(50)  # further from the hub's time it would not be believed
    member.settle()
    assert store.settings.get("shift.seen") is None  # nobody to watch the clock for
    to_page(member, hub)
    before = store.settings.get("shift.seen")
    member.visit.touched()
    member.wait(61)
    wait_until(lambda: store.settings.get("shift.seen") != before, "a later time")


def test_stuck_application_is_saved_sealed_and_reported(
    member: Guest, hub: HubBehindRelay, store: Store, enrolled: DeviceIdentity, tmp_path: Path
) -> None:
    refused = hand_in(store, enrolled)
    store.outbox.shelved(refused.submission_id, "hub.refused")
    to_page(member, hub)
    visit = member.visit
    member.until(lambda: bool(visit.staff_home.shelf), "the shelf")
    visit.staff_export(refused.submission_id)
    member.until(lambda: not visit.staff_home.busy, "tried")
    assert visit.staff_home.fault is not None
    assert visit.staff_home.fault.code == "stick.absent"
    visit.staff_escalate(refused.submission_id)
    member.until(lambda: not visit.staff_home.busy, "reported")
    number = json.loads(hub.run("escalations").splitlines()[-1])
    assert str(number["number"]) in visit.staff_home.said
    assert (number["submission_id"], number["code"]) == (refused.submission_id, "hub.refused")
    # On the stick, and from there into the hub: the same case as over the line.
    name = export(store.outbox, refused.submission_id, tmp_path)
    filed = hub.run("import", str(tmp_path / name))
    assert hub.run("import", str(tmp_path / name)) == filed
    (case,) = [c for c in hub.cases() if c["submission_id"] == refused.submission_id]
    assert case["case_number"] in filed
    assert store.outbox.item(refused.submission_id).state == "shelved"
    for personal in ("张伟".encode(), b"220104198503120"):
        assert personal not in (tmp_path / name).read_bytes()
