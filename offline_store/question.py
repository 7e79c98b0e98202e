"""What somebody typed, taken apart into what the index and the texts know."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from offline_store.candidates import Rarity
from offline_store.spelling import (
    HAN,
    HANGUL,
    LATIN,
    RUNS,
    around,
    grams,
    letter_grams,
    normal,
    spelling_pattern,
)
from offline_store.stems import stem, stems, step_of
from offline_store.syllables import SYLLABLES, taken_apart
from offline_store.terms import HAS_HAN, meaning_gram
from offline_store.words import everyday_words, in_figures, simplified

LONGEST_QUERY = 40  # characters; nobody says more to a machine
SLIPPED = 8  # characters or syllables; in a longer question two that never met are no slip
LONGEST_IN_LETTERS = 120  # the same for what is written in words of letters

_ACROSS = 0.3  # what two characters at a word's edge say, of two within a word
_JOINED = 0.3  # what a pair says that has a joining word in it
_INTO_A_WORD = 0.6  # what each further pair of a Korean word says: it ends with how it is said
_UNKNOWN = 0.5  # what a piece no service has counts, of one that a single service has
_MUCH_MORE = 5  # times as many services have what sounds alike: then it may have been meant
BY_SLIP = 0.6  # what a piece with a slip says, of the right one


@dataclass(frozen=True)
class Piece:
    """A piece of a question: the text to look for, the meaning that will do as well, what it
    weighs, how many characters of a text it accounts for, the gram it is filed under."""

    text: str
    meaning: str
    weight: float
    length: int
    gram: str


@dataclass(frozen=True)
class Slipped:
    """Two characters as a text may have them where a question had a slip, and their weight."""

    first: str
    last: str
    apart: bool
    """With one character between them."""
    weight: float

    def stands_in(self, text: str) -> bool:
        """Whether the text has them so."""
        if not self.apart:
            return self.first + self.last in text
        at = text.find(self.first)
        while at >= 0:
            if text[at + 2 : at + 3] == self.last:
                return True
            at = text.find(self.first, at + 1)
        return False


class Heard(NamedTuple):
    """Two syllables after one another."""

    first: str
    second: str

    @property
    def text(self) -> str:
        """As they stand in the sounds of a text."""
        return f"|{self.first}|{self.second}|"

    @property
    def gram(self) -> str:
        """What they are filed under."""
        return f"2{self.first}{self.second}"


class Question:
    """What somebody typed, in the forms it is looked for in."""

    def __init__(self, query: str) -> None:
        longest = LONGEST_QUERY if HAS_HAN.search(query) else LONGEST_IN_LETTERS
        asked = in_figures(simplified(normal(query[:longest])))
        self.asked = asked
        self.wanted = _without_fillers(everyday_words().bare(asked))
        self.words = [Word(word) for word in self.wanted.split()]
        # Syllables with spaces between them are one word first (can ji zheng), several else.
        spells = len(self.words) > 1 and all(_is_spelling(word.text) for word in self.words)
        joined = [Word("".join(word.text for word in self.words))] if spells else []
        self.readings = ([joined] if joined else []) + [self.words]
        self._pairs = list(_pairs(_spelled_out(self.words)))
        # A figure beside characters ("80岁老人补贴") is a word like any other.
        self.is_spelled = re.search(
            "[a-z]" if re.search(f"[{HAN}{HANGUL}]", self.wanted) else f"[{LATIN}]", self.wanted
        ) is not None
        runs = [m.group() for m in RUNS.finditer(everyday_words().apart(self.wanted))]
        has_han = HAS_HAN.search(self.wanted) is not None
        self._raw = list(_raw_pieces(runs or self.wanted.split(), by_stem=not has_han))
        self.in_words = not (has_han or spells) and len(self.words) > 1
        """Several words of a language written in letters: not each of them need be in an answer."""
        self._slips = dict(_slips(runs))
        said = {meant.meaning for meant in everyday_words().meant(asked)}
        said.update(map(step_of, stems(asked)))
        self.unsaid = tuple(f"={later}=" for later in everyday_words().later - said)
        self.says_a_step = not said.isdisjoint(everyday_words().later)

    def grams(self) -> set[str]:
        """Everything the index may be asked about."""
        found = {gram for _, _, _, _, gram in self._raw} | set(self._slips)
        for word in itertools.chain.from_iterable(self.readings):
            found |= word.as_word | word.as_spelling | word.han
        return found | {heard.gram for pair in self._pairs for heard in pair}

    def as_asked(self) -> set[str]:
        """What a text is filed under that is the very question; empty when nothing was left out of
        it: then the pieces find that text anyway."""
        return set(grams(self.asked)) if self.asked != self.wanted else set()

    def pieces(self, rarity: Rarity) -> list[Piece]:
        """What to look for in texts. Unknown pieces weigh little: they cannot decide, only tell
        that something is missing."""
        return [
            Piece(text, f"={meaning}=" if meaning else "", factor * _weight(gram, rarity), n, gram)
            for text, meaning, factor, n, gram in self._raw
        ]

    def sounds(self, rarity: Rarity) -> list[Piece]:
        """The same for a question spelled out in letters: each two of its syllables, and what
        sounds alike where that is said much more often; [] for any other."""
        pieces = {}
        for said, *alike in self._pairs:
            usual = max(alike, key=lambda one: rarity.of_gram(one.gram), default=said)
            if rarity.of_gram(usual.gram) < _MUCH_MORE * max(1, rarity.of_gram(said.gram)):
                usual = said
            weight = _weight(usual.gram, rarity)
            other = usual.text if usual != said else ""
            pieces[said] = Piece(said.text, other, weight, len(said.text) - 1, usual.gram)
        return list(pieces.values())

    def characters(self) -> str:
        """The Chinese characters, if the question is nothing else; else ""."""
        return self.wanted if re.fullmatch(f"[{HAN}]+", self.wanted) else ""

    def slips(self, rarity: Rarity) -> list[Slipped]:
        """The pieces as they would be if a character was changed, dropped or added."""
        return [
            Slipped(first, last, apart, BY_SLIP * rarity.weight(gram))
            for gram, (first, last, apart) in self._slips.items()
            if rarity.of_gram(gram)
        ]


def _without_fillers(asked: str) -> str:
    words = asked.split()
    left = [word for word in words if word not in everyday_words().fillers]
    spells = all(_is_spelling(word) for word in words)
    return asked if spells or not left else " ".join(left)


def _is_spelling(word: str) -> bool:
    """Whether letters may be meant as Mandarin: whole syllables, nothing left over."""
    return word.isascii() and word.isalpha() and all(
        part in SYLLABLES for part in taken_apart(word)
    )


def _spelled_out(words: Sequence[Word]) -> tuple[str, ...]:
    """The syllables of Mandarin written in letters, () for anything else; the last may be one that
    is still being typed."""
    if not all(word.text.isascii() and word.text.isalpha() for word in words):
        return ()
    parts = [part for word in words for part in taken_apart(word.text)]
    whole = parts if parts and parts[-1] in SYLLABLES else parts[:-1]
    return tuple(whole) if whole and all(part in SYLLABLES for part in whole) else ()


def _pairs(syllables: Sequence[str]) -> Iterator[list[Heard]]:
    """Each two of them, and what many people cannot tell from these, if the question is so short
    that a slip matters."""
    short = len(syllables) <= SLIPPED
    for a, b in itertools.pairwise(syllables):
        alike = itertools.product(_alike_syllables(a), _alike_syllables(b)) if short else ()
        yield [Heard(*pair) for pair in dict.fromkeys([(a, b), *alike])]


def _weight(gram: str, rarity: Rarity) -> float:
    return rarity.weight(gram) or _UNKNOWN * rarity.weight_of(1)


def _raw_pieces(
    runs: Sequence[str], by_stem: bool
) -> Iterator[tuple[str, str, float, int, str]]:
    """(text, meaning, factor of its weight, length, gram), each once. ``by_stem``: for texts whose
    Latin words have their stems beside them."""
    seen: set[str] = set()
    joining = everyday_words().joining
    for run in runs:
        if by_stem and re.match(f"[{LATIN}]", run):
            if (bare := stem(run)) not in seen:
                seen.add(bare)
                yield f"={bare}=", "", 1.0, len(run), meaning_gram(bare)
            continue
        meant = list(everyday_words().meant(run))
        inside = {(m.start, m.start + len(m.word)) for m in meant}
        for m in meant:
            gram = meaning_gram(m.meaning)
            if gram not in seen:
                seen.add(gram)
                size = len(m.word)
                yield m.word, m.meaning, 0.7 if size == 1 else 0.65 + 0.35 * size / 2, size, gram
        pairs = [(i, run[i : i + 2]) for i in range(len(run) - 1)] or [(0, run)]
        if re.match(f"[{LATIN}]", run):
            pairs = [(0, run)]
        for i, pair in pairs:
            if pair in seen or any(a <= i and i + len(pair) <= b for a, b in inside):
                continue
            seen.add(pair)
            edge = any(i < cut < i + 2 for ab in inside for cut in ab)
            if len(pair) == 2 and (pair[0] in joining or pair[1] in joining):
                yield pair, "", _JOINED, 1, pair
            else:
                factor = _INTO_A_WORD**i if by_stem else 1.0
                yield pair, "", _ACROSS * factor if edge else factor, 1, pair[:3]


def _slips(runs: Sequence[str]) -> Iterator[tuple[str, tuple[str, str, bool]]]:
    """gram → two characters of a text, and whether a third stands between them."""
    for run in runs:
        if re.match(f"[{LATIN}]", run):
            continue
        for a, b in itertools.pairwise(run):
            yield around(a, b), (a, b, True)  # one was dropped
        for a, c in zip(run, run[2:], strict=False):
            yield around(a, c), (a, c, True)  # one was changed
            yield a + c, (a, c, False)  # one was added


class Word:
    """One word of a question, for those written in letters or partly so."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_latin = text.isascii()
        self.spelling = spelling_pattern(text)
        self.as_word: set[str] = set()
        self.as_spelling: set[str] = set()
        self.han: set[str] = set()
        for match in RUNS.finditer(text):
            run = match.group()
            if re.match(f"[{LATIN}]", run):
                as_word, as_spelling = letter_grams(run)
                self.as_word |= as_word
                self.as_spelling |= as_spelling
            else:
                self.han.update(run[i : i + 2] for i in range(max(1, len(run) - 1)))

    @cached_property
    def pairs(self) -> list[re.Pattern[str]]:
        parts = taken_apart(self.text) if re.fullmatch("[a-z]+", self.text) else ()
        return [_pair(a, b) for a, b in itertools.pairwise(parts)]


@lru_cache(maxsize=1024)
def _pair(first: str, second: str) -> re.Pattern[str]:
    """What finds two syllables after one another, or such that many people hear no difference:
    z and zh, n and ng and the like."""
    return re.compile(rf"{_alike(first)}\|.{_alike(second)}")


@lru_cache(maxsize=512)
def _alike_syllables(syllable: str) -> tuple[str, ...]:
    pattern = re.compile(_alike(syllable))
    return tuple(sorted(other for other in SYLLABLES if pattern.fullmatch(other)))


def _alike(syllable: str) -> str:
    """A pattern of the syllables that many people cannot tell from this one."""
    begun = re.sub("^([zcs])h?", r"\1h?", syllable)
    return re.sub("(?<=[aei])ng?$", "ng?", begun)
