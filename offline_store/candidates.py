"""Which services a question may be about: the few that are worth reading.

Words that few services have decide. Lists of services for single words are read, the shortest
first, until `POSTINGS` have been read; so a catalog a hundred times as large costs little more.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from offline_store.connections import Connection

POSTINGS = 5000  # rows of the index read for one question
_TOGETHER = 6  # of the rarest grams asked for together
_RAREST = 16  # of the grams of a long question
_PAIRED = 4  # of the rarest grams asked for two by two, when each has too many services


@dataclass(frozen=True)
class Rarity:
    """How many services there are, and in how many of them each gram of a question stands."""

    services: int
    held_by: Mapping[str, int]

    @staticmethod
    def of(connection: Connection, grams: Collection[str]) -> Rarity:
        services = connection.execute("SELECT max(position) FROM catalog_terms").fetchone()[0]
        rows = connection.execute(
            f"SELECT gram, services FROM catalog_gram WHERE gram IN ({_marks(grams)})",
            tuple(grams),
        )
        return Rarity(services or 0, dict(rows.fetchall()))

    def of_gram(self, gram: str) -> int:
        return self.held_by.get(gram, 0)

    def weight(self, gram: str) -> float:
        """What a gram says about what is wanted: 0.7 when all services have it, more if few."""
        return self.weight_of(self.of_gram(gram))

    def weight_of(self, services: int) -> float:
        return math.log(1 + self.services / services) if services else 0.0


class Index:
    """The gram index, narrowed to what is for one audience ("" for everybody)."""

    def __init__(self, connection: Connection, audience: str, rarity: Rarity) -> None:
        self._connection = connection
        self.audience = audience
        self._only = f' AND "{audience}"' if audience else ""
        self.rarity = rarity

    def with_all(self, grams: Iterable[str], limit: int) -> list[int]:
        """The most used services that have every one of ``grams``; [] when one is unknown."""
        known = sorted(set(grams), key=self.rarity.of_gram)
        if not known or not self.rarity.of_gram(known[0]):
            return []
        together = " AND ".join(f'"{gram}"' for gram in known[:_TOGETHER])
        return self._rows(together + self._only, limit)

    def with_most(self, weights: Mapping[str, float], limit: int) -> dict[int, float]:
        """The services that have the most of ``weights`` (gram → what it counts), best first."""
        known = sorted(
            (gram for gram in weights if self.rarity.of_gram(gram)), key=self.rarity.of_gram
        )[:_RAREST]
        held: dict[int, float] = {}
        left = POSTINGS
        rest: list[str] = []
        for gram in known:
            left -= self.rarity.of_gram(gram)
            if left < 0:
                rest.append(gram)
                continue
            weight = weights[gram]
            for position in self._rows(f'"{gram}"{self._only}', -1):
                held[position] = held.get(position, 0.0) + weight
        for one, other in itertools.combinations(rest[:_PAIRED], 2):
            for position in self._rows(f'"{one}" AND "{other}"{self._only}', limit):
                held[position] = held.get(position, 0.0) + weights[one] + weights[other]
        if rest and not held:
            held = dict.fromkeys(
                self._rows(f'"{rest[0]}"{self._only}', limit), weights[rest[0]]
            )
        best = heapq.nsmallest(limit, [(-weight, position) for position, weight in held.items()])
        return {position: -weight for weight, position in best}

    def _rows(self, match: str, limit: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT rowid FROM catalog_grams WHERE catalog_grams MATCH ? ORDER BY rowid LIMIT ?",
            (match, limit),
        )
        return [row[0] for row in rows.fetchall()]


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
