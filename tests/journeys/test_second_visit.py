"""Coming back: the receipt's code says how far it is and no more; the card shows the case."""

from kiosk.steps import Step
from tests.journeys.city import eventually
from tests.journeys.private import found, personal
from tests.journeys.resident import Resident, next_visitor


def test_code_shows_status_only_card_the_case_and_another_card_nothing(
    resident: Resident,
) -> None:
    city = resident.city
    resident.jumps_to(Step.DONE)
    number, qr = resident.receipt, resident.visit.receipt.qr
    service = resident.visit.receipt.service
    eventually(lambda: bool(city.case(number)), "the case at the hub")
    resident.leaves()
    about = (*personal("zhang_wei"), service)

    finder = next_visitor(city).shows_code(qr)
    finder.hands.wait_until(lambda: not finder.visit.status.loading, "the hub's answer")
    finder.hands.frame()
    assert finder.hands.text("status.number") == number
    assert finder.visit.status.sentence in finder.reads
    assert not found(about, finder.reads)

    finder.opens_the_case_of("li_rare")
    assert number not in finder.reads
    assert not found(about, finder.reads)
    finder.leaves()

    owner = next_visitor(city).shows_code(qr).opens_the_case_of("zhang_wei")
    assert number in owner.reads
    assert city.case(number)[0]["case_number"] in owner.reads
    assert service in owner.reads
    owner.leaves()
    assert not found((*about, number), owner.reads)


def test_owner_without_a_code_finds_the_case_from_home(resident: Resident) -> None:
    city = resident.city
    resident.jumps_to(Step.DONE, card="smith", language="en")
    number = resident.receipt
    eventually(lambda: bool(city.case(number)), "the case at the hub")
    resident.leaves()
    owner = next_visitor(city).speaks_at_once("en").touches("home.my_cases")
    owner.arrives_at(Step.IDENTIFY).lays("smith").arrives_at(Step.CASE)
    owner.finds(number)
