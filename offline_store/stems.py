"""English words as they are looked for: "licences" and "license" are one word, "kid" and "child"
too.

Endings are taken off by the Snowball English stemmer; what means the same stands in the table of
everyday words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import snowballstemmer

from offline_store.spelling import LATIN
from offline_store.words import everyday_words

_WORD = re.compile(f"[{LATIN}]+")


def stems(text: str) -> Iterator[str]:
    """What the Latin words of normal ``text`` are looked for as; those that say nothing left out.
    """
    fillers = everyday_words().fillers
    return (stem(word) for word in _WORD.findall(text) if word not in fillers)


@functools.lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Of one Latin word in normal form."""
    bare = _bare(word)
    return _alike().get(bare, bare)


@functools.cache
def _steps() -> dict[str, str]:
    return {_bare(word): step for word, step in everyday_words().steps_in_english.items()}


def step_of(stem: str) -> str:
    """The later step of a service that it tells of, as the table of everyday words names it; ""
    for most words."""
    return _steps().get(stem, "")


def _bare(word: str) -> str:
    return str(_stemmer().stemWord(word))


@functools.cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@functools.cache
def _alike() -> dict[str, str]:
    """stem → the stem of the first word that means the same."""
    return {
        _bare(word): _bare(words[0]) for words in everyday_words().english for word in words
    }
