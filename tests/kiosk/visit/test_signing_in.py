"""The staff's door: who finds it, what is asked, and who is let in."""


import pytest

from kiosk.staff_views import StaffPhase
from kiosk.steps import Step
from kiosk.visit import WrongStep
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.visit.guest import Guest, knows
from tests.kiosk.visit.staff_member import (
    PERSONAL,
    PIN,
    fault_of,
    invite,
    phase_of,
    to_door,
)


def test_card_leads_to_the_pin_and_to_no_application(member: Guest) -> None:
    to_door(member)
    visit = member.visit
    assert phase_of(member) is StaffPhase.PIN
    assert visit._person is None
    assert visit.entered_anything is False
    assert visit.progress is None
    assert not visit.can_go_back
    with pytest.raises(WrongStep):
        visit.home()


def test_door_opens_only_before_anybody_identified(member: Guest) -> None:
    visit = member.visit
    assert not visit.can_open_staff
    with pytest.raises(WrongStep):
        visit.open_staff()
    member.to_form()
    assert not visit.can_open_staff
    with pytest.raises(WrongStep):
        visit.open_staff()
    visit.home()
    assert not visit.can_open_staff  # the person is still known in this visit
    visit.open_staff()
    member.at(Step.HOME)


def test_who_did_not_mean_it_goes_back_and_is_served(member: Guest) -> None:
    member.to_home()
    member.visit.open_staff()
    member.at(Step.IDENTIFY)
    member.visit.back()
    member.at(Step.HOME)
    member.visit.open_service("paperless")
    member.visit.begin()
    member.visit.agree()
    member.lay("zhang_wei")
    member.recognised()
    member.at(Step.FORM)


def test_digits_of_another_length_and_digits_while_asking_do_nothing(
    member: Guest, hub: HubBehindRelay
) -> None:
    invite(hub)  # the card of another test is nobody's any more
    to_door(member)
    visit = member.visit
    for digits in ("", "1", "1234567"):
        visit.staff_digits(digits)
    assert phase_of(member) is StaffPhase.PIN
    visit.staff_digits("111119")
    assert phase_of(member) is StaffPhase.ASKING
    visit.staff_digits("111119")
    visit.staff_first_time()
    assert phase_of(member) is StaffPhase.ASKING
    member.settle()
    assert phase_of(member) is StaffPhase.PIN
    assert fault_of(member) == "staff.unknown_card"


def test_binding_asks_code_pin_and_pin_again(member: Guest, hub: HubBehindRelay) -> None:
    _, code = invite(hub)
    to_door(member)
    visit = member.visit
    visit.staff_first_time()
    assert (phase_of(member), visit.staff_door.digits) == (StaffPhase.CODE, 10)
    visit.staff_digits(code)
    visit.staff_digits("881102")  # on the card
    assert (phase_of(member), fault_of(member)) == (StaffPhase.NEW_PIN, "staff.trivial_pin")
    visit.staff_digits(PIN)
    assert phase_of(member) is StaffPhase.REPEAT_PIN
    visit.staff_digits("280418")
    assert (phase_of(member), fault_of(member)) == (StaffPhase.NEW_PIN, "staff.pins_differ")
    visit.staff_digits(PIN)
    visit.staff_digits(PIN)
    member.on(Step.STAFF_HOME)
    assert visit.staff_home.name == "刘洋"
    assert not visit.staff_home.may_restart


def test_leaving_while_the_hub_is_asked_opens_nothing(member: Guest, hub: HubBehindRelay) -> None:
    _, code = invite(hub)
    to_door(member)
    visit = member.visit
    visit.staff_first_time()
    for digits in (code, PIN, PIN):
        visit.staff_digits(digits)
    visit.quit()
    member.settle()
    member.at(Step.GOODBYE)
    assert visit._condition is None
    assert knows(visit, *PERSONAL) == []
