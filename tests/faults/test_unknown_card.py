"""A smart card that is none of ours."""

import pytest

from kiosk.steps import Step
from tests.journeys.resident import TRANSPORT_CARD, Resident


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_unknown_card_is_named_and_another_card_goes_on(
    resident: Resident, language: str
) -> None:
    resident.jumps_to(Step.IDENTIFY, language=language, service=TRANSPORT_CARD)
    resident.lays("unknown_card").is_told("card.unknown")
    resident.takes_the_card().is_told("card.unknown")  # it outlives the card it is about
    resident.touches("fault.retry").is_told_nothing()
    resident.lays("wang_social").is_recognised()


def test_visit_ends_with_a_receipt_after_an_unknown_card(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY).lays("unknown_card").is_told("card.unknown")
    resident.lays("zhang_wei").is_recognised().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads
