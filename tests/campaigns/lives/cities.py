"""One city after the other: founded, lived in for some rounds, left when it is old or broken."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Self, TypeVar

from tests.campaigns.lives.city import City
from tests.campaigns.lives.law import Broken
from tests.campaigns.lives.life import TooLong, Warm

T = TypeVar("T")


@dataclass(frozen=True)
class Came(Generic[T]):
    """What came of a round. answer: of what was made to happen; None where that broke off."""

    answer: T | None
    broken: list[Broken]
    seconds: float
    submissions: int
    """Handed in since the round before."""


class Cities:
    """`with Cities(folder, 40, found) as cities: came = cities.round(happen)`"""

    def __init__(
        self, folder: Path, rounds: int, found: Callable[[Path, Warm], City], warm: Warm | None
    ) -> None:
        """rounds: after so many a new city is founded. found: makes one whose files are in this
        folder. warm: who gives birth; None: somebody of their own."""
        self._folder, self._most, self._make = folder, rounds, found
        self._stack = ExitStack()
        self._warm = warm or self._stack.enter_context(Warm(folder))
        self._city: City | None = None
        self._rounds = self._cities = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        self._stack.close()

    def round(self, happen: Callable[[City], T], fresh: bool = False) -> Came[T]:
        """Let it happen, then let everything come to rest, and check the law.

        fresh: in a new city in which nobody lives yet.
        """
        begin = time.monotonic()
        before, answer = 0, None
        try:
            city = self._city_for(fresh)
            before = city.handed_in
            answer = happen(city)
            city.come_to_rest()
            broken = city.broken_laws()
        except (TooLong, OSError) as error:
            broken = [Broken("it comes to rest again", str(error))]
        handed_in = 0 if self._city is None else self._city.handed_in - before
        if broken:
            self._leave()  # the next round must not suffer from it
        return Came(answer, broken, time.monotonic() - begin, handed_in)

    def _city_for(self, fresh: bool) -> City:
        if self._city is not None and (fresh or self._rounds >= self._most):
            self._leave()
        self._rounds += 1
        if self._city is None:
            self._cities += 1
            self._rounds = 0
            self._city = self._make(self._folder / f"city-{self._cities}", self._warm)
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
