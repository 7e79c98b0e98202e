"""The sayings the search is judged by, and the share of them it answers."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from offline_store.spelling import normal, spelled

FILE = Path(__file__).with_name("sayings.toml")
FRESH = Path(__file__).with_name("sayings_fresh.toml")
BLIND = Path(__file__).with_name("sayings_blind.toml")
FOREIGN = Path(__file__).with_name("sayings_foreign.toml")
KEPT_ASIDE = 100


@dataclass(frozen=True)
class Saying:
    """What somebody says. right: slugs of what answers it; main: main items of which any
    handling item does."""

    says: str
    right: frozenset[str]
    main: frozenset[str]

    def rank(self, found: Iterable[Mapping[str, Any]]) -> int | None:
        """Place (from 1) of the first right one among whole services; None if there is none."""
        for place, service in enumerate(found, start=1):
            if service["slug"] in self.right or service["main"]["id"] in self.main:
                return place
        return None


@cache
def every() -> tuple[Saying, ...]:
    return _read(FILE)


@cache
def fresh() -> tuple[Saying, ...]:
    """Sixty written after the search was tuned, for services chosen at random; only measured."""
    return _read(FRESH)


@cache
def blind() -> tuple[Saying, ...]:
    """Four hundred and sixty-nine by three who saw the services' names only; only measured."""
    return _read(BLIND)


@cache
def foreign() -> tuple[Saying, ...]:
    """Eighty in English and eighty in Korean by two who saw the services' names only."""
    return _read(FOREIGN)


@cache
def kept_aside() -> tuple[Saying, ...]:
    """The hundred with the lowest SHA-256: a choice nobody made."""
    return tuple(sorted(every(), key=_digest)[:KEPT_ASIDE])


def for_tuning() -> tuple[Saying, ...]:
    aside = set(kept_aside())
    return tuple(saying for saying in every() if saying not in aside)


def in_letters(said: str) -> str:
    """As a run of letters: ``上户口`` is ``shanghukou``."""
    return "".join(part[1:] for part in spelled(normal(said)).split("|"))


def recall(
    search: Callable[[str], Sequence[Mapping[str, Any]]], sayings: Sequence[Saying], places: int
) -> float:
    """Share (0…1) of the sayings with a right service among the first `places`."""
    ranks = [saying.rank(search(saying.says)[:places]) for saying in sayings]
    return sum(rank is not None for rank in ranks) / len(ranks)


def _read(file: Path) -> tuple[Saying, ...]:
    rows = tomllib.loads(file.read_text("utf-8"))["saying"]
    return tuple(
        Saying(row["says"], frozenset(row["right"]), frozenset(row.get("main", ())))
        for row in rows
    )


def _digest(saying: Saying) -> str:
    return hashlib.sha256(saying.says.encode()).hexdigest()
