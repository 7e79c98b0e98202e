"""Who names a paper and no step means its first issue, mostly: of the services of one main item
that answer about equally well, the one that begins it goes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offline_store.terms import CELL, ROW, Terms
from offline_store.words import everyday_words

_EQUAL = 0.5  # two scores of one main item that are no farther apart are about equal
_AHEAD = 1e-6


@dataclass(frozen=True)
class Step:
    """main: the main item's name, "" where a service has none; is_first: it begins there."""

    main: str
    is_first: bool

    @classmethod
    def of(cls, terms: Terms) -> Step:
        """From the texts: the name says which step it is, the first text of kind m whose."""
        name, _, meanings = terms.han.partition(ROW)[0].partition(CELL)
        _, _, main = terms.han.partition(f"{ROW}m")
        words = everyday_words()
        begins = any(word in name for word in words.first)
        later = begins and any(f"={step}=" in meanings for step in words.later)
        return cls(main.partition(CELL)[0], begins and not later)


def first_steps_first(
    scored: Sequence[tuple[float, int]], steps: Mapping[int, Step]
) -> list[tuple[float, int]]:
    """(-score, position) with the first step of each main item before what is about equal."""
    best: dict[str, float] = {}
    for value, position in scored:
        main = steps[position].main
        best[main] = min(value, best.get(main, 0.0))
    led: set[str] = set()
    found = []
    for value, position in sorted(scored):
        step = steps[position]
        leads = step.is_first and bool(step.main) and step.main not in led
        if leads:
            led.add(step.main)
        about_equal = leads and value <= best[step.main] + _EQUAL
        found.append((best[step.main] - _AHEAD if about_equal else value, position))
    return found
