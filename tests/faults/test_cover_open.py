"""The printer's cover stands open when somebody comes to sign."""

from kiosk.steps import Step
from tests.journeys.resident import Resident


def test_open_cover_is_told_before_signing_and_closing_it_is_enough(resident: Resident) -> None:
    printer = resident.city.bench.printer
    printer.cover_open()
    resident.jumps_to(Step.SIGN, language="ko").is_told("printer.cover_open")
    assert not resident.hands.see("sign.pad")
    printer.cover_open(False)
    resident.touches("fault.retry").is_told_nothing()
    resident.signs().hands_in()
    assert resident.receipt in printer.jobs[-1].raw.decode("gb18030", "replace")
    assert not resident.kiosk.store.outbox.receipts_owed()
