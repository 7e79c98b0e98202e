"""Column arithmetic: nothing gets lost, nothing is halved, nothing is wider than the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.columns import balanced, clean, columns_of, in_printer_font, width_of, wrap

WORDS = st.text(
    st.sampled_from(
        "abcXYZ 019-:/长春市政务服务一门，。（）《》“”김매화신청합니다é€¥·𠮷㐂ｱ　\t\u0301"
    ),
    max_size=80,
)
ANYTHING = st.text(max_size=60)


@given(WORDS | ANYTHING, st.integers(2, 48))
def test_wrap_keeps_every_visible_character_in_order(text: str, columns: int) -> None:
    kept = "".join(wrap(text, columns)).replace(" ", "")
    assert kept == clean(text).replace(" ", "").replace("\n", "")


@given(WORDS | ANYTHING, st.integers(2, 48))
def test_wrap_never_exceeds_the_paper(text: str, columns: int) -> None:
    assert all(width_of(line) <= columns for line in wrap(text, columns))


@given(ANYTHING)
def test_clean_leaves_no_control_character_for_the_printer(text: str) -> None:
    assert all(character == "\n" or character >= " " for character in clean(text))


@given(st.characters(codec="gb18030"))
def test_a_character_is_in_the_printer_font_exactly_when_gbk_has_it(character: str) -> None:
    if in_printer_font(character):
        coded = character.encode("gb18030")
        assert len(coded) == columns_of(character)
        assert coded.decode("gbk") == character


@pytest.mark.parametrize("character", ["䶮", "𠮷", "한", "€", "¥"])
def test_characters_outside_gbk_are_known_as_such(character: str) -> None:
    assert not in_printer_font(character)


def test_yen_becomes_the_full_width_sign_that_gbk_has() -> None:
    assert wrap("¥20", 10) == ("￥20",)


def test_the_narrow_space_of_an_english_time_stays_in_the_printer_font() -> None:
    assert wrap("9:05\u202fAM", 10) == ("9:05 AM",)


@given(WORDS, st.integers(2, 48))
def test_balanced_says_the_same_in_as_many_lines(text: str, columns: int) -> None:
    plain, even = wrap(text, columns), balanced(text, columns)
    assert len(even) == len(plain)
    assert "".join(even).replace(" ", "") == "".join(plain).replace(" ", "")
    assert all(width_of(line) <= columns for line in even)


def test_balanced_leaves_no_single_character_on_a_line() -> None:
    assert balanced("长春市示范街道便民服务中心（演示）", 32) == (
        "长春市示范街道便民", "服务中心（演示）"
    )


def test_closing_punctuation_never_opens_a_line() -> None:
    assert wrap("长春市政务，服务", 10) == ("长春市政", "务，服务")


def test_english_breaks_between_words() -> None:
    assert wrap("Scan this code at any terminal", 12) == ("Scan this", "code at any", "terminal")


def test_korean_breaks_between_words() -> None:
    assert wrap("진행 상황을 볼 수 있습니다", 12) == ("진행 상황을", "볼 수", "있습니다")


def test_a_word_longer_than_the_paper_is_cut() -> None:
    assert wrap("ABCDEFGH", 3) == ("ABC", "DEF", "GH")


def test_a_full_width_character_moves_on_whole_when_one_column_is_left() -> None:
    assert wrap("长春市", 5) == ("长春", "市")


def test_less_than_two_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="two columns"):
        wrap("长", 1)
