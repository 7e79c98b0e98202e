"""Another language on any step: every word changes, nothing is lost, one signs anew."""

from kiosk.steps import Step
from kiosk.words import Words
from tests.journeys.private import found
from tests.journeys.resident import Resident

CARD = "social_security_card"


STEPS = (Step.HOME, Step.SERVICE, Step.CONSENT, Step.IDENTIFY, Step.FORM, Step.MATERIAL, Step.DONE)


def test_the_step_stays_and_every_word_changes(resident: Resident) -> None:
    for step in STEPS:
        resident.jumps_to(step)
        for language in ("en", "ko", "zh"):
            resident.touches(f"header.language.{language}").finds(Words(language)("Help"))
            assert resident.visit.language == language
            assert resident.step == step
            others = {"zh", "en", "ko"} - {language}
            assert not found((Words(other)("Help") for other in others), resident.reads)


def test_nothing_entered_is_lost_but_the_signature(resident: Resident) -> None:
    resident.speaks_at_once("zh").jumps_to(Step.FORM).answers("phone", "13900001234")
    resident.touches("header.language.ko")  # with the keyboard still up
    assert answer(resident, "phone") == "13900001234"
    resident.jumps_to(Step.MATERIAL, language="ko").scans(CARD, "household_register")
    resident.touches("header.language.en")
    assert resident.visit.materials[0].pages == 1
    resident.touches("material.next").arrives_at(Step.SIGN).signs()  # and is now on the review
    resident.touches("header.language.zh").arrives_at(Step.SIGN)
    assert not resident.visit.sign_view.signed
    assert "sign.next" not in resident.hands.widgets()
    resident.signs().hands_in()
    number = resident.receipt
    resident.touches("header.language.en")
    assert number in resident.hands.text("done.number")
    assert Words("en")("We have received it") in resident.reads


def answer(resident: Resident, field: str) -> str:
    return next(q.value for q in resident.visit.form.fields if q.id == field)
