import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_store.spelling import (
    grams,
    letter_grams,
    normal,
    spelled,
    spelling_grams,
    spelling_pattern,
)
from offline_store.syllables import taken_apart

NAMES = st.lists(st.sampled_from("社会保险参证明居住长春银行老年人公交卡"), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("　ＪＺＺ　", "jzz"),
        ("老年人公交卡（敬老卡）申领", "老年人公交卡 敬老卡 申领"),
        ("Lüyuan Café", "lvyuan cafe"),
        ("거주증·신청", "거주증 신청"),
        ("\"'*()^:-", ""),
    ],
)
def test_text_is_brought_to_its_normal_form(written: str, expected: str) -> None:
    assert normal(written) == expected


def test_han_is_spelled_as_its_phrase_asks_and_letters_as_themselves() -> None:
    assert spelled("长春etc卡") == "长chang|春chun|ee|tt|cc|卡ka|"
    assert spelled("银行") == "银yin|行hang|"


@given(name=NAMES, data=st.data())
def test_any_cut_of_a_name_is_found_however_it_is_spelled(
    name: list[str], data: st.DataObject
) -> None:
    text = "".join(name)
    spelling = spelled(text)
    units = [(unit[0], unit[1:]) for unit in spelling.split("|")[:-1]]
    start = data.draw(st.integers(0, len(units) - 1))
    end = data.draw(st.integers(start + 1, len(units)))
    query = "".join(
        data.draw(st.sampled_from([han, letters, letters[:1], letters[:2]]))
        for han, letters in units[start:end]
    )
    pattern = spelling_pattern(query)
    assert pattern is not None
    assert pattern.search(spelling)


@given(text=st.text(max_size=30))
def test_whatever_is_typed_has_a_pattern_or_nothing_to_look_for(text: str) -> None:
    plain = normal(text)
    to_spell = [c for c in plain if c != " " and not "\uac00" <= c <= "\ud7a3"]
    assert (spelling_pattern(plain) is None) == (to_spell == [])
    assert normal(plain) == plain


def test_a_text_is_filed_under_its_characters_their_pairs_and_pairs_around_a_third() -> None:
    assert set(grams("居住证")) == {"居", "住", "证", "居住", "住证", "居0证"}
    assert set(grams("pass")) == {"p", "pa", "as", "ss", "pas", "ass"}
    assert set(spelling_grams("社she|保bao|卡ka|")) == {
        "1s", "1b", "1k", "1sb", "1bk", "1sbk", "2she", "2bao", "2ka", "2shebao", "2baoka",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("letters", "parts"),
    [
        ("shenfenzheng", ["shen", "fen", "zheng"]),
        ("shenfenzh", ["shen", "fen", "zh"]),
        ("shebk", ["she", "b", "k"]),
        ("sbk", ["s", "b", "k"]),
        ("", []),
    ],
)
def test_letters_are_taken_apart_into_syllables(letters: str, parts: list[str]) -> None:
    assert list(taken_apart(letters)) == parts


@given(letters=st.text("abeghinosuxz", max_size=30))
def test_nothing_is_lost_when_letters_are_taken_apart(letters: str) -> None:
    assert "".join(taken_apart(letters)) == letters


@given(name=NAMES)
def test_a_name_in_letters_is_looked_for_where_it_is_filed(name: list[str]) -> None:
    spelling = spelled("".join(name))
    letters = "".join(part[1:] for part in spelling.split("|"))
    wanted = letter_grams(letters)[1]
    parts = tuple(part[1:] for part in spelling.split("|") if part)
    if taken_apart(letters) == parts:  # xian may be one syllable or two
        assert wanted <= set(spelling_grams(spelling))
