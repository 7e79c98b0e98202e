"""What the catalog's people should look at: warnings, and how much of it there is.

Faults stop a catalog (catalog_source.py); warnings do not, but somebody should know. Guides of
services that are not applied for at kiosks may be in Chinese alone; they are only counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NEAR = 0.6
"""Share of three-character pieces from which on two guides read like one."""
_COMMON = 40
"""Pieces that stand in more guides than this say nothing about two of them."""
_LANGUAGES = frozenset({"zh", "en", "ko"})


@dataclass(frozen=True)
class Remark:
    """One thing to look at; `kind` is untranslated, no_checks or near_duplicate."""

    kind: str
    slug: str
    text: str


@dataclass(frozen=True)
class Count:
    """A department's services by how they were made, and how many can be applied for here."""

    department: str
    name: str
    services: int
    generated: int
    complete: int

    @property
    def by_hand(self) -> int:
        """Services written by hand."""
        return self.services - self.generated


def warnings(services: Sequence[Mapping[str, Any]]) -> Iterator[Remark]:
    """Everything to look at, in the order of the services."""
    for service in services:
        lacking = _lacking(service)
        if lacking and service["complete"]:
            yield Remark("untranslated", service["slug"], f"{lacking} texts without en or ko")
        if service["complete"] and not service["checks"]:
            yield Remark("no_checks", service["slug"], "no questions before a card is asked for")
    yield from _near_duplicates(services)


def counts(bundle: Mapping[str, Any]) -> tuple[Count, ...]:
    """By department, in the order of the source; those without a service are left out."""
    by_department: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for service in bundle["services"]:
        by_department[service["department_id"]].append(service)
    return tuple(
        Count(
            row["id"],
            row["name"]["zh"],
            len(found),
            sum(bool(service["generated"]) for service in found),
            sum(bool(service["complete"]) for service in found),
        )
        for row in bundle["departments"]
        if (found := by_department[row["id"]])
    )


def in_chinese(services: Iterable[Mapping[str, Any]]) -> int:
    """How many guides nobody has translated, or not wholly, and need not: no form."""
    return sum(not service["complete"] and _lacking(service) > 0 for service in services)


def texts(value: Any) -> Iterator[Mapping[str, str]]:
    """Every text with a Chinese version in a document, or a part of it."""
    if isinstance(value, Mapping):
        if "zh" in value and set(value) <= _LANGUAGES:
            yield value
        else:
            for inner in value.values():
                yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def _lacking(service: Mapping[str, Any]) -> int:
    """Texts of a guide without en or ko. What a result is called on paper only the search reads."""
    shown = {key: value for key, value in service.items() if key != "result"}
    return sum(set(text) != _LANGUAGES for text in texts(shown))


def _near_duplicates(services: Iterable[Mapping[str, Any]]) -> Iterator[Remark]:
    pieces: dict[str, set[str]] = {}
    where: dict[str, set[str]] = defaultdict(set)
    for service in services:
        told = "|".join([
            service["summary"]["zh"], service["what_you_get"]["zh"],
            *(text["zh"] for text in service["guide"]["conditions"]),
        ])
        own = {told[n : n + 3] for n in range(len(told) - 2)}
        pieces[service["slug"]] = own
        for piece in own:
            where[piece].add(service["slug"])
    for slug, own in pieces.items():
        shared = Counter(
            other for piece in own if len(where[piece]) < _COMMON for other in where[piece]
        )
        for other, _ in shared.most_common(4):
            share = len(own & pieces[other]) / len(own | pieces[other])
            if other > slug and share > NEAR:
                yield Remark("near_duplicate", slug, f"{share:.0%} the same as {other}")
