"""A card past its last day."""

from kiosk.steps import Step
from tests.journeys.resident import Resident


def test_expired_card_is_not_taken_and_another_one_is(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="en").lays("zhao_expired").is_told("card.expired")
    assert not resident.visit.entered_anything
    resident.takes_the_card().is_told("card.expired")
    resident.lays("li_rare").is_recognised()
