from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from screens.lines import NOT_AT_END, NOT_AT_START, balance_lines, break_lines

MIXED = st.text(alphabet="社会保险参证明，。（）《》 abc가입증명서한국 12", max_size=60)


def ems(text: str) -> float:
    """Every character one em wide."""
    return float(len(text))


def test_chinese_breaks_between_any_two_characters() -> None:
    assert break_lines("社会保险参保证明", 3, ems) == ["社会保", "险参保", "证明"]


def test_closing_punctuation_never_starts_a_line() -> None:
    assert break_lines("请刷卡，谢谢。", 3, ems) == ["请刷", "卡，谢", "谢。"]


def test_an_opening_bracket_never_ends_a_line() -> None:
    assert break_lines("老人（敬老卡）", 3, ems) == ["老人", "（敬老", "卡）"]


def test_korean_and_english_break_at_spaces_only() -> None:
    assert break_lines("사회보험 가입 증명서", 8, ems) == ["사회보험 가입", "증명서"]
    assert break_lines("Lay your card", 8, ems) == ["Lay your", "card"]


def test_a_word_longer_than_the_line_is_cut_rather_than_overflowing() -> None:
    assert break_lines("abcdefgh", 3, ems) == ["abc", "def", "gh"]


def test_balanced_lines_are_as_few_and_of_even_length() -> None:
    assert balance_lines("证明您在本市参加社会保险", 11, ems) == ["证明您在本市", "参加社会保险"]


@given(MIXED, st.integers(min_value=2, max_value=20))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, width: int) -> None:
    for break_ in (break_lines, balance_lines):
        lines = break_(text, width, ems)
        assert all(ems(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


PHRASES = ("社会保险，", "（敬老卡）", "가입 증명서 ", "card. ", "请刷卡。")


@given(st.lists(st.sampled_from(PHRASES)))
def test_punctuation_stays_with_its_words_in_any_sentence(words: list[str]) -> None:
    lines = break_lines("".join(words), 7, ems)
    for above, below in pairwise(lines):
        assert below[0] not in NOT_AT_START
        assert above[-1] not in NOT_AT_END
