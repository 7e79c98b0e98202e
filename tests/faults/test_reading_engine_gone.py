"""The process that reads papers is killed, as a kiosk short of memory does."""

import os
import signal
from contextlib import suppress

from devices.testbed.identity_papers import ADDRESS
from kiosk.steps import Step
from tests.journeys.resident import Resident
from tests.journeys.test_fill_from_a_paper import at_the_delivery, delivery, opens_the_camera


def engine_dies_while_it_reads(resident: Resident) -> Resident:
    opens_the_camera(at_the_delivery(resident)).lays_paper("household_first_page")
    reader = resident.kiosk.rooms.text_reader
    assert reader is not None
    resident.hands.wait_to_see("scan.reading")

    def dies_until_it_is_told() -> bool:
        """One that dies while it starts is started again, for the page that waits."""
        if reader.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(reader.pid, signal.SIGKILL)
        return resident.hands.see("fault")

    resident.hands.wait_until(dies_until_it_is_told, "a fault on the screen")
    return resident.is_told("text.engine_gone")


def test_killed_reader_is_told_and_another_try_reads_the_paper(resident: Resident) -> None:
    engine_dies_while_it_reads(resident).touches("fault.retry").arrives_at(Step.FORM)
    assert delivery(resident).value == ADDRESS


def test_killed_reader_is_told_and_the_answer_is_typed_instead(resident: Resident) -> None:
    engine_dies_while_it_reads(resident).touches("scan.type").arrives_at(Step.FORM)
    assert delivery(resident).value == ""
    resident.answers("delivery_address", "nanguanqu")
    assert delivery(resident).value
