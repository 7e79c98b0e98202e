"""Something that has to be there is not: an answer, a paper, a signature."""

import pytest

from kiosk.steps import Step
from tests.journeys.resident import Resident

CARD = "social_security_card"


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_empty_answer_is_asked_for_below_its_line(resident: Resident, language: str) -> None:
    resident.jumps_to(Step.FORM, language=language).touches("form.next")
    resident.is_told("field.required", "form.problem.phone")
    assert resident.visit.form.page == 0
    resident.answers("phone", "13900001234").goes_on()
    assert resident.visit.form.page == 1


def test_wrong_phone_number_is_told_below_its_line(resident: Resident) -> None:
    resident.jumps_to(Step.FORM).answers("phone", "139000").goes_on()
    resident.is_told("field.phone", "form.problem.phone")
    assert resident.visit.form.page == 0


def test_missing_paper_is_told_and_taken_then(resident: Resident) -> None:
    resident.jumps_to(Step.MATERIAL, language="ko").touches("material.next")
    resident.is_told("material.missing")
    resident.touches("fault.retry").is_told_nothing()
    resident.jumps_to(Step.SIGN)


def test_nobody_goes_on_without_signing(resident: Resident) -> None:
    resident.jumps_to(Step.SIGN)
    assert "sign.next" not in resident.hands.widgets()  # greyed until the pad holds a signature
    resident.visit.next()
    resident.is_told("signature.missing")
    resident.signs().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads
