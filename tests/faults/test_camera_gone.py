"""The camera's cable comes out."""

from kiosk.steps import Step
from tests.journeys.resident import Resident

CARD = "social_security_card"


def test_camera_gone_is_told_and_the_page_is_taken_when_it_is_back(resident: Resident) -> None:
    camera = resident.city.bench.camera
    resident.jumps_to(Step.MATERIAL)
    camera.gone()
    resident.opens_the_camera(CARD).is_told("camera.gone")
    camera.gone(False)
    resident.lays_paper("household_register").sees_a_page().is_told_nothing()
    resident.keeps_the_page().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads


def test_frozen_camera_is_told_and_there_is_a_way_back(resident: Resident) -> None:
    camera = resident.city.bench.camera
    resident.jumps_to(Step.MATERIAL, language="en").opens_the_camera(CARD)
    resident.hands.wait_until(lambda: resident.visit.live().number > 0, "a first picture")
    camera.stall()
    resident.is_told("camera.gone")
    resident.touches("nav.back").arrives_at(Step.MATERIAL)
