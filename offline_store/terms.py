"""The texts a service is found by, and what the index files them under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from offline_store.spelling import HAN, grams, normal, spelled, spelling_grams
from offline_store.stems import stems
from offline_store.words import everyday_words

# Kinds of text, best first: name, everyday saying, keyword, main item and result, summary,
# department.
KINDS = "nskmtd"
SPELLED = "nskm"  # the kinds one may also write in letters
_KEYS = (
    ("n", "name"),
    ("s", "sayings"),
    ("k", "keywords"),
    ("m", "main"),
    ("m", "result"),
    ("t", "summary"),
    ("d", "department"),
)
ROW, CELL = "\n", "\t"
HAS_HAN = re.compile(f"[{HAN}]")


class Terms(NamedTuple):
    """The texts of one service in normal form, a row each that begins with the letter of its kind.

    han: those with Chinese characters, each followed by the meanings of the everyday words in it
    (``s暂住证咋办<CELL>=居住证=``); spelled: these after a ``|`` as :func:`spelled` writes them;
    other: the rest, each followed by the stems of its English words and what the table of everyday
    words knows of its Korean ones (``slost cards<CELL>=lost=card=``).
    """

    han: str
    spelled: str
    other: str

    @classmethod
    def of(cls, service: Mapping[str, Any]) -> tuple[Terms, set[str]]:
        """Every text a catalog document is found by, best kinds first, none twice; and everything
        the index files it under."""
        texts = {(kind, normal(text)): None for kind, text in _texts(service)}
        han, letters, other = [], [], []
        filed: set[str] = set()
        for kind, text in sorted(texts, key=lambda pair: KINDS.index(pair[0])):
            if not text:
                continue
            row, spelling, its_grams = _prepared(text, kind in SPELLED)
            filed |= its_grams
            if HAS_HAN.search(text):
                han.append(kind + row)
                if spelling:
                    letters.append(f"{kind}|{spelling}")
            else:
                other.append(kind + row)
        return cls(ROW.join(han), ROW.join(letters), ROW.join(other)), filed


@lru_cache(maxsize=1024)  # names of main items and departments come again and again
def _prepared(text: str, is_spelled: bool) -> tuple[str, str, frozenset[str]]:
    """Normal ``text`` as a row without its kind, its spelling ("" without Chinese characters or
    when none is wanted), and what it is filed under."""
    filed = set(grams(text))
    meanings = dict.fromkeys(meant.meaning for meant in everyday_words().meant(text))
    has_han = HAS_HAN.search(text) is not None
    spelling = spelled(text) if has_han and is_spelled else ""
    if not has_han:
        meanings |= dict.fromkeys(stems(text))
    filed.update(map(meaning_gram, meanings))
    filed.update(spelling_grams(spelling))
    return f"{text}{CELL}={'='.join(meanings)}=", spelling, frozenset(filed)


def rows(column: str) -> list[str]:
    return column.split(ROW) if column else []


def _texts(service: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, key in _KEYS:
        value = service.get(key) or ()
        if key == "main" and value:
            value = value["name"]
        yield from ((kind, text) for text in _strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def meaning_gram(meaning: str) -> str:
    return f"00{meaning}"


def audience_gram(audience: str) -> str:
    return f"9{normal(audience).replace(' ', '')}"
