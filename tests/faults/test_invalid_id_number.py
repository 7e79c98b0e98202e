"""An identity number whose check character does not fit."""

import pytest

from kiosk.steps import Step
from tests.journeys.resident import RESIDENCE_PERMIT, Resident

FIELD = "landlord_id_number"
PROBLEM = f"form.problem.{FIELD}"
GOOD = "22010419850312017"  # and its check character, below


@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_id_number_is_told_below_its_line_and_mended(
    resident: Resident, language: str
) -> None:
    resident.jumps_to(Step.FORM, language=language, service=RESIDENCE_PERMIT)
    resident.answers("phone", "13900001234").goes_on()
    resident.touches("form.choice.housing.rented")
    resident.answers(FIELD, GOOD + "1").touches("key.done")
    resident.is_told("field.id_number", PROBLEM)
    assert resident.step == Step.FORM
    resident.touches(f"form.field.{FIELD}").touches("key.clear").types(GOOD + _check(GOOD))
    resident.touches("key.done")
    resident.hands.wait_until(lambda: not resident.hands.see(PROBLEM), "the number is fine")
    resident.jumps_to(Step.MATERIAL, housing="rented", landlord_phone="13900005678")


def _check(body: str) -> str:
    """GB 11643: ISO 7064 MOD 11-2."""
    return "10X98765432"[sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(body)) % 11]
