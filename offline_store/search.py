"""Finding a service by what people say.

Two steps, so that a hundred times more services stay feasible: an FTS5 table of short grams
(without texts) names candidates in the order of use, and only those are read and scored.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline_store.connections import Connection
from offline_store.spelling import (
    grams,
    loose_grams,
    normal,
    query_grams,
    spelled,
    spelling_grams,
    spelling_pattern,
)

CANDIDATES = 200  # read and scored for one query
LONGEST_QUERY = 40  # characters; nobody says more to a machine
ENOUGH_IN_COMMON = 0.6  # share of the query's grams a service needs when nothing matches whole
ENOUGH_IN_ONE_LINE = 0.5  # share of the query's Han and Hangul one of its texts needs as well

# How much a hit in this kind of text says about what is wanted.
_WEIGHTS = {"n": 100.0, "s": 95.0, "k": 85.0, "d": 35.0, "t": 30.0}

# What people say around the thing they want; dropped when something is left without it.
_FILLERS = re.compile(
    "^(?:请问|你好|帮我|我要|我想|想要|咋样|怎么|怎样|如何|在哪里?|哪里|去哪|要)+"
    "|(?:怎么办理?|咋办|咋整|在哪里?办?|去哪办?|要办啥|办啥|需要什么|要啥|要什么|多少钱|吗|呢)+$"
)


_NOT_LETTERS = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class Line:
    """One text of a service: its kind (a key of the weights), normal form, and spelling."""

    kind: str
    text: str
    spelling: str


@dataclass(frozen=True)
class Terms:
    """All texts a service may be found by."""

    lines: tuple[Line, ...]

    def text(self) -> str:
        """One string for one database column; :func:`_parse` reads it back."""
        return "\n".join(f"{line.kind}{line.text}\t{line.spelling}" for line in self.lines)


def terms_of(service: Mapping[str, Any]) -> Terms:
    """Names, sayings, keywords, departments and summaries of a catalog document."""
    found: dict[tuple[str, str], Line] = {}
    for kind, text in _texts(service):
        plain = normal(text)
        if plain and (kind, plain) not in found:
            found[kind, plain] = Line(kind, plain, spelled(plain) if kind in "nsk" else "")
    return Terms(tuple(found.values()))


def _texts(service: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, key in (
        ("n", "name"),
        ("s", "sayings"),
        ("k", "keywords"),
        ("d", "department"),
        ("t", "summary"),
    ):
        value = service.get(key) or ()
        if isinstance(value, str):
            yield kind, value
        elif isinstance(value, Mapping):
            for text in value.values():
                yield from ((kind, t) for t in ([text] if isinstance(text, str) else text))
        else:
            yield from ((kind, text) for text in value)


def grams_of(terms: Terms) -> set[str]:
    """Everything the gram index files this service under."""
    found: set[str] = set()
    for line in terms.lines:
        found.update(grams(line.text))
        found.update(spelling_grams(line.spelling))
    return found


def answer(
    connection: Connection, query: str, limit: int, audience: str | None = None
) -> list[str]:
    """Summaries (JSON text) of at most ``limit`` services, best first."""
    asked = normal(query[:LONGEST_QUERY])
    if not asked or limit < 1:
        return []
    wanted = _FILLERS.sub("", asked).strip() or asked
    needed = query_grams(wanted)
    shares = _candidates(connection, needed)
    words = [_Word(word) for word in wanted.split()]
    scored: list[tuple[float, int, str]] = []
    for position, summary, terms in _rows(connection, shares, audience):
        lines = _parse(terms)
        each = [_best(lines, word) for word in words]
        score = sum(each) / len(each)
        if min(each) == 0.0:
            score = _nearly(lines, asked, shares[position])
            if score == 0.0:
                continue
        scored.append((-score, position, summary))
    scored.sort(key=lambda row: row[:2])
    return [summary for _, _, summary in scored[:limit]]


class _Word:
    """One word of a query and the pattern of its spelling."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_plain_latin = text.isascii()
        self.spelling = spelling_pattern(text)


def _candidates(connection: Connection, needed: list[str]) -> dict[int, float]:
    """Positions with the share of ``needed`` each holds: those with all of it, or else the best."""
    match = " AND ".join(f'"{gram}"' for gram in needed)
    whole = connection.execute(
        "SELECT rowid FROM catalog_grams WHERE catalog_grams MATCH ? ORDER BY rowid LIMIT ?",
        (match, CANDIDATES),
    ).fetchall()
    if whole:
        return dict.fromkeys((row[0] for row in whole), 1.0)
    loose = loose_grams(needed)
    held: Counter[int] = Counter()
    for gram in loose:
        held.update(
            row[0]
            for row in connection.execute(
                "SELECT rowid FROM catalog_grams WHERE catalog_grams MATCH ?", (f'"{gram}"',)
            )
        )
    best = sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]
    return {position: count / len(loose) for position, count in best}


def _rows(
    connection: Connection, positions: Mapping[int, float], audience: str | None
) -> Iterator[tuple[int, str, str]]:
    sql = (
        "SELECT position, summary, terms FROM catalog_service"
        f" WHERE position IN ({','.join('?' * len(positions))})"
    )
    values: list[int | str] = list(positions)
    if audience is not None:
        sql += " AND instr(audience, ?) > 0"
        values.append(f'"{audience}"')
    return connection.execute(sql, values)


def _parse(terms: str) -> list[Line]:
    lines = []
    for raw in terms.split("\n"):
        text, _, spelling = raw.partition("\t")
        lines.append(Line(text[:1], text[1:], spelling))
    return lines


def _best(lines: list[Line], word: _Word) -> float:
    return max((_WEIGHTS[line.kind] * _fit(line, word) for line in lines), default=0.0)


def _fit(line: Line, word: _Word) -> float:
    """How well ``word`` is this text, 0 (not at all) to 1 (it is all of it)."""
    at = line.text.find(word.text)
    if at >= 0 and word.is_plain_latin:
        starts_word = at == 0 or line.text[at - 1] == " " or f" {word.text}" in line.text
        if starts_word or len(word.text) > 2:
            covered = len(word.text) / len(line.text)
            return (0.75 if starts_word else 0.4) + 0.25 * covered
    elif at >= 0:
        return 0.75 + 0.05 * (at == 0) + 0.2 * len(word.text) / len(line.text)
    if line.spelling and word.spelling and (hit := word.spelling.search(line.spelling)):
        covered = hit.group().count("|") / line.spelling.count("|")
        # Letters per character: a spelled-out syllable says more than an initial.
        said = min(
            1.0, len(word.text) / max(1, hit.end() - hit.start() - 2 * hit.group().count("|"))
        )
        return 0.45 + 0.05 * (hit.start() == 0) + 0.15 * covered + 0.15 * said
    return 0.0


def _nearly(lines: list[Line], asked: str, share: float) -> float:
    """For a slip of the finger or a whole sentence: what the query and the texts have in common,
    and the longest name or saying that stands in the query; 0 when that is too little."""
    names = [line for line in lines if line.kind in "nsk"]
    pieces = set(loose_grams(query_grams(asked)))
    in_one_line = max((_held(pieces, line) for line in names), default=0.0)
    said = max((len(n.text) for n in names if len(n.text) > 1 and n.text in asked), default=0)
    if said == 0 and (share < ENOUGH_IN_COMMON or in_one_line < ENOUGH_IN_ONE_LINE):
        return 0.0
    return 15.0 * share + 15.0 * in_one_line + 40.0 * said / len(asked)


def _held(pieces: set[str], line: Line) -> float:
    """The share of ``pieces`` that stand in a text or in its spelling."""
    letters = _NOT_LETTERS.sub("", line.spelling)
    return sum(piece in line.text or piece in letters for piece in pieces) / len(pieces)
