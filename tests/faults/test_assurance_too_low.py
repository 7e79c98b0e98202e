"""A card that is only known to be here, for a service that wants its chip's word."""

from kiosk.steps import Step
from tests.journeys.resident import CERTIFICATE, TRANSPORT_CARD, Resident


def test_social_security_card_is_too_little_for_a_certificate(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, service=CERTIFICATE)
    resident.lays("wang_social").is_told("assurance.too_low")
    resident.lays("zhang_wei").is_recognised().jumps_to(Step.DONE)
    assert resident.receipt in resident.reads


def test_the_same_card_will_do_where_less_is_asked(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, service=TRANSPORT_CARD).lays("wang_social").is_recognised()
