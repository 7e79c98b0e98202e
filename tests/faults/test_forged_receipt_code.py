"""A receipt's code that none of our kiosks made."""

from datetime import date

from kiosk.contract import keys
from kiosk.contract.receipts import ReceiptNumber, qr_text
from kiosk.steps import Step
from tests.journeys.resident import Resident, next_visitor


def forged(kiosk_id: str) -> str:
    return qr_text(ReceiptNumber.make("0001", date(2026, 11, 23), 7), kiosk_id,
                   keys.new_signing_key())


def test_forged_code_of_a_known_kiosk_is_told_and_the_visit_goes_on(resident: Resident) -> None:
    identity = resident.kiosk.hub.identity
    assert identity is not None
    resident.speaks_at_once("ko").shows_code(forged(identity.kiosk_id)).is_told("code.forged")
    assert "YM0001" not in resident.reads
    resident.touches("nav.back").arrives_at(Step.HOME)


def test_forged_code_of_no_kiosk_at_all_is_told(resident: Resident) -> None:
    resident.shows_code(forged("K9999")).is_told("code.forged")
    resident.touches("fault.retry").is_told("code.forged")


def test_changed_number_under_a_true_signature_is_told_and_the_true_code_works(
    resident: Resident,
) -> None:
    resident.jumps_to(Step.DONE)
    number, qr = resident.receipt, resident.visit.receipt.qr
    other = ReceiptNumber.parse(number)
    other = ReceiptNumber(other.kiosk_code, other.day, other.sequence + 1)
    resident.leaves()
    guest = next_visitor(resident.city).shows_code(qr.replace(number, str(other)))
    guest.is_told("code.forged")
    guest.shows_code(qr).is_told_nothing()
    guest.hands.wait_until(lambda: guest.hands.text("status.number") == number, "the status")
