"""The hub dies when it has the case and has not said so: asked again, it makes no second one."""

import pytest

from kiosk.steps import Step
from tests.journeys.resident import Resident, next_visitor


@pytest.mark.parametrize("point", ["upload.complete", "case.committed"])
def test_one_submission_stays_one_case(resident_of_own_city: Resident, point: str) -> None:
    resident = resident_of_own_city
    city = resident.city
    city.hub.stop()
    city.hub.start(crash_at=point)
    resident.jumps_to(Step.REVIEW).hands_in()
    number = resident.receipt
    assert city.hub.wait_until_dead() == 137
    assert resident.hands.see("done.unconfirmed")
    assert number.encode() in city.bench.printer.jobs[-1].raw
    resident.leaves()
    city.hub.start()
    following = next_visitor(city)
    outbox = following.kiosk.store.outbox
    following.hands.wait_until(lambda: not outbox.waiting(), "the signed receipt")
    assert len(city.case(number)) == 1
    assert not outbox.receipts_owed()
