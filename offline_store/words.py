"""Everyday words and official ones, words that say nothing, traditional characters."""

from __future__ import annotations

import ctypes
import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("everyday_words.toml")
LIBRARY = "libopencc.so.1.1"  # Debian's libopencc1.1, which librime1 brings along


@dataclass(frozen=True)
class Meant:
    """A word of a text at ``start``, and the meaning it belongs to (the meaning's first word)."""

    start: int
    word: str
    meaning: str


class EverydayWords:
    """The table of ``everyday_words.toml``."""

    def __init__(self, content: bytes) -> None:
        table = tomllib.loads(content.decode())
        self.digest = hashlib.sha256(content).hexdigest()
        # Longest first: the first that fits is the word that was meant.
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        self._beginning: dict[str, list[str]] = {}
        self._ending: dict[str, list[str]] = {}
        entries = [(word, words[0]) for words in table["same"] for word in words]
        for word, meaning in sorted(entries, key=lambda entry: -len(entry[0])):
            self._by_first.setdefault(word[0], []).append((word, meaning))
            self._beginning.setdefault(word[0], []).append(word)
            self._ending.setdefault(word[-1], []).append(word)
        self.joining = frozenset(table["joining"])
        self.later = frozenset(table["later"])
        self.first = tuple(table["first"])
        self.fillers = frozenset(table["fillers"])
        self.steps_in_english: Mapping[str, str] = table["steps_in_english"]
        self.english: tuple[tuple[str, ...], ...] = tuple(map(tuple, table["english"]))
        self._around = tuple(sorted(table["around"], key=len, reverse=True))
        self._between = re.compile("|".join(word for word in self._around if len(word) > 1))

    def meant(self, text: str) -> Iterator[Meant]:
        """The words of normal ``text`` that the table knows, from left to right, not overlapping.
        """
        at, end, by_first = 0, len(text), self._by_first
        while at < end:
            for word, meaning in by_first.get(text[at], ()):
                if text.startswith(word, at):
                    yield Meant(at, word, meaning)
                    at += len(word)
                    break
            else:
                at += 1

    def bare(self, text: str) -> str:
        """Normal ``text`` without what is said around the thing; "" when nothing else was said.

        Nothing is cut out of a longer word of the table: 补办 does not lose its 办.
        """
        left = text
        while cut := next(filter(left.startswith, self._around), ""):
            if any(map(left.startswith, self._longer(self._beginning, cut[0], cut))):
                break
            left = left[len(cut) :].lstrip()
        while cut := next(filter(left.endswith, self._around), ""):
            if any(map(left.endswith, self._longer(self._ending, cut[-1], cut))):
                break
            left = left[: -len(cut)].rstrip()
        return left

    @staticmethod
    def _longer(words: Mapping[str, list[str]], character: str, cut: str) -> Iterator[str]:
        return (word for word in words.get(character, ()) if len(word) > len(cut))

    def apart(self, text: str) -> str:
        """Bare ``text`` with a space for what says nothing in the middle of it."""
        return self._between.sub(" ", text)


@functools.cache
def everyday_words() -> EverydayWords:
    return EverydayWords(TABLE.read_bytes())


_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SPELLED_OUT = re.compile("[〇零一二三四五六七八九]{4,}")


def in_figures(text: str) -> str:
    """``text`` with numbers that are read out digit by digit in figures: 四零五零 is 4050."""
    return _SPELLED_OUT.sub(lambda match: match.group().translate(_DIGITS), text)


def simplified(text: str) -> str:
    """Normal ``text`` with traditional characters and phrases in simplified ones (OpenCC).

    Raises OSError when the library or its data is not installed.
    """
    library, converter = _opencc()
    raw = text.encode()
    answer = library.opencc_convert_utf8(converter, raw, len(raw))
    if not answer:
        return text
    try:
        return ctypes.string_at(answer).decode()
    finally:
        library.opencc_convert_utf8_free(answer)


@functools.cache
def _opencc() -> tuple[ctypes.CDLL, ctypes.c_void_p]:
    library = ctypes.CDLL(LIBRARY)
    library.opencc_open.restype = ctypes.c_void_p
    library.opencc_open.argtypes = [ctypes.c_char_p]
    library.opencc_convert_utf8.restype = ctypes.c_void_p
    library.opencc_convert_utf8.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.opencc_convert_utf8_free.argtypes = [ctypes.c_void_p]
    library.opencc_convert_utf8_free.restype = None
    converter = library.opencc_open(b"t2s.json")
    if converter in (None, ctypes.c_void_p(-1).value):
        raise OSError("OpenCC cannot read t2s.json (package libopencc-data)")
    return library, ctypes.c_void_p(converter)
