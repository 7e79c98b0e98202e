"""Take it with you: an application kept in the middle of a visit, and taken up in another one."""

import pytest

from devices.code_readers.events import CodeScanned
from devices.testbed.printer import PrinterTcp
from kiosk.contract.draft_keys import DraftKey
from kiosk.draft_views import DraftPhase, ResumePhase
from kiosk.slip_code import FIELD
from kiosk.steps import Step
from kiosk.visit import WrongStep
from offline_store.database import Store
from tests.kiosk.rig import STROKES, document
from tests.kiosk.visit.guest import Guest, knows

PHONE = "13900000000"


def keep(guest: Guest) -> None:
    """From where the application stands to the slip, or to why there is none."""
    guest.visit.take_with_you()
    guest.at(Step.DRAFT)
    guest.visit.keep_draft()
    guest.until(lambda: guest.visit.draft.phase is not DraftPhase.KEEPING, "kept or not")


def taken(guest: Guest, printer: PrinterTcp) -> DraftKey:
    """Somebody typed a phone number and took the slip."""
    guest.to_form()
    guest.visit.set_answer("phone", PHONE)
    keep(guest)
    assert guest.visit.draft.phase is DraftPhase.KEPT, guest.visit.draft.fault
    (code,) = printer.finished_jobs()[-1].codes
    return DraftKey.parse(code)


def show(guest: Guest, key: DraftKey) -> None:
    """A new visit, the slip under the reader."""
    guest.new_visit()
    guest.visit.code_event(CodeScanned(key.qr_text))
    guest.at(Step.LANGUAGE)
    guest.visit.choose_language("en")
    sought(guest)


def sought(guest: Guest) -> None:
    guest.at(Step.RESUME)
    guest.until(lambda: guest.visit.resume.phase is not ResumePhase.SEARCHING, "found or not")


def resumed(guest: Guest, key: DraftKey, card: str = "zhang_wei") -> None:
    show(guest, key)
    assert phase(guest) is ResumePhase.FOUND, guest.visit.resume.fault
    guest.visit.go_on_with_draft()
    guest.visit.agree()
    guest.lay(card)
    guest.recognised()


def phase(guest: Guest) -> ResumePhase:
    return guest.visit.resume.phase


def held(store: Store) -> set[str]:
    return {row.draft_id for row in store.drafts.under_way() if row.state == "held"}


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


def test_slip_opens_the_application_where_it_was_left_and_it_is_handed_in(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    key = taken(guest, printer)
    resumed(guest, key)
    guest.at(Step.FORM)
    answers = {field.id: field.value for field in guest.visit.form.fields}
    assert answers["phone"] == PHONE
    assert key.draft_id in held(shop)  # taking it up deletes nothing
    guest.fill()
    guest.settle()
    guest.visit.sign(STROKES)
    guest.visit.next()
    guest.visit.submit()
    guest.finish_sending()
    assert key.draft_id not in held(shop)
    assert shop.drafts.read(key.draft_id) is None
    show(guest, key)
    fault = guest.visit.resume.fault
    assert fault is not None
    assert fault.code == "draft.finished"


def test_visit_that_ends_without_handing_in_leaves_the_slip_good(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    key = taken(guest, printer)
    resumed(guest, key)
    guest.visit.quit()
    assert knows(guest.visit, document().number, PHONE, key.symbols) == []
    assert key.draft_id in held(shop)
    resumed(guest, key)
    guest.at(Step.FORM)


def test_strangers_card_is_refused_and_the_owners_taken(
    guest: Guest, printer: PrinterTcp
) -> None:
    key = taken(guest, printer)
    show(guest, key)
    guest.visit.go_on_with_draft()
    guest.visit.agree()
    guest.lay("li_rare")
    guest.until(lambda: guest.visit.identify.fault is not None, "refused")
    fault = guest.visit.identify.fault
    assert fault is not None
    assert fault.code == "draft.other_person"
    assert knows(guest.visit, PHONE) == []
    guest.lift()
    guest.lay()
    guest.recognised()
    guest.at(Step.FORM)


def test_who_identified_before_is_refused_at_consent(guest: Guest, printer: PrinterTcp) -> None:
    key = taken(guest, printer)
    guest.new_visit()
    assert guest.reader is not None
    guest.reader.remove()
    guest.to_form(card="li_rare")
    guest.visit.home()
    guest.visit.code_event(CodeScanned(key.qr_text))
    sought(guest)
    guest.visit.go_on_with_draft()
    guest.visit.agree()
    guest.at(Step.CONSENT)
    assert guest.visit.fault is not None
    assert guest.visit.fault.code == "draft.other_person"


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


def test_expired_slip_is_told(guest: Guest, printer: PrinterTcp) -> None:
    key = taken(guest, printer)
    guest.place.clock.pass_by(guest.place.rooms.timings.draft_kept)
    show(guest, key)
    fault = guest.visit.resume.fault
    assert fault is not None
    assert fault.code == "draft.expired"


def test_typed_code_finds_it_and_a_wrong_one_is_told(guest: Guest, printer: PrinterTcp) -> None:
    key = taken(guest, printer)
    guest.new_visit()
    guest.to_home()
    guest.visit.open_resume()
    code = guest.visit.slip_code
    wrong = "0" if key.text[0] != "0" else "1"
    code.set_answer(FIELD, wrong + key.text[1:])
    code.next()
    assert phase(guest) is ResumePhase.CODE
    assert code.form.fields[0].problem
    code.set_answer(FIELD, key.text.lower())
    code.next()
    sought(guest)
    assert phase(guest) is ResumePhase.FOUND
    guest.visit.back()
    guest.at(Step.HOME)
    assert knows(guest.visit, key.symbols, key.text.lower()) == []


def test_slip_of_another_kiosk_needs_the_line_and_can_be_tried_again(guest: Guest) -> None:
    show(guest, DraftKey.new())
    fault = guest.visit.resume.fault
    assert fault is not None
    assert fault.code == "draft.line"
    assert "retry" in fault.actions
    guest.visit.retry()
    assert phase(guest) is ResumePhase.SEARCHING
    sought(guest)
    guest.visit.type_slip_code()
    assert phase(guest) is ResumePhase.CODE


def test_damaged_code_of_a_slip_is_told_and_can_be_typed(guest: Guest) -> None:
    guest.visit.code_event(CodeScanned(DraftKey.new().qr_text[:-2]))
    guest.at(Step.RESUME)
    fault = guest.visit.resume.fault
    assert fault is not None
    assert fault.code == "code.unknown"
    guest.visit.type_slip_code()
    assert phase(guest) is ResumePhase.CODE


def test_from_the_consent_back_leads_to_the_slip_and_home_puts_it_away(
    guest: Guest, printer: PrinterTcp
) -> None:
    key = taken(guest, printer)
    show(guest, key)
    guest.visit.go_on_with_draft()
    guest.at(Step.CONSENT)
    guest.visit.back()
    guest.at(Step.RESUME)
    assert phase(guest) is ResumePhase.FOUND
    guest.visit.home()
    guest.visit.open_resume()
    assert phase(guest) is ResumePhase.CODE
    guest.visit.go_on_with_draft()
    guest.at(Step.RESUME)


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
