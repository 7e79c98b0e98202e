"""Finding a service by what people say.

Three steps, so that a hundred times more services stay feasible: everyday words and letters become
the grams of an FTS5 index (offline_store.question, .spelling, .words); the index names a few
candidates (.candidates); only those are read and scored (.ranking).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection

from offline_store.candidates import Index, Rarity
from offline_store.connections import Connection
from offline_store.question import Question
from offline_store.ranking import Slip, score, spelled_score
from offline_store.terms import Terms, audience_gram

_READ = 40  # candidates for each way to look for them
_SURE = 1.1  # a score that needs no other reading of the question
_SLIPPED = 8  # characters; in a longer question two words that never met are no slip
_NEAR = 30  # services whose groups are near

Scored = list[tuple[float, int]]


def answer(
    connection: Connection, query: str, limit: int, audience: str | None = None
) -> list[str]:
    """Summaries (JSON text) of at most ``limit`` services, best first."""
    question = Question(query)
    if not question.wanted or limit < 1:
        return []
    index = _index(connection, question, audience)
    scored = _answers(connection, index, question)
    best = [position for _, position in sorted(scored)[:limit]]
    rows = connection.execute(
        "SELECT position, summary FROM catalog_service"
        f" WHERE position IN ({','.join('?' * len(best))})",
        best,
    )
    summaries = dict(rows.fetchall())
    return [summaries[position] for position in best]


def near_groups(connection: Connection, query: str, limit: int) -> list[str]:
    """Groups (JSON text) whose services have most in common with ``query``, nearest first."""
    question = Question(query)
    if not question.wanted or limit < 1:
        return []
    index = _index(connection, question, None)
    near = index.with_most(_weights(index, question.grams()), _NEAR)
    services = list(near)
    rows = connection.execute(
        "SELECT position, group_id FROM catalog_service"
        f" WHERE position IN ({','.join('?' * len(services))})",
        services,
    )
    groups: Counter[str] = Counter()
    for position, group in rows:
        groups[group] += near[position]  # type: ignore[assignment]  # weights, not counts
    found = [group for group, _ in groups.most_common(limit)]
    documents = dict(
        connection.execute(
            f"SELECT id, document FROM catalog_group WHERE id IN ({','.join('?' * len(found))})",
            found,
        ).fetchall()
    )
    return [documents[group] for group in found]


def _index(connection: Connection, question: Question, audience: str | None) -> Index:
    rarity = Rarity.of(connection, question.grams())
    return Index(connection, "" if audience is None else audience_gram(audience), rarity)


def _answers(connection: Connection, index: Index, question: Question) -> Scored:
    if question.is_spelled:
        return _spelled(connection, index, question)
    pieces = question.pieces(index.rarity)
    weights = _weights(index, [piece.gram for piece in pieces])
    found = dict.fromkeys(index.with_all(weights, _READ // 2)) | index.with_most(weights, _READ)
    scored = _scored(
        connection,
        found,
        lambda terms, use: score(terms, pieces, question.wanted, question.unsaid, use),
    )
    if (
        len(question.wanted) > _SLIPPED
        or all(index.rarity.of_gram(piece.gram) for piece in pieces)
        or min(scored, default=(0.0, 0))[0] < -_SURE
    ):
        return scored
    near = index.with_most(_weights(index, question.grams()), _READ)
    best: dict[int, float] = {}
    for value, position in scored + _slipped(connection, index, question, near):
        best[position] = min(value, best.get(position, 0.0))
    return [(value, position) for position, value in best.items()]


def _spelled(connection: Connection, index: Index, question: Question) -> Scored:
    """For questions with letters in them: English, pinyin, initials, mixtures."""

    def worth(terms: Terms, use: float) -> float:
        return spelled_score(terms, question.words, use)

    as_word = set().union(*(word.as_word | word.han for word in question.words))
    as_spelling = set().union(*(word.as_spelling | word.han for word in question.words))
    found = dict.fromkeys(index.with_all(as_word, _READ))
    found |= dict.fromkeys(index.with_all(as_spelling, _READ))
    if found and (scored := _scored(connection, found, worth)):
        return scored
    near = index.with_most(_weights(index, question.grams()), _READ)
    return _scored(connection, near, worth) or _slipped(connection, index, question, near)


def _slipped(
    connection: Connection, index: Index, question: Question, near: Collection[int]
) -> Scored:
    """What a question with a slip may have meant, among the services ``near`` and those that
    sound alike."""
    sounds = _sounds(connection, question.characters())
    found = dict.fromkeys(near)
    if sounds:
        rarity = Rarity.of(connection, {f"2{a}{b}" for a, b in itertools.pairwise(sounds)})
        alike = Index(connection, index.audience, rarity)
        found |= dict.fromkeys(alike.with_all(rarity.held_by, _READ))
    return _scored(connection, found, Slip(question, index.rarity, sounds).score)


def _sounds(connection: Connection, characters: str) -> list[str]:
    """How the characters are read; [] when one of them is not known to this catalog."""
    marks = ",".join("?" * len(characters))
    rows = connection.execute(
        f"SELECT han, reading FROM catalog_reading WHERE han IN ({marks})", tuple(characters)
    )
    readings = dict(rows.fetchall())
    known = [readings[han] for han in characters if han in readings]
    return known if len(known) == len(characters) else []


def _weights(index: Index, grams: Collection[str]) -> dict[str, float]:
    return {gram: index.rarity.weight(gram) for gram in grams}


def _scored(
    connection: Connection,
    positions: Collection[int],
    worth: Callable[[Terms, float], float],
) -> Scored:
    """(-score, position) of those that are an answer at all."""
    rows = connection.execute(
        "SELECT position, popularity, han, spelled, other FROM catalog_terms"
        f" WHERE position IN ({','.join('?' * len(positions))})",
        tuple(positions),
    )
    scored = []
    for position, popularity, *texts in rows:
        value = worth(Terms(*texts), popularity)
        if value > 0.0:
            scored.append((-value, position))
    return scored
