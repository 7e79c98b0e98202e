import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_store.spelling import grams, normal, query_grams, spelled, spelling_pattern

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


@given(text=st.text(max_size=30))
def test_a_text_is_filed_under_every_gram_of_itself(text: str) -> None:
    plain = normal(text)
    assert set(query_grams(plain)) <= set(grams(plain))
