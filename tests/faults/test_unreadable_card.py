"""A card that lies askew: three looks give nothing, the next one does."""

from devices.testbed.samv import READ_BASE
from kiosk.steps import Step
from tests.journeys.resident import Resident

NOT_READ = 0x41  # GA/T 467-2019: reading the card failed


def test_trying_again_reads_the_card_that_still_lies_there(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="ko")
    resident.city.bench.id_card.inject(NOT_READ, on=READ_BASE, times=3)
    resident.lays("jin_meihua").is_told("card.unreadable")
    resident.touches("fault.retry").is_recognised()
