"""No hub: the whole visit works, the receipt says so, the case arrives once when it is back."""

from kiosk.steps import Step
from tests.journeys.city import eventually
from tests.journeys.resident import Resident, next_visitor
from tests.journeys.telling import sentence, way_on


def test_visit_without_a_hub_ends_with_a_receipt_and_later_exactly_one_case(
    resident_of_own_city: Resident,
) -> None:
    resident = resident_of_own_city
    city = resident.city
    city.hub.stop()
    resident.jumps_to(Step.REVIEW, language="ko").hands_in()
    number, qr = resident.receipt, resident.visit.receipt.qr
    assert resident.hands.see("done.unconfirmed")
    resident.finds(sentence("hub.unreachable", "ko")).finds(way_on("hub.unreachable", "ko"))
    assert qr in city.bench.printer.jobs[-1].codes
    resident.leaves()

    guest = next_visitor(city).shows_code(qr)  # safe here, says the code meanwhile
    guest.hands.wait_until(lambda: not guest.visit.status.loading, "an answer")
    assert guest.visit.status.status == "received"
    assert guest.hands.text("status.number") == number
    city.hub.start()
    outbox = guest.kiosk.store.outbox
    guest.hands.wait_until(lambda: not outbox.waiting(), "the hub's signed receipt")
    assert len(city.case(number)) == 1


def test_receipt_on_the_screen_is_confirmed_while_its_owner_still_looks(
    resident_of_own_city: Resident,
) -> None:
    resident = resident_of_own_city
    resident.city.hub.stop()
    resident.jumps_to(Step.DONE)
    assert resident.hands.see("done.unconfirmed")
    resident.city.hub.start()
    resident.hands.wait_to_see("done.confirmed")
    assert sentence("hub.unreachable", "zh") not in resident.reads


def test_own_cases_are_not_to_be_had_without_a_hub_and_trying_again_finds_them(
    resident_of_own_city: Resident,
) -> None:
    resident = resident_of_own_city
    city = resident.city
    resident.jumps_to(Step.DONE)
    number, qr = resident.receipt, resident.visit.receipt.qr
    eventually(lambda: bool(city.case(number)), "the case at the hub")
    resident.leaves()
    owner = next_visitor(city)
    city.hub.stop()
    owner.shows_code(qr).is_told("hub.unreachable")
    city.hub.start()
    owner.touches("fault.retry").is_told_nothing()
    owner.opens_the_case_of("zhang_wei")
    assert number in owner.reads
