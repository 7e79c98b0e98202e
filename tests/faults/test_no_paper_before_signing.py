"""The roll is empty when somebody comes to sign (decision 5: paper is checked before)."""

import pytest

from kiosk.steps import Step
from tests.journeys.resident import Resident


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_nobody_signs_without_paper_until_it_is_filled_up(
    resident: Resident, language: str
) -> None:
    printer = resident.city.bench.printer
    printer.paper_out()
    resident.jumps_to(Step.SIGN, language=language).is_told("printer.paper_out")
    assert not resident.hands.see("sign.pad")
    resident.touches("fault.retry").waits(1).is_told("printer.paper_out")
    printer.paper_out(False)
    resident.waits(3).is_told_nothing()  # seen by itself: staff need not touch the screen
    resident.signs().hands_in()
    assert not resident.kiosk.store.outbox.receipts_owed()


def test_going_on_without_paper_leaves_the_receipt_on_the_screen_and_owed(
    resident: Resident,
) -> None:
    printer = resident.city.bench.printer
    printer.paper_out()
    jobs = len(printer.jobs)
    resident.jumps_to(Step.SIGN).is_told("printer.paper_out")
    resident.touches("fault.skip").is_told_nothing().signs().hands_in()
    assert resident.hands.text("done.number") == resident.receipt
    assert resident.hands.see("done.qr")
    assert [row.number for row in resident.kiosk.store.outbox.receipts_owed()] == [
        resident.receipt
    ]
    printer.paper_out(False)
    resident.leaves()
    assert len(printer.jobs) == jobs  # never printed unattended
