"""The kiosk that the kill test shoots: the whole app with a visitor, in a process of its own.

    python -m tests.journeys.kiosk_to_kill CONFIG_JSON TESTBED_FOLDER [draft]

The visitor hands in, or with "draft" takes the application along.

Each line on standard output says
what has been reached.
"""

import os
import sys
from pathlib import Path

from devices.testbed.remote import RemoteTestbed
from kiosk.contract.options import Config
from kiosk.draft_views import DraftPhase
from kiosk.steps import Step
from kiosk.views import StageState
from tests.journeys.city import City, boot
from tests.journeys.resident import Resident


class CityFromAfar(City):
    """A city as far as this process knows it: its testbed."""

    def __init__(self, testbed: Path) -> None:
        self.bench = RemoteTestbed(testbed)


def main(config: Path, testbed: Path, draft: bool) -> None:
    hands, kiosk = boot(Config.model_validate_json(config.read_text()), lambda: None)
    resident = Resident(CityFromAfar(testbed), hands, kiosk)
    if draft:
        resident.jumps_to(Step.FORM)
        _say("form")
        resident.visit.take_with_you()
        resident.visit.keep_draft()
        hands.wait_until(lambda: resident.visit.draft.phase is DraftPhase.KEPT, "the slip")
        _say("kept")
        return
    resident.jumps_to(Step.REVIEW)
    _say("review")
    visit = resident.visit
    visit.submit()
    hands.wait_until(
        lambda: visit.step is Step.SENDING
        and any(s.id == "printing" and s.state is StageState.ACTIVE for s in visit.stages),
        "the receipt being printed",
    )
    _say("printing")
    hands.wait_for(Step.DONE)
    _say("done")


def _say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] == ["draft"])
