"""The camera sees an empty desk."""

from kiosk.steps import Step
from tests.journeys.resident import Resident

CARD = "social_security_card"


def test_empty_desk_is_told_after_a_while_and_a_page_is_taken_then(resident: Resident) -> None:
    resident.jumps_to(Step.MATERIAL).opens_the_camera(CARD)
    resident.waits(11)
    assert not resident.hands.see("fault")
    resident.waits(2).is_told("page.absent")
    resident.lays_paper("household_register").sees_a_page().is_told_nothing()
    resident.keeps_the_page().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads


def test_empty_desk_is_told_at_once_when_the_picture_is_taken_by_hand(resident: Resident) -> None:
    resident.jumps_to(Step.MATERIAL, language="en").opens_the_camera(CARD)
    resident.hands.wait_until(lambda: resident.visit.live().number > 0, "a picture of the desk")
    resident.touches("scan.capture").is_told("page.absent")
    resident.touches("fault.retry").is_told_nothing()
    assert resident.visit.captured is None
