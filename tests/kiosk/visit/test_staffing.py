"""The staff's page: what it shows, what can be done, what is forgotten."""

import json
from datetime import timedelta
from pathlib import Path

from devices.code_readers.events import CodeReaderState, CodeScanned
from devices.testbed.printer import PrinterTcp
from devices.testbed.samv import SamvPty
from kiosk.device_identity import DeviceIdentity
from kiosk.shelf import export
from kiosk.staff_views import Tone
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import document, hand_in, wait_until
from tests.kiosk.visit.guest import Guest, knows
from tests.kiosk.visit.staff_member import PERSONAL, to_page


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
