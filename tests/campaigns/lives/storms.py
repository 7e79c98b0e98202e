"""Rounds of bad weather: each is planned by its seed and number alone.

    with Storms(seed=1, folder=scratch) as storms:
        outcome = storms.round(0)

Applications are handed in while the line does its worst; then it heals, everything comes to rest,
and the receipt law is checked. In some rounds the hub comes back from an earlier backup.
"""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Self

from tests.campaigns.lives.city import REST_SECONDS, City, Folder, sizes
from tests.campaigns.lives.law import Broken
from tests.campaigns.lives.life import TooLong, Warm
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

    def __init__(self, seed: int, folder: Path, patience: float = REST_SECONDS) -> None:
        self._seed, self._folder, self._patience = seed, folder, patience
        self._stack = ExitStack()
        self._warm = self._stack.enter_context(Warm(folder))
        self._city: City | None = None
        self._rounds = self._cities = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        self._stack.close()

    def round(self, number: int) -> Storm:
        begin = time.monotonic()
        chance = Random(f"{self._seed}:{number}")
        kind = ROUNDS[number % len(ROUNDS)]
        before = struck = 0
        try:
            city = self._found()
            assert city.relay is not None
            before, struck = city.handed_in, city.relay.struck.total()
            if kind == RESTORED:
                _restore(city, chance)
            else:
                _blow(city, city.relay, kind, chance)
            struck = city.relay.struck.total() - struck
            city.come_to_rest()
            broken = city.broken_laws()
        except (TooLong, OSError) as error:
            broken = [Broken("it comes to rest again", str(error))]
        handed_in = 0 if self._city is None else self._city.handed_in - before
        if broken:
            self._leave()
        return Storm(number, kind, broken, time.monotonic() - begin, handed_in, struck)

    def _found(self) -> City:
        if self._city is not None and self._rounds >= CITY_ROUNDS:
            self._leave()
        self._rounds += 1
        if self._city is None:
            self._cities += 1
            self._rounds = 0
            folder = self._folder / f"city-{self._cities}"
            self._city = City(
                folder, self._warm, Folder(folder / "kiosk-box"), Folder(folder / "hub-box"),
                patience=self._patience, weather=True,
            )  # fmt: skip
            self._city.start()
            self._city.come_to_rest()
        return self._city

    def _leave(self) -> None:
        if self._city is not None:
            with self._city:
                pass
            shutil.rmtree(self._folder / f"city-{self._cities}", ignore_errors=True)
            self._city = None


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
