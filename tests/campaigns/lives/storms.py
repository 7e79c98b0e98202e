"""Rounds of bad weather: each is planned by its seed and number alone.

    with Storms(seed=1, folder=scratch) as storms:
        outcome = storms.round(0)

Applications are handed in while the line does its worst; then it heals, everything comes to rest,
and the receipt law is checked. In some rounds the hub comes back from an earlier backup.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Self

from tests.campaigns.lives.cities import Cities
from tests.campaigns.lives.city import REST_SECONDS, City, Folder, sizes
from tests.campaigns.lives.law import Broken
from tests.campaigns.lives.life import Warm
from tests.campaigns.lives.weather import KINDS, Relay, Weather

CITY_ROUNDS = 60
RESTORED = "hub restored"
ROUNDS = (*KINDS, "all at once", RESTORED)
_LONGEST_STORM = 1.5
"""Seconds of weather; submissions that are stuck in it wait for the line to heal."""


@dataclass(frozen=True)
class Storm:
    """What came of a round."""

    number: int
    kind: str
    broken: list[Broken]
    seconds: float
    submissions: int
    struck: int
    """How many requests the weather got hold of."""


class Storms:
    """`round` may be called with any numbers, in any order."""

    def __init__(
        self, seed: int, folder: Path, patience: float = REST_SECONDS, warm: Warm | None = None
    ) -> None:
        self._seed = seed

        def found(place: Path, warm: Warm) -> City:
            return City(
                place, warm, Folder(place / "kiosk-box"), Folder(place / "hub-box"),
                patience=patience, weather=True,
            )  # fmt: skip

        self._cities = Cities(folder, CITY_ROUNDS, found, warm)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cities.__exit__()

    def round(self, number: int) -> Storm:
        chance = Random(f"{self._seed}:{number}")
        kind = ROUNDS[number % len(ROUNDS)]
        came = self._cities.round(lambda city: _strike(city, kind, chance))
        return Storm(number, kind, came.broken, came.seconds, came.submissions, came.answer or 0)


def _strike(city: City, kind: str, chance: Random) -> int:
    """Let the round's weather happen; how many requests it got hold of."""
    assert city.relay is not None
    before = city.relay.struck.total()
    if kind == RESTORED:
        _restore(city, chance)
    else:
        _blow(city, city.relay, kind, chance)
    return city.relay.struck.total() - before


def _blow(city: City, relay: Relay, kind: str, chance: Random) -> None:
    """Hand in while the weather lasts."""
    end = time.monotonic() + _LONGEST_STORM
    work = sizes(chance)
    most = 1 if kind == "loss" else 6
    kinds = chance.sample([one for one in KINDS if one != "loss"], 3) if kind not in KINDS else [
        kind
    ]  # fmt: skip
    for one in kinds:
        relay.weather = Weather(one, chance, chance.uniform(0.3, 0.9), most)
        city.hand_in(work)
        while relay.weather.struck < most and time.monotonic() < end and city.at_work:
            time.sleep(0.01)
    relay.weather = None


def _restore(city: City, chance: Random) -> None:
    """The hub forgets what came after its backup, and comes back."""
    city.kill("hub")
    backup = city.hub_folder.with_name("backup")
    shutil.copytree(city.hub_folder, backup, symlinks=True)
    city.start()
    city.hand_in(sizes(chance))
    city.come_to_rest()
    city.kill("hub")
    shutil.rmtree(city.hub_folder)
    backup.rename(city.hub_folder)
    city.start()
    city.hand_in(sizes(chance))
    city.wait_for_memory()
