"""The process that runs a campaign of lives for `yimen campaign`, which shows it.

    python -m tests.campaigns.lives.run kill --seed S --first A --count N

Standard output: one JSON object a line for each round; {"cannot": WHY} when this machine cannot.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.campaigns.lives.city import Folder
from tests.campaigns.lives.deaths import Deaths, Outcome
from tests.campaigns.lives.disk import LoopDisk, NoDisk
from tests.campaigns.lives.sabotage import KINDS
from tests.campaigns.lives.storms import Storm, Storms

CAMPAIGNS = ("kill", "powercut", "network")
_SCRATCH = Path("/dev/shm")
"""In memory: a kill loses nothing that was written, wherever it was written."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--sabotage", choices=KINDS, default="")
    given = parser.parse_args()
    with ExitStack() as stack:
        # Short, since the path of a Unix socket has 107 characters at most.
        place = str(_SCRATCH) if _SCRATCH.is_dir() else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yimen-", dir=place))
        numbers = range(given.first, given.first + given.count)
        if given.campaign == "network":
            storms = stack.enter_context(Storms(given.seed, Path(folder)))
            for number in numbers:
                print(json.dumps(told_storm(storms.round(number))), flush=True)
            return
        box = LoopDisk if given.campaign == "powercut" else Folder
        try:
            deaths = stack.enter_context(
                Deaths(given.seed, Path(folder), box, box, given.sabotage)
            )
            for number in numbers:
                print(json.dumps(told(deaths.round(number))), flush=True)
        except NoDisk as error:
            print(json.dumps({"cannot": str(error)}), flush=True)


def told(outcome: Outcome) -> dict[str, object]:
    """A round as JSON."""
    return {
        "round": outcome.number,
        "what": outcome.plan.name,
        "stage": outcome.plan.stage,
        "seconds": round(outcome.seconds, 3),
        "submissions": outcome.submissions,
        "at_work": outcome.at_work,
        "broken": [f"{broken.law}: {broken.detail}" for broken in outcome.broken],
    }


def told_storm(storm: Storm) -> dict[str, object]:
    """A round of bad weather as JSON."""
    return {
        "round": storm.number,
        "what": storm.kind,
        "struck": storm.struck,
        "stage": storm.kind,
        "seconds": round(storm.seconds, 3),
        "submissions": storm.submissions,
        "at_work": True,
        "broken": [f"{broken.law}: {broken.detail}" for broken in storm.broken],
    }


if __name__ == "__main__":
    main()
