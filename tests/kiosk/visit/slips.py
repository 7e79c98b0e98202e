"""An application taken along, and its slip shown again."""


from devices.code_readers.events import CodeScanned
from devices.testbed.printer import PrinterTcp
from kiosk.contract.draft_keys import DraftKey
from kiosk.draft_views import DraftPhase, ResumePhase
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.visit.guest import Guest

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
