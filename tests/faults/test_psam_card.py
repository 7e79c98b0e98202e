"""A third-generation social security card: locked without a PSAM."""

from kiosk.steps import Step
from tests.journeys.resident import TRANSPORT_CARD, Resident


def test_locked_card_is_explained_and_the_identity_card_goes_on(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="ko", service=TRANSPORT_CARD)
    resident.lays("psam_social").is_told("card.needs_psam")
    resident.lays("jin_meihua").is_recognised()
