"""Back through everything keeps everything; the way out asks first and then forgets."""

from kiosk.steps import Step
from tests.journeys.private import found, personal, texts_within
from tests.journeys.resident import Resident

BACK = [Step.SIGN, Step.MATERIAL, Step.FORM, Step.FORM, Step.FORM, Step.SERVICE, Step.HOME]


def test_back_through_every_step_keeps_answers_and_pages(resident: Resident) -> None:
    resident.jumps_to(Step.REVIEW)
    for step in BACK:
        resident.touches("nav.back").arrives_at(step)
    assert not resident.visit.can_go_back
    resident.opens(resident.service).touches("service.begin").arrives_at(Step.FORM)
    answers = {question.id: question.value for question in resident.visit.form.fields}
    assert answers["phone"] == "13900001234"
    resident.fills_in()
    assert resident.visit.materials[0].pages == 1
    resident.touches("material.next").jumps_to(Step.DONE)
    assert resident.receipt in resident.reads


def test_quit_asks_when_something_was_entered_and_then_nothing_is_left(
    resident: Resident,
) -> None:
    resident.jumps_to(Step.REVIEW)
    about = personal("zhang_wei")
    assert found(about, resident.reads)
    resident.touches("nav.quit")
    assert resident.hands.see("nav.quit.stay")
    resident.touches("nav.quit.stay")
    assert resident.step == Step.REVIEW
    before = resident.city.over
    resident.touches("nav.quit").touches("nav.quit.confirm").arrives_at(Step.GOODBYE)
    assert_forgotten(resident, about)
    resident.hands.wait_until(lambda: resident.city.over > before, "a fresh start")
    assert not resident.kiosk.store.outbox.waiting()


def test_quit_does_not_ask_when_nothing_was_entered(resident: Resident) -> None:
    resident.jumps_to(Step.SERVICE).touches("nav.quit").arrives_at(Step.GOODBYE)


def test_nothing_is_left_of_a_finished_visit(resident: Resident) -> None:
    resident.jumps_to(Step.DONE)
    resident.leaves()
    assert_forgotten(resident, personal("zhang_wei"))


def assert_forgotten(resident: Resident, about: tuple[str, ...]) -> None:
    """Neither on the screen nor in the visit nor in any screen that was open before."""
    assert not found(about, resident.reads)
    left = {word for text in texts_within(resident.visit.__dict__) for word in found(about, text)}
    assert not left, "in the visit"
    app = resident.hands.app
    left = {word for text in texts_within(app.__dict__) for word in found(about, text)}
    assert not left, "in the screens"
