"""Staff show the kiosk its empty white desk; a resident's white paper on it is found then."""

from collections.abc import Iterator

import pytest

from devices.testbed.camera import CameraHttp
from kiosk.steps import Step
from tests.journeys.city import City
from tests.journeys.resident import Resident
from tests.journeys.telling import sentence
from tests.journeys.test_staff import Member, invite

CARD = "social_security_card"


@pytest.fixture
def white_desk() -> Iterator[CameraHttp]:
    with CameraHttp(surface="white") as camera:
        yield camera


def test_mat_is_refused_while_a_page_lies_there_taken_and_a_white_paper_found(
    own_city: City, white_desk: CameraHttp
) -> None:
    _, code = invite(own_city)
    member = Member(Resident(own_city, *own_city.open(camera=white_desk.address)))
    member.comes_to_the_door("en").binds(code).is_in().sees("camera", "Works")
    white_desk.lay("rental_contract")
    member.hands.wait_to_see("staff.take_mat")
    member.hands.wait_until(
        lambda: _tries(member, sentence("mat.not_empty", "en")), "a page in the way"
    )
    white_desk.take()
    member.hands.wait_until(lambda: _tries(member, "The empty mat is taken."), "the mat is taken")
    member.signs_out()

    own_city.close()
    resident = Resident(own_city, *own_city.open(camera=white_desk.address))
    resident.jumps_to(Step.MATERIAL).opens_the_camera(CARD)
    white_desk.lay("business_licence")
    resident.sees_a_page().keeps_the_page()


def _tries(member: Member, words: str) -> bool:
    """Touch the button again when the last answer is another: frames may still show the desk
    as it was."""
    if words in member.at.reads:
        return True
    if not member.at.visit.staff_home.busy:
        member.hands.tap("staff.take_mat")
    return False
