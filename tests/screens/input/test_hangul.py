import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.input.hangul import JAMO, compose

jamo_keys = st.text(st.sampled_from(sorted(JAMO)), max_size=24)
syllables = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=8)

_PAIRS = "ㅘㅗㅏ ㅙㅗㅐ ㅚㅗㅣ ㅝㅜㅓ ㅞㅜㅔ ㅟㅜㅣ ㅢㅡㅣ"
_TAILS = "ㄳㄱㅅ ㄵㄴㅈ ㄶㄴㅎ ㄺㄹㄱ ㄻㄹㅁ ㄼㄹㅂ ㄽㄹㅅ ㄾㄹㅌ ㄿㄹㅍ ㅀㄹㅎ ㅄㅂㅅ"
_SPLIT = {entry[0]: entry[1:] for entry in f"{_PAIRS} {_TAILS}".split()}


def keys_of(syllable: str) -> str:
    """The keys a typist presses, found with Python's own Unicode data, not with our tables."""
    keys = ""
    for jamo in unicodedata.normalize("NFD", syllable):
        name = unicodedata.name(jamo).split(" ", 2)[2]
        letter = unicodedata.lookup("HANGUL LETTER " + name)
        keys += _SPLIT.get(letter, letter)
    return keys


def text_of(keys: str) -> str:
    return "".join(part.text for part in compose(keys))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ㅎㅏㄴㄱㅜㄱㅇㅓ", "한국어"),
        ("ㄱㅏㄱㅏ", "가가"),
        ("ㄱㅏㅂㅅ", "값"),
        ("ㄱㅏㅂㅅㅣ", "갑시"),
        ("ㅇㅡㅣㅅㅏ", "의사"),
        ("ㄲㅗㅊ", "꽃"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("ㅗㅏ", "ㅘ"),
        ("ㅊㅏㅇㅊㅜㄴ", "창춘"),
        ("", ""),
    ],
)
def test_keys_compose_to_the_syllables_a_typist_means(keys: str, text: str) -> None:
    assert text_of(keys) == text


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_every_syllable_is_typed_by_its_own_jamo(syllable: str) -> None:
    assert text_of(keys_of(syllable)) == syllable


@given(jamo_keys)
def test_composition_keeps_every_key_in_order(keys: str) -> None:
    assert "".join(part.keys for part in compose(keys)) == keys


@given(jamo_keys)
def test_composition_gives_single_normal_characters(keys: str) -> None:
    for part in compose(keys):
        assert len(part.text) == 1
        assert unicodedata.is_normalized("NFC", part.text)


@given(jamo_keys)
def test_keeping_only_the_last_syllable_open_gives_the_same_text(keys: str) -> None:
    done, open_keys = "", ""
    for key in keys:
        parts = compose(open_keys + key)
        done += "".join(part.text for part in parts[:-1])
        open_keys = parts[-1].keys
    assert done + text_of(open_keys) == text_of(keys)


def test_anything_but_jamo_is_refused() -> None:
    with pytest.raises(ValueError, match="jamo"):
        compose("ㄱa")
