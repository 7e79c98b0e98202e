"""How well a service answers a question, from the texts it is found by.

The weights were chosen by leaving a thousand sayings out of the catalog's texts, one at a time, and
looking for them: what nobody wrote down has to be found, too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from offline_store.candidates import Rarity
from offline_store.question import BY_SLIP, Piece, Question, Word
from offline_store.spelling import HAN
from offline_store.terms import CELL, HAS_HAN, ROW, SPELLED, Terms, rows

# How much a hit in this kind of text says about what is wanted.
_OF_KIND = {"n": 1.0, "s": 0.85, "k": 0.85, "m": 0.7, "t": 0.6, "d": 0.35}
_BY_MEANING = 0.95  # of a hit by the word itself
_LATER = 0.06  # goes for each later step that a service is about and nobody spoke of
_OF_THE_SERVICE = 1.0  # a hit anywhere in the service, of one in its best text
_OF_USE = 0.2  # at most, for the most used service
_IS_ALL = 0.25  # more when the question is the whole text, half of it when it stands in the text
_VERY_WORDS = 0.5  # more when a text is the question to the letter, and all that was said around
_OF_PRECISION = 0.35  # share of a text's worth that goes when little of it was asked
_BY_SOUND = 0.85  # of a hit by the characters themselves
_NEARLY = 0.45  # of a question with a slip must be in one text
ENOUGH = 0.15  # of what the question says must be known to the service
_ENOUGH_OF_WORDS = 0.25  # the same for an English or Korean question of several words
_ENOUGH_OF_LETTERS = 0.4  # the same for a question with letters: the words of any text are in many
_BY_CHARACTER = re.compile(f"(?<=[|])[{HAN}]")  # what stands before each sound in a spelled text
_MOST_USED = math.log1p(1000)


def spelled_score(words: Sequence[Word], terms: Terms, use: float) -> float:
    """For questions with letters in them: every word must be in the service; 0 when one is not."""
    total = 0.0
    for word in words:
        best = 0.0
        for column in (terms.han, terms.other):
            if word.text in column:
                for row in rows(column):
                    text = row[1:].partition(CELL)[0]
                    best = max(best, _OF_KIND[row[0]] * _fit(text, word))
        if word.spelling:
            for hit in word.spelling.finditer(terms.spelled):
                begin = terms.spelled.rfind(ROW, 0, hit.start()) + 1
                end = terms.spelled.find(ROW, begin)
                row = terms.spelled[begin : end if end > 0 else None]
                at_start = hit.start() == begin + 2
                best = max(best, _OF_KIND[row[0]] * _spelled_fit(hit.group(), at_start, row, word))
        if best == 0.0:
            return 0.0
        total += best
    return total / len(words) + _OF_USE * _use(use) / 2


def _fit(text: str, word: Word) -> float:
    """How well ``word`` is this text, 0 (not at all) to 1 (it is all of it)."""
    at = text.find(word.text)
    if at < 0:
        return 0.0
    covered = len(word.text) / len(text)
    if not word.is_latin:
        return 0.75 + 0.05 * (at == 0) + 0.2 * covered
    starts_word = at == 0 or f" {word.text}" in text
    if not starts_word and len(word.text) < 3:
        return 0.0
    return (0.75 if starts_word else 0.4) + 0.25 * covered


def _spelled_fit(hit: str, at_start: bool, row: str, word: Word) -> float:
    characters = hit.count("|")
    # Letters per character: a spelled-out syllable says more than an initial.
    said = min(1.0, len(word.text) / max(1, len(hit) - 2 * characters))
    covered = characters / (row.count("|") - 1)
    return 0.45 + 0.05 * at_start + 0.15 * covered + 0.15 * said


def score(terms: Terms, pieces: Sequence[Piece], question: Question, use: float) -> float:
    """For questions in characters; 0 when the service knows too little of what was said.

    The best single text counts most, then what the service as a whole knows, then its use.
    """
    column = terms.han if HAS_HAN.search(question.wanted) else terms.other
    enough = (
        _ENOUGH_OF_WORDS if question.in_words
        else _ENOUGH_OF_LETTERS if question.is_spelled else ENOUGH
    )
    told = _told(column, pieces, enough, question.wanted, question.asked)
    if not told:
        return 0.0
    name = terms.han.partition(ROW)[0]
    later = sum(map(name.__contains__, question.unsaid))
    return told + _OF_USE * _use(use) - _LATER * min(2, later)


def sound_score(pieces: Sequence[Piece], terms: Terms, use: float) -> float:
    """For questions in characters that were written in letters; 0 when the service's texts sound
    like too little of it. ``pieces``: as Question.sounds()."""
    column = _BY_CHARACTER.sub("", terms.spelled)
    told = _told(column, pieces, ENOUGH, ROW, ROW)
    return told + _OF_USE * _use(use) if told else 0.0


def _told(
    column: str, pieces: Sequence[Piece], enough_of_all: float, wanted: str, asked: str
) -> float:
    """How much of the pieces these texts tell: the best of them, and all together."""
    total = sum(piece.weight for piece in pieces)
    looked_for = [
        (n, p.text, p.meaning, p.weight, p.length)
        for n, p in enumerate(pieces)
        if p.text in column or (p.meaning and p.meaning in column)
    ]
    enough = total * enough_of_all
    if not looked_for or sum([found[3] for found in looked_for]) < enough:
        return 0.0
    known = [0.0] * len(pieces)
    held = [0.0] * len(pieces)
    best = 0.0
    for row in rows(column):  # comparing by hand: this loop is most of what a search takes
        got, covered, kind = 0.0, 0, 0.0
        for n, piece, meaning, weight, length in looked_for:
            # A row ends with its meanings, so that a piece of an official word finds the
            # everyday word as well.
            if piece in row:
                fit = 1.0
            elif meaning and meaning in row:
                fit = _BY_MEANING
            else:
                continue
            kind = kind or _OF_KIND[row[0]]
            got += fit * weight
            covered += length
            if fit > known[n]:
                known[n] = fit
            if fit * kind > held[n]:
                held[n] = fit * kind
        if got:
            size = row.find(CELL, 1)
            size = len(row) - 1 if size < 0 else size - 1
            worth = got / total
            if covered + 1 < size:
                worth *= 1 - _OF_PRECISION + _OF_PRECISION * (covered + 1) / size
            at = row.find(wanted, 1)
            if 0 < at <= 1 + size - len(wanted):
                worth += _IS_ALL if len(wanted) == size else _IS_ALL / 2
            if len(asked) == size and row.startswith(asked, 1):
                worth += _VERY_WORDS
            if kind * worth > best:
                best = kind * worth
    if sum([k * p.weight for k, p in zip(known, pieces, strict=True)]) < enough:
        return 0.0
    service = sum([h * p.weight for h, p in zip(held, pieces, strict=True)]) / total
    return best + _OF_THE_SERVICE * service


class Slip:
    """A question with a slip in it: what it may have been meant to be.

    sounds: the question in letters, when every character's reading is known; who picks the wrong
    one of several characters that sound alike has still typed the right letters.
    """

    def __init__(self, question: Question, rarity: Rarity, sounds: Sequence[str]) -> None:
        pieces = question.pieces(rarity)
        self._pieces = [(p.text, p.weight) for p in pieces]
        self._slips = question.slips(rarity)
        self._total = sum(p.weight for p in pieces) or 1.0
        self._sounds = re.compile(r"\|.".join(sounds) + r"\|") if len(sounds) > 1 else None
        self._words = question.words if question.is_spelled else []

    def score(self, terms: Terms, use: float) -> float:
        """0 when no name, saying or keyword is near enough."""
        if self._words:
            near = self._letters(terms)
            return near + _OF_USE * _use(use) / 2 if near else 0.0
        best = heard = 0.0
        column = f"{terms.han}{ROW}{terms.other}"
        pieces = [(piece, weight) for piece, weight in self._pieces if piece in column]
        slips = [slip for slip in self._slips if slip.stands_in(column)]
        at_most = sum([w for _, w in pieces]) + sum([slip.weight for slip in slips])
        for row in rows(column) if at_most >= _NEARLY * self._total else ():
            if row and row[0] in SPELLED:
                text = row[1:].partition(CELL)[0]
                got = sum([weight for piece, weight in pieces if piece in text])
                got += sum([slip.weight for slip in slips if slip.stands_in(text)])
                if got:
                    best = max(best, _OF_KIND[row[0]] * min(1.0, got / self._total))
        if self._sounds:
            for row in rows(terms.spelled):
                if hit := self._sounds.search(row):
                    part = hit.group().count("|") / (row.count("|") - 1)
                    precision = 1 - _OF_PRECISION + _OF_PRECISION * part
                    heard = max(heard, _OF_KIND[row[0]] * _BY_SOUND * precision)
        best = max((1 + _OF_THE_SERVICE) * heard, best if best >= _NEARLY else 0.0)
        return best + _OF_USE * _use(use) if best else 0.0

    def _letters(self, terms: Terms) -> float:
        """The mean over the words of how near each is."""
        near = [_near(word, terms) for word in self._words]
        return BY_SLIP * sum(near) / len(near) if min(near) else 0.0


def _near(word: Word, terms: Terms) -> float:
    """How near the word is to one of a service's texts or spellings, 0 (not near) to 1."""
    best = 0.0
    grams = word.as_word if len(word.as_word) > 1 else {word.text}
    for column in (terms.han, terms.other):
        if sum(gram in column for gram in grams) >= _NEARLY * len(grams):
            for row in rows(column):
                if row[0] in SPELLED and f" {word.text[0]}" in f" {row[1:]}":
                    share = sum(gram in row for gram in grams) / len(grams)
                    best = max(best, _OF_KIND[row[0]] * share)
    pairs = word.pairs
    if pairs and sum(1 for p in pairs if p.search(terms.spelled)) >= _NEARLY * len(pairs):
        for row in rows(terms.spelled):
            share = sum(1 for pair in pairs if pair.search(row)) / len(pairs)
            best = max(best, _OF_KIND[row[0]] * share)
    return best if best >= _NEARLY else 0.0


def _use(popularity: float) -> float:
    return min(1.0, math.log1p(max(0.0, popularity)) / _MOST_USED)
