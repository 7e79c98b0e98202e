"""Taken up again: a slip in another visit, its owner's card, and what may be wrong with either."""


from devices.code_readers.events import CodeScanned
from devices.testbed.printer import PrinterTcp
from kiosk.contract.draft_keys import DraftKey
from kiosk.draft_views import ResumePhase
from kiosk.slip_code import FIELD
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.rig import STROKES, document
from tests.kiosk.visit.guest import Guest, knows
from tests.kiosk.visit.slips import (
    PHONE,
    held,
    phase,
    resumed,
    show,
    sought,
    taken,
)


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
