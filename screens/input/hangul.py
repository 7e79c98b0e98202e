"""Hangul syllables from jamo keys, two-set keyboard (두벌식).

The Unicode Standard, chapter 3.12: syllable = U+AC00 + (L × 21 + V) × 28 + T. Keys and results are
compatibility jamo (U+3131…U+3163). Pure functions over the keys of the running composition, so that
backspace takes one jamo away by composing again without the last key.
"""

from dataclasses import dataclass

_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]
_VOWEL_PAIRS = dict(
    zip(["ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅡㅣ"], "ㅘㅙㅚㅝㅞㅟㅢ", strict=True)
)
_TAIL_PAIRS = dict(
    zip(
        ["ㄱㅅ", "ㄴㅈ", "ㄴㅎ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅂㅅ"],
        "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        strict=True,
    )
)

JAMO = frozenset(_LEADS + _VOWELS)
"""Every key of the two-set keyboard, shifted ones included."""


@dataclass(frozen=True)
class Syllable:
    """One composed character and the keys it was made of."""

    text: str
    keys: str


def compose(keys: str) -> tuple[Syllable, ...]:
    """Compose jamo keys, greedily and as typists expect: a final moves on before a vowel.

    ValueError when a key is no jamo.
    """
    if not JAMO.issuperset(keys):
        raise ValueError("not a jamo key")
    found: list[Syllable] = []
    rest = keys
    while rest:
        length = _first(rest)
        found.append(Syllable(_write(rest[:length]), rest[:length]))
        rest = rest[length:]
    return tuple(found)


def _vowel(keys: str, start: int) -> int:
    """How many keys the vowel at `start` takes: 0, 1 or 2."""
    if start >= len(keys) or keys[start] not in _VOWELS:
        return 0
    return 2 if keys[start : start + 2] in _VOWEL_PAIRS else 1


def _first(keys: str) -> int:
    """How many keys the first syllable takes."""
    if keys[0] in _VOWELS:
        return _vowel(keys, 0)
    middle = _vowel(keys, 1)
    if not middle:
        return 1  # a lead alone stays a lead
    end = 1 + middle
    tail = 0
    if keys[end : end + 2] in _TAIL_PAIRS:
        tail = 2
    elif end < len(keys) and keys[end] in _TAILS:
        tail = 1
    if tail and _vowel(keys, end + tail):
        tail -= 1  # the vowel that follows takes the last consonant as its lead
    return end + tail


def _write(keys: str) -> str:
    if len(keys) == 1:
        return keys
    if keys[0] in _VOWELS:
        return _VOWEL_PAIRS[keys]
    middle = _vowel(keys, 1)
    vowel = _VOWEL_PAIRS.get(keys[1 : 1 + middle], keys[1])
    tail = keys[1 + middle :]
    tail = _TAIL_PAIRS.get(tail, tail)
    return chr(
        0xAC00 + (_LEADS.index(keys[0]) * 21 + _VOWELS.index(vowel)) * 28 + _TAILS.index(tail)
    )
