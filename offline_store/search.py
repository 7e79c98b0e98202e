"""Finding a service by what people say.

Three steps, so that a hundred times more services stay feasible: everyday words and letters become
the grams of an FTS5 index (offline_store.question, .spelling, .words); the index names a few
candidates (.candidates); only those are read and scored (.ranking).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cached_property, partial

from offline_store.candidates import Index, Rarity
from offline_store.connections import Connection
from offline_store.first_steps import Step, first_steps_first
from offline_store.question import SLIPPED, Piece, Question, Word
from offline_store.ranking import Slip, score, sound_score, spelled_score
from offline_store.terms import Terms, audience_gram

_READ = 30  # candidates for each way to look for them
_VERY = 5  # candidates for the very words
_SURE = 1.4  # a score that needs no other reading of the question
_NEAR = 30  # services whose groups are near

Scored = list[tuple[float, int]]
Worth = Callable[[Terms, float], float]


def answer(
    connection: Connection, query: str, limit: int, audience: str | None = None
) -> list[str]:
    """Summaries (JSON text) of at most ``limit`` services, best first."""
    question = Question(query)
    if not question.wanted or limit < 1:
        return []
    return _summaries(connection, _Asked(connection, question).best(audience)[:limit])


def answer_by_door(
    connection: Connection, query: str, audience: str, limit: int, beside: int
) -> tuple[list[str], list[str]]:
    """Summaries (JSON text) of at most ``limit`` services for ``audience``, and of at most
    ``beside`` others among the first ``limit`` for anybody; both best first. Where ``audience``
    finds something, the others are no guesses at a slip."""
    question = Question(query)
    if not question.wanted or limit < 1:
        return [], []
    asked = _Asked(connection, question)
    own = asked.best(audience)[:limit]
    anybodys = asked.best(None, slips=not own)[:limit]
    others = [one for one in anybodys if one not in own][:beside]
    return _summaries(connection, own), _summaries(connection, others)


def near_groups(connection: Connection, query: str, limit: int) -> list[str]:
    """Groups (JSON text) whose services have most in common with ``query``, nearest first."""
    question = Question(query)
    if not question.wanted or limit < 1:
        return []
    near = _Asked(connection, question).near(_NEAR)
    services = list(near)
    rows = connection.execute(
        "SELECT position, group_id FROM catalog_service"
        f" WHERE position IN ({','.join('?' * len(services))})",
        services,
    )
    groups: dict[str, float] = {}
    for position, group in rows:
        groups[group] = groups.get(group, 0.0) + near[position]
    found = sorted(groups, key=groups.__getitem__, reverse=True)[:limit]
    documents = dict(
        connection.execute(
            f"SELECT id, document FROM catalog_group WHERE id IN ({','.join('?' * len(found))})",
            found,
        ).fetchall()
    )
    return [documents[group] for group in found]


class _Asked:
    """One question to this catalog. It may be put for several audiences: a service is read and
    scored once."""

    def __init__(self, connection: Connection, question: Question) -> None:
        self._connection = connection
        self._question = question
        self._rarity = Rarity.of(connection, question.grams() | question.as_asked())
        self._everything = self._weights(question.grams())
        self._read: dict[int, Terms] = {}
        self._worth_of: dict[Worth, dict[int, float]] = {}

    def best(self, audience: str | None, slips: bool = True) -> list[int]:
        """Positions of the services that answer it, best first; ``audience`` None: for anybody.
        ``slips``: also what a question with a slip may have meant."""
        index = self._index(self._rarity, audience)
        scored: Scored = []
        if self._question.in_words:
            scored = self._in_words(index)
        if self._question.is_spelled:
            scored = scored or self._spelled(index, slips)
        # Letters that spell nothing here ("C1驾照换证") still stand beside words that do.
        scored = scored or self._said(index, slips)
        if not self._question.says_a_step:
            steps = {position: Step.of(self._read[position]) for _, position in scored}
            scored = first_steps_first(scored, steps)
        return [position for _, position in sorted(scored)]

    def near(self, limit: int) -> dict[int, float]:
        """What has most in common with it, and how much."""
        return self._index(self._rarity, None).with_most(self._everything, limit)

    def _index(self, rarity: Rarity, audience: str | None) -> Index:
        return Index(
            self._connection, "" if audience is None else audience_gram(audience), rarity
        )

    def _said(self, index: Index, slips: bool) -> Scored:
        """For questions in characters."""
        weights = self._weights([piece.gram for piece in self._pieces])
        found = dict.fromkeys(index.with_all(self._question.as_asked(), _VERY))
        found |= dict.fromkeys(index.with_all(weights, _READ // 2))
        found |= index.with_most(weights, _READ)
        scored = self._scored(found, self._worth_as_said, in_letters=False)
        if (
            not slips
            or len(self._question.wanted) > SLIPPED
            or all(index.rarity.of_gram(piece.gram) for piece in self._pieces)
            or min(scored, default=(0.0, 0))[0] < -_SURE
        ):
            return scored
        near = index.with_most(self._everything, _READ)
        return _best_of(scored, self._slipped(index, near))

    def _in_words(self, index: Index) -> Scored:
        """For questions in words of letters: the more of them the better, every one best; the last
        may not be typed to its end."""
        values: defaultdict[int, float] = defaultdict(float)
        for value, position in self._said(index, slips=False) + self._spelled(index, slips=False):
            values[position] += value
        return [(value, position) for position, value in values.items()]

    def _spelled(self, index: Index, slips: bool) -> Scored:
        """For questions with letters in them: English, pinyin, initials, mixtures."""
        for words, worth in self._readings:
            as_word = set().union(*(word.as_word | word.han for word in words))
            as_spelling = set().union(*(word.as_spelling | word.han for word in words))
            found = dict.fromkeys(index.with_all(as_word, _READ))
            found |= dict.fromkeys(index.with_all(as_spelling, _READ))
            scored = self._scored(found, worth) if found else []
            # Syllables that stand together say more than the same ones scattered.
            if scored := scored or self._sounded(index):
                return scored
        if not slips:
            return []
        near = index.with_most(self._everything, _READ)
        _, worth = self._readings[-1]
        return self._scored(near, worth) or self._slipped(index, near)

    def _sounded(self, index: Index) -> Scored:
        """For what people say, spelled out in letters: not each syllable need be in an answer."""
        if not self._heard:
            return []
        weights = {piece.gram: piece.weight for piece in self._heard}
        return self._scored(index.with_most(weights, _READ), self._worth_as_heard)

    def _slipped(self, index: Index, near: Collection[int]) -> Scored:
        """What a question with a slip may have meant, among the services ``near`` and those that
        sound alike."""
        found = dict.fromkeys(near)
        if self._sounds:
            alike = Index(self._connection, index.audience, self._rarity_of_sounds)
            found |= dict.fromkeys(alike.with_all(self._rarity_of_sounds.held_by, _READ))
        return self._scored(found, self._slip.score)

    def _worth_as_said(self, terms: Terms, use: float) -> float:
        return score(terms, self._pieces, self._question, use)

    @cached_property
    def _readings(self) -> list[tuple[list[Word], Worth]]:
        """Words that all have to be there, and what a service with them is worth."""
        return [
            (words, partial(spelled_score, words)) for words in self._question.readings
        ]

    @cached_property
    def _pieces(self) -> list[Piece]:
        return self._question.pieces(self._rarity)

    @cached_property
    def _heard(self) -> list[Piece]:
        return self._question.sounds(self._rarity)

    @cached_property
    def _worth_as_heard(self) -> Worth:
        return partial(sound_score, self._heard)

    @cached_property
    def _slip(self) -> Slip:
        return Slip(self._question, self._rarity, self._sounds)

    @cached_property
    def _rarity_of_sounds(self) -> Rarity:
        pairs = {f"2{a}{b}" for a, b in itertools.pairwise(self._sounds)}
        return Rarity.of(self._connection, pairs)

    @cached_property
    def _sounds(self) -> list[str]:
        """How its characters are read; [] when one of them is not known to this catalog."""
        characters = self._question.characters()
        marks = ",".join("?" * len(characters))
        rows = self._connection.execute(
            f"SELECT han, reading FROM catalog_reading WHERE han IN ({marks})", tuple(characters)
        )
        readings = dict(rows.fetchall())
        known = [readings[han] for han in characters if han in readings]
        return known if len(known) == len(characters) else []

    def _weights(self, grams: Collection[str]) -> dict[str, float]:
        return {gram: self._rarity.weight(gram) for gram in grams}

    def _scored(
        self, positions: Collection[int], worth: Worth, in_letters: bool = True
    ) -> Scored:
        """(-score, position) of those that are an answer at all. ``in_letters``: to judge that,
        the texts are wanted in letters, too."""
        known = self._worth_of.setdefault(worth, {})
        unread = [position for position in positions if position not in known]
        letters = "spelled" if in_letters else "''"
        rows = self._connection.execute(
            f"SELECT position, popularity, han, {letters}, other FROM catalog_terms"
            f" WHERE position IN ({','.join('?' * len(unread))})",
            unread,
        )
        for position, popularity, *texts in rows:
            terms = self._read[position] = Terms(*texts)
            known[position] = worth(terms, popularity)
        worths = ((known.get(position, 0.0), position) for position in positions)
        return [(-value, position) for value, position in worths if value > 0.0]


def _best_of(one: Scored, other: Scored) -> Scored:
    best: dict[int, float] = {}
    for value, position in one + other:
        best[position] = min(value, best.get(position, 0.0))
    return [(value, position) for position, value in best.items()]


def _summaries(connection: Connection, positions: Collection[int]) -> list[str]:
    rows = connection.execute(
        "SELECT position, summary FROM catalog_service"
        f" WHERE position IN ({','.join('?' * len(positions))})",
        tuple(positions),
    )
    summaries = dict(rows.fetchall())
    return [summaries[position] for position in positions]
