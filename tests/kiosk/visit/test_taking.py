"""Take it with you: an application kept in the middle of a visit, and its slip."""

import pytest

from devices.testbed.printer import PrinterTcp
from kiosk.contract.draft_keys import DraftKey
from kiosk.draft_views import DraftPhase
from kiosk.steps import Step
from kiosk.visit import WrongStep
from offline_store.database import Store
from tests.kiosk.rig import document
from tests.kiosk.visit.guest import Guest, knows
from tests.kiosk.visit.slips import (
    PHONE,
    held,
    keep,
    resumed,
    taken,
)


def test_slip_is_printed_after_the_commit_and_tells_nothing_about_anybody(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    key = taken(guest, printer)
    assert shop.drafts.read(key.draft_id) is not None
    paper = printer.finished_jobs()[-1].raw.decode("gb18030", "replace")
    person = document()
    for personal in (person.name, person.number, person.address, PHONE):
        assert personal not in paper
    for line in key.lines:
        assert line in paper
    assert guest.visit.draft.service in paper


def test_once_taken_nothing_of_the_person_or_the_key_is_left_in_the_visit(
    guest: Guest, printer: PrinterTcp
) -> None:
    key = taken(guest, printer)
    person = document()
    assert knows(guest.visit, person.number, person.name, PHONE, key.symbols, key.text) == []
    guest.visit.finish()
    guest.at(Step.GOODBYE)


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "gone"])
def test_without_a_slip_nothing_is_kept_and_the_way_on_is_told(
    guest: Guest, printer: PrinterTcp, shop: Store, fault: str
) -> None:
    before = held(shop)
    guest.to_form()
    guest.visit.set_answer("phone", PHONE)
    getattr(printer, fault)()
    keep(guest)
    view = guest.visit.draft
    assert view.phase is DraftPhase.OFFER
    assert view.fault is not None
    assert view.fault.code == "draft.not_printed"
    assert held(shop) == before
    guest.visit.back()
    guest.at(Step.FORM)
    assert guest.visit.form.page == 0
    assert {f.id: f.value for f in guest.visit.form.fields}["phone"] == PHONE


def test_slip_that_breaks_off_in_the_middle_is_void_and_nothing_is_kept(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    before = held(shop)
    guest.to_form()
    printer.paper_ends_after(200)
    keep(guest)
    fault = guest.visit.draft.fault
    assert fault is not None
    assert fault.code == "draft.not_printed"
    assert held(shop) == before
    printer.paper_out(False)
    guest.visit.keep_draft()
    guest.until(lambda: guest.visit.draft.phase is DraftPhase.KEPT, "kept")
    assert len(held(shop) - before) == 1


def test_new_slip_takes_the_place_of_the_old_one(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    old = taken(guest, printer)
    resumed(guest, old)
    guest.visit.take_with_you()
    assert guest.visit.draft.came_from_slip
    guest.visit.back()
    guest.visit.set_answer("phone", "13911111111")
    keep(guest)
    new = DraftKey.parse(printer.finished_jobs()[-1].codes[0])
    assert old.draft_id not in held(shop)
    resumed(guest, new)
    assert {f.id: f.value for f in guest.visit.form.fields}["phone"] == "13911111111"


def test_owner_has_it_deleted(guest: Guest, printer: PrinterTcp, shop: Store) -> None:
    key = taken(guest, printer)
    resumed(guest, key)
    guest.visit.take_with_you()
    guest.visit.discard_draft()
    guest.settle()
    assert key.draft_id not in held(shop)
    assert not guest.visit.draft.came_from_slip
    guest.visit.back()
    guest.at(Step.FORM)


def test_nothing_is_kept_before_somebody_says_so_and_not_twice(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    before, jobs = held(shop), len(printer.finished_jobs())
    with pytest.raises(WrongStep):
        guest.visit.take_with_you()
    guest.to_form()
    guest.visit.take_with_you()
    assert held(shop) == before
    guest.visit.keep_draft()
    guest.visit.keep_draft()  # a double touch
    guest.visit.quit()  # not while it is being kept
    guest.at(Step.DRAFT)
    guest.until(lambda: guest.visit.draft.phase is DraftPhase.KEPT, "kept")
    assert len(held(shop) - before) == 1
    assert len(printer.finished_jobs()) == jobs + 1


def test_kiosk_without_a_printer_offers_no_slip(guest: Guest) -> None:
    guest.to_form()
    assert guest.visit.can_take
    config = guest.place.rooms.config
    object.__setattr__(
        guest.place.rooms, "config",
        config.model_copy(update={"devices": config.devices.model_copy(update={"printer": ""})}),
    )
    assert not guest.visit.can_take
    guest.visit.take_with_you()
    guest.at(Step.FORM)
