"""Nobody touches the screen: the kiosk asks, and without an answer it forgets."""

from kiosk.steps import Step
from kiosk.views import StageState
from tests.journeys.private import personal
from tests.journeys.resident import Resident
from tests.journeys.test_back_and_quit import assert_forgotten


def test_a_touch_extends_and_no_touch_ends_and_forgets(resident: Resident) -> None:
    resident.jumps_to(Step.FORM).answers("phone", "13900001234")
    resident.waits(44)
    assert not resident.hands.see("idle.extend")
    resident.waits(2)
    assert resident.hands.see("idle.extend")
    assert resident.visit.idle_left is not None and resident.visit.idle_left >= 58
    resident.touches("idle.extend")
    assert not resident.hands.see("idle.extend")
    assert resident.step == Step.FORM
    before = resident.city.over
    resident.waits(46)
    assert resident.hands.see("idle.extend")
    resident.waits(58)
    assert resident.step == Step.FORM
    resident.waits(2).arrives_at(Step.GOODBYE)
    assert_forgotten(resident, personal("zhang_wei"))
    resident.hands.wait_until(lambda: resident.city.over > before, "a fresh start")


def test_any_touch_answers(resident: Resident) -> None:
    resident.jumps_to(Step.HOME).waits(46)
    assert resident.hands.see("idle.extend")
    finger = resident.hands.touch(20, 20)
    resident.hands.frame()
    finger.lift()
    resident.hands.frame()
    assert not resident.hands.see("idle.extend")
    assert resident.step == Step.HOME


def test_nobody_is_asked_on_the_attract_screen(resident: Resident) -> None:
    resident.waits(600)
    assert resident.step == Step.ATTRACT
    assert not resident.hands.see("idle.extend")


def test_nobody_is_asked_while_the_receipt_prints(resident: Resident) -> None:
    printer = resident.city.bench.printer
    resident.jumps_to(Step.REVIEW)
    printer.pace(40.0)
    resident.touches("review.submit")
    resident.hands.wait_until(
        lambda: resident.visit.step is Step.SENDING
        and resident.visit.stages[1].state is StageState.ACTIVE,
        "the printer at work",
    )
    resident.waits(120)
    assert resident.step == Step.SENDING
    assert not resident.hands.see("idle.extend")
    printer.pace(None)
    resident.arrives_at(Step.DONE)
    assert resident.visit.idle_left is None
