"""Rounds of dying: each is planned by its seed and number alone.

    with Deaths(seed=1, folder=scratch) as deaths:
        for number in range(1000):
            outcome = deaths.round(number)

A round: applications are handed in, somebody dies at a named state or at a random moment, is
started again, everything comes to rest, and the receipt law is checked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Self

from tests.campaigns.lives.cities import Cities
from tests.campaigns.lives.city import REST_SECONDS, Box, City, Folder, sizes
from tests.campaigns.lives.law import Broken
from tests.campaigns.lives.life import TooLong, Warm
from tests.campaigns.lives.older import make_older, steps
from tests.campaigns.lives.states import STATES, State

CITY_ROUNDS = 40
"""After so many rounds a new city is founded: enrolled, migrated and filled from nothing."""
LOAD_SECONDS = 0.3
"""About as long as one to three applications take from the signature to the hub's receipt."""
RANDOM_EVERY = 4
"""Of so many rounds one is at a random moment, the others at the named states in turn."""

Boxes = Callable[[Path], Box]


@dataclass(frozen=True)
class Plan:
    """What is to happen in a round."""

    state: State | None
    """None: at a random moment."""
    who: tuple[str, ...]
    after: float
    """Seconds after the work began, for a random moment."""
    sizes: list[int]
    swaps: bool
    """The hub comes with a new catalog while it happens."""
    at_start: bool
    """The random moment counts from the start of the life, not from the start of the work."""
    older: str = ""
    """The store that is migrated is one before this step, with submissions in it; else a new one.
    """

    @property
    def name(self) -> str:
        if self.state is not None:
            return self.state.name + (f" from before {self.older}" if self.older else "")
        return f"random: {' and '.join(self.who)}{' at its start' if self.at_start else ''}"

    @property
    def stage(self) -> str:
        return self.state.stage if self.state is not None else "random moment"


@dataclass(frozen=True)
class Outcome:
    """What came of a round."""

    number: int
    plan: Plan
    broken: list[Broken] = field(default_factory=list)
    seconds: float = 0.0
    submissions: int = 0
    """Handed in since the round before."""
    at_work: bool = True
    """Whether a random moment fell into work under way."""


def plan(seed: int, number: int) -> Plan:
    """The plan of a round: the same for the same seed and number."""
    chance = Random(f"{seed}:{number}")
    named = number - number // RANDOM_EVERY  # as RANDOM_EVERY - 1 is the first random one
    work = sizes(chance)
    if number % RANDOM_EVERY == RANDOM_EVERY - 1:
        who = chance.choices(
            (("kiosk",), ("hub",), ("kiosk", "hub")), weights=(5, 3, 2)
        )[0]  # fmt: skip
        at_start = who == ("kiosk",) and chance.random() < 0.3
        after = chance.uniform(0, 0.08 if at_start else LOAD_SECONDS)
        return Plan(None, who, after, work, chance.random() < 0.2, at_start)
    state = STATES[named % len(STATES)]
    migrates = state.stage == "migrate" and chance.random() < 0.7
    older = chance.choice(steps()[1:]) if migrates else ""
    return Plan(state, (state.who,), 0.0, work, state.stage == "catalog swap", False, older)


class Deaths:
    """`round` may be called with any numbers, in any order."""

    def __init__(
        self, seed: int, folder: Path, kiosk_box: Boxes = Folder, hub_box: Boxes = Folder,
        sabotage: str = "", patience: float = REST_SECONDS, warm: Warm | None = None,
    ) -> None:  # fmt: skip
        """The boxes: where the machines keep their files (see city.Box). warm: see Cities."""
        self._seed = seed

        def found(place: Path, warm: Warm) -> City:
            return City(
                place, warm, kiosk_box(place / "kiosk-box"), hub_box(place / "hub-box"), sabotage,
                patience,
            )  # fmt: skip

        self._cities = Cities(folder, CITY_ROUNDS, found, warm)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cities.__exit__()

    def round(self, number: int) -> Outcome:
        now = plan(self._seed, number)
        # What happens only once in a life needs a new city.
        fresh = now.state is not None and now.state.stage in ("migrate", "enrol") and not now.older
        came = self._cities.round(lambda city: _die(city, now), fresh)
        at_work = came.answer is not False
        return Outcome(number, now, came.broken, came.seconds, came.submissions, at_work)


def _die(city: City, now: Plan) -> bool:
    """Let the round's death happen; whether into work. Raises TooLong where it does not."""
    if now.state is None:
        return _die_some_time(city, now)
    state = now.state
    if now.older:
        city.kill("hub")
        city.hand_in(now.sizes)
        city.wait_for_commits()
        city.kill("kiosk")
        if make_older(city.store, now.older) < len(now.sizes):
            raise TooLong("what was handed in does not wait in the older store")
        city.start_kiosk(die_at=state.name)
    elif state.stage in ("migrate", "enrol"):
        city.start_hub()
        city.start_kiosk(die_at=state.name)
    elif state.stage == "catalog swap":
        city.arm("kiosk", state.name)
        city.new_catalog()
    else:
        city.arm(state.who, state.name)
        city.hand_in(now.sizes)
    city.has_died(state.who)
    return True


def _die_some_time(city: City, now: Plan) -> bool:
    if now.swaps:
        city.new_catalog()
    if now.at_start:
        city.hand_in(now.sizes)
        city.kill("kiosk")
        city.start_kiosk()
        city.hand_in(now.sizes)
    else:
        city.hand_in(now.sizes)
    time.sleep(now.after)
    at_work = city.at_work
    city.kill(*now.who)
    return at_work
