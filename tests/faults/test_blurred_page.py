"""The lens is out of focus."""

from kiosk.steps import Step
from tests.journeys.resident import Resident
from tests.journeys.telling import way_on

CARD = "social_security_card"


def test_blurred_page_is_not_taken_by_itself_and_told_when_taken_by_hand(
    resident: Resident,
) -> None:
    resident.jumps_to(Step.MATERIAL, language="ko").opens_the_camera(CARD)
    resident.city.bench.camera.blur()
    resident.lays_paper("household_register")
    resident.finds(way_on("page.blurred", "ko"))
    assert resident.visit.captured is None
    resident.touches("scan.capture").is_told("page.blurred", "scan.problem")
    resident.city.bench.camera.blur(False)
    resident.touches("scan.retake").sees_a_page()
    assert not resident.hands.see("scan.problem")
    resident.keeps_the_page().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads
