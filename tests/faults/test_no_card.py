"""Nobody lays a card: after a while the screen explains how."""

from kiosk.steps import Step
from tests.journeys.resident import Resident


def test_the_screen_explains_how_to_lay_a_card_when_none_comes(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY).waits(19)
    assert not resident.hands.see("fault")
    resident.waits(2).is_told("card.absent")
    resident.lays("zhang_wei").is_recognised().jumps_to(Step.DONE)
    assert resident.receipt
