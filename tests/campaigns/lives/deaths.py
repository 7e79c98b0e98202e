"""Rounds of dying: each is planned by its seed and number alone.

    with Deaths(seed=1, folder=scratch) as deaths:
        for number in range(1000):
            outcome = deaths.round(number)

A round: applications are handed in, somebody dies at a named state or at a random moment, is
started again, everything comes to rest, and the receipt law is checked.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Self

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
        sabotage: str = "", patience: float = REST_SECONDS,
    ) -> None:  # fmt: skip
        """The boxes: where the machines keep their files (see city.Box)."""
        self._patience = patience
        self._seed = seed
        self._folder = folder
        self._makes = {"kiosk": kiosk_box, "hub": hub_box}
        self._sabotage = sabotage
        self._stack = ExitStack()
        self._warm = self._stack.enter_context(Warm(folder))
        self._city: City | None = None
        self._rounds = 0
        self._cities = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        self._stack.close()

    def round(self, number: int) -> Outcome:
        begin = time.monotonic()
        now = plan(self._seed, number)
        before, at_work = 0, True
        try:
            city = self._city_for(now)
            before = city.handed_in
            at_work = _die(city, now)
            city.come_to_rest()
            broken = city.broken_laws()
        except (TooLong, OSError) as error:
            broken = [Broken("it comes to rest again", str(error))]
        handed_in = 0 if self._city is None else self._city.handed_in - before
        if broken:
            self._leave()  # the next round must not suffer from it
        return Outcome(number, now, broken, time.monotonic() - begin, handed_in, at_work)

    def _city_for(self, now: Plan) -> City:
        """The city in which this can happen: a new one for what happens only once in a life."""
        fresh = now.state is not None and now.state.stage in ("migrate", "enrol") and not now.older
        if self._city is not None and (fresh or self._rounds >= CITY_ROUNDS):
            self._leave()
        self._rounds += 1
        if self._city is None:
            self._cities += 1
            self._rounds = 0
            folder = self._folder / f"city-{self._cities}"
            self._city = City(
                folder, self._warm, self._makes["kiosk"](folder / "kiosk-box"),
                self._makes["hub"](folder / "hub-box"), self._sabotage,
                self._patience,
            )  # fmt: skip
            if not fresh:
                self._city.start()
                self._city.come_to_rest()
        return self._city

    def _leave(self) -> None:
        if self._city is not None:
            with self._city:
                pass
            self._city.dismantle()
            shutil.rmtree(self._folder / f"city-{self._cities}", ignore_errors=True)
            self._city = None


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
        make_older(city.store, now.older)
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
