"""The process that runs a campaign of lives for `yimen campaign`, which shows it.

    python -m tests.campaigns.lives.run kill --seed S --first A --count N

Standard output: one JSON object a line for each round; before them {"device": …} of a powercut;
{"cannot": WHY} when this machine cannot.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.campaigns.lives.city import Folder
from tests.campaigns.lives.deaths import Boxes, Deaths, Outcome
from tests.campaigns.lives.disk import LoopDisk, NoDisk
from tests.campaigns.lives.fuse_disk import FuseDisk
from tests.campaigns.lives.sabotage import KINDS
from tests.campaigns.lives.storms import Storm, Storms

CAMPAIGNS = ("kill", "powercut", "network")
DISKS: dict[str, Callable[[Path], LoopDisk | FuseDisk]] = {"loop": LoopDisk, "fuse": FuseDisk}
"""What a power cut is tried on, the better one first."""
_SCRATCH = Path("/dev/shm")
"""In memory: a kill loses nothing that was written, wherever it was written."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--sabotage", choices=KINDS, default="")
    parser.add_argument("--device", choices=("auto", *DISKS), default="auto")
    given = parser.parse_args()
    # Whoever has seen enough ends this process: disks are dismantled all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with ExitStack() as stack:
        # Short, since the path of a Unix socket has 107 characters at most.
        place = str(_SCRATCH) if _SCRATCH.is_dir() else None
        # A container that was begun meanwhile may still have a copy of a mount: leave that folder.
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="yimen-", dir=place, ignore_cleanup_errors=True)
        )
        numbers = range(given.first, given.first + given.count)
        if given.campaign == "network":
            storms = stack.enter_context(Storms(given.seed, Path(folder)))
            for number in numbers:
                print(json.dumps(told_storm(storms.round(number))), flush=True)
            return
        try:
            box: Boxes = Folder
            if given.campaign == "powercut":
                device, box = disk(given.device, Path(folder))
                print(json.dumps({"device": device}), flush=True)
            deaths = stack.enter_context(
                Deaths(given.seed, Path(folder), box, box, given.sabotage)
            )
            for number in numbers:
                print(json.dumps(told(deaths.round(number))), flush=True)
        except NoDisk as error:
            print(json.dumps({"cannot": str(error)}), flush=True)


def disk(wanted: str, folder: Path) -> tuple[str, Boxes]:
    """The disk of this name, or for "auto" the first that this machine can make. Raises NoDisk."""
    names = list(DISKS) if wanted == "auto" else [wanted]
    for name in names:
        try:
            DISKS[name](folder / f"{name}-tried").dismantle()
        except NoDisk:
            if name == names[-1]:
                raise
        else:
            break
    return name, DISKS[name]


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
