"""A reader's cable comes out while somebody is asked for a card."""

from kiosk.steps import Step
from tests.journeys.city import City
from tests.journeys.resident import TRANSPORT_CARD, Resident


def test_only_reader_unplugged_is_told_and_the_visit_goes_on_when_it_is_back(city: City) -> None:
    resident = Resident(city, *city.open(smartcard=False)).jumps_to(Step.IDENTIFY)
    city.bench.id_card.unplug()
    resident.is_told("reader.gone")
    city.bench.id_card.replug()
    resident.is_told_nothing()
    resident.lays("zhang_wei").is_recognised().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads


def test_one_of_two_readers_unplugged_leaves_the_other(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="en", service=TRANSPORT_CARD)
    resident.city.bench.id_card.unplug()
    resident.finds("The reader for this card does not work at the moment: Resident ID card")
    assert not resident.hands.see("identify.id_card")  # nobody is sent to the dead one
    resident.lays("wang_social").is_recognised()
