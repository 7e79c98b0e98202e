"""New settings start a kiosk afresh, but never under somebody's hands."""

from kiosk.steps import Step
from tests.journeys.resident import Resident


def test_new_settings_wait_while_somebody_is_here(resident: Resident) -> None:
    before = resident.city.over
    resident.touches_the_screen()
    resident.kiosk.hub.settings_came.set()
    resident.hands.wait(3.0)
    assert resident.step == Step.LANGUAGE
    assert resident.city.over == before


def test_new_settings_start_the_kiosk_afresh_when_nobody_is_here(resident: Resident) -> None:
    before = resident.city.over
    assert resident.step == Step.ATTRACT
    resident.kiosk.hub.settings_came.set()
    resident.hands.wait_until(lambda: resident.city.over == before + 1, "a fresh start")
