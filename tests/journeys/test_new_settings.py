"""A technician changes a setting at the screen. New ones start a kiosk afresh, but never under
somebody's hands."""

from kiosk.config import read_config
from kiosk.steps import Step
from tests.journeys.city import City
from tests.journeys.resident import Resident
from tests.journeys.test_staff import Member, invite


def test_technician_sets_how_long_a_visitor_may_be_silent(own_city: City) -> None:
    city = own_city
    resident = Resident(city, *city.open())
    technician = Member(resident).comes_to_the_door()
    technician.binds(invite(city)[1]).is_in()
    resident.touches("staff.settings").arrives_at(Step.STAFF_SETTINGS)
    hands = technician.hands
    hands.reveal("setting.more.idle_warning")
    assert hands.text("setting.value.idle_warning") == "45"
    resident.touches("setting.more.idle_warning")
    hands.wait_until(lambda: hands.text("setting.value.idle_warning") == "50", "kept")
    assert read_config(city.file).idle_warning == 50
    resident.touches("nav.back").arrives_at(Step.STAFF_HOME)
    technician.signs_out()
    assert resident.kiosk.hub.settings_came.is_set()


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
