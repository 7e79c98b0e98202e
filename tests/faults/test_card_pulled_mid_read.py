"""The card is lifted while its chip still speaks."""

from devices.testbed.faults import CardAct
from devices.testbed.samv import READ_BASE
from kiosk.steps import Step
from tests.journeys.resident import TRANSPORT_CARD, Resident


def test_identity_card_pulled_mid_read_is_asked_for_again(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="ko")
    resident.city.bench.id_card.inject(CardAct.PULLED, on=READ_BASE)
    resident.lays("jin_meihua").is_told("card.removed")
    assert resident.city.bench.id_card.card is None
    resident.lays("jin_meihua").is_recognised().jumps_to(Step.DONE, language="ko")
    assert resident.receipt in resident.reads


def test_social_security_card_pulled_mid_read_is_asked_for_again(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, service=TRANSPORT_CARD)
    resident.city.bench.smartcard.inject(CardAct.PULLED, after=2)
    resident.lays("wang_social").is_told("card.removed")
    resident.takes_the_card().lays("wang_social").is_recognised()
