"""A kiosk that starts without a line serves everybody; every case arrives once when it is back."""

from kiosk.steps import Step
from tests.journeys.city import City
from tests.journeys.resident import TRANSPORT_CARD, Resident, next_visitor


def test_two_visits_without_a_line_become_two_cases(own_city: City) -> None:
    Resident(own_city, *own_city.open())  # enrolled while there was a line
    own_city.hub.stop()

    first = next_visitor(own_city).speaks_at_once("zh").opens(TRANSPORT_CARD).begins().agrees()
    first.lays("wang_social").is_recognised().fills_in().scans_everything_required().signs()
    first.hands_in()
    assert first.hands.see("done.unconfirmed")
    assert first.receipt.encode() in own_city.bench.printer.jobs[-1].raw
    numbers = [first.receipt]
    first.leaves()

    second = next_visitor(own_city).jumps_to(Step.DONE, card="li_rare", language="ko")
    assert second.hands.see("done.unconfirmed")
    numbers.append(second.receipt)
    second.leaves()

    third = next_visitor(own_city)
    outbox = third.kiosk.store.outbox
    assert [item.receipt_number for item in outbox.waiting()] == numbers
    own_city.hub.start()
    third.hands.wait_until(lambda: not outbox.waiting(), "both signed receipts")
    # Each has its own lane and its own back-off, so either may come first.
    assert sorted(case["receipt_number"] for case in own_city.hub.cases()) == sorted(numbers)
    third.jumps_to(Step.HOME)
