"""Text as people type it: normal form, Mandarin spelling, and the grams both are found by."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator

from offline_store.syllables import SYLLABLES, taken_apart

# Unified ideographs with extension A and the supplementary planes; 〇 is used as a digit in names.
HAN = r"〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
HANGUL = r"\uac00-\ud7a3"
LATIN = "a-z0-9"
RUNS = re.compile(f"[{HAN}]+|[{HANGUL}]+|[{LATIN}]+")
_OTHER = re.compile(f"[^{HAN}{HANGUL}{LATIN}]+")


def normal(text: str) -> str:
    """Compatibility forms folded, lower case, anything but letters and digits as one space.

    ``ü`` becomes ``v``, as it is typed; other accents are dropped.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return _OTHER.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def spelled(text: str) -> str:
    """Each character of normal ``text`` with its spelling: ``社保a1`` is ``社she|保bao|aa|11|``.

    Han by the reading its phrase asks for; Latin letters and digits by themselves; spaces and
    Hangul are left out.
    """
    # Loading the phrase tables takes a noticeable moment; only an import of a catalog needs them.
    from pypinyin import Style, lazy_pinyin

    out: list[str] = []
    for match in RUNS.finditer(text):
        run = match.group()
        if re.match(f"[{LATIN}]", run):
            out += (f"{c}{c}|" for c in run)
        elif re.match(f"[{HAN}]", run):
            readings = lazy_pinyin(run, style=Style.NORMAL)
            if len(readings) != len(run):  # a character without a known reading swallowed others
                readings = [lazy_pinyin(c, style=Style.NORMAL)[0] for c in run]
            readings = [r if r.isascii() else "" for r in readings]
            out += (f"{c}{reading}|" for c, reading in zip(run, readings, strict=True))
    return "".join(out)


def spelling_pattern(query: str) -> re.Pattern[str] | None:
    """What finds normal ``query`` in :func:`spelled` text: characters, full or cut syllables,
    initials, in any mixture (``社bao卡``, ``shebk``, ``sbk``). None if there is nothing to find.

    A letter either goes on in its syllable or starts the next character's.
    """
    parts: list[str] = []
    after_letter = False
    for c in query:
        if re.match(f"[{LATIN}]", c):
            if not parts:
                parts.append(rf"(?:^|(?<=\|)).{c}")
            else:
                parts.append(rf"(?:[a-z0-9]*\|.)?{c}" if after_letter else rf"[a-z0-9]*\|.{c}")
            after_letter = True
        elif re.match(f"[{HAN}]", c):
            parts.append(rf"[a-z0-9]*\|{c}" if parts else c)
            after_letter = False
    return re.compile("".join(parts) + r"[a-z0-9]*\|") if parts else None


def grams(text: str) -> Iterator[str]:
    """The grams normal ``text`` is filed under: one and two characters of Han and Hangul, and two
    around any third (``居0证``); of Latin words their first letter and all pairs and triples."""
    for match in RUNS.finditer(text):
        run = match.group()
        if re.match(f"[{LATIN}]", run):
            yield run[0]
            yield from _slices(run, 2)
            yield from _slices(run, 3)
        else:
            yield from run
            yield from _slices(run, 2)
            yield from (around(run[i], run[i + 2]) for i in range(len(run) - 2))


def around(first: str, last: str) -> str:
    """The gram of two characters with any third between them."""
    return f"{first}0{last}"


def spelling_grams(spelling: str) -> Iterator[str]:
    """The grams a :func:`spelled` text is filed under: one to three initials after one another
    (``1sbk``), each syllable and each two (``2shebao``)."""
    syllables = [s[1:] for s in spelling.split("|") if len(s) > 1]
    initials = "".join(s[0] for s in syllables)
    for length in (1, 2, 3):
        yield from (f"1{piece}" for piece in _slices(initials, length))
    previous = ""
    for syllable in syllables:
        yield f"2{syllable}"
        if previous:
            yield f"2{previous}{syllable}"
        previous = syllable


def letter_grams(word: str) -> tuple[set[str], set[str]]:
    """What a word of Latin letters and digits may be filed under: as a word, and as a spelling.

    The second set is empty when the word has no letters to spell with.
    """
    as_word = set(_slices(word, min(len(word), 3)))
    as_spelling: set[str] = set()
    for letters in re.findall("[a-z]+", word):
        parts = taken_apart(letters)
        # Initials alone are cut wrongly where two of them look like one (sh of 社会).
        whole = any(part in SYLLABLES for part in parts)
        initials = "".join(part[0] for part in parts) if whole else letters
        as_spelling.update(f"1{piece}" for piece in _slices(initials, min(len(initials), 3)))
        as_spelling.update(f"2{part}" for part in parts[:-1] if part in SYLLABLES)
        as_spelling.update(
            f"2{a}{b}"
            for a, b in itertools.pairwise(parts)
            if a in SYLLABLES and b in SYLLABLES and b is not parts[-1]
        )
    return as_word, as_spelling


def _slices(text: str, length: int) -> Iterator[str]:
    return (text[i : i + length] for i in range(len(text) - length + 1))
