"""English words as they are looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_store.spelling import normal
from offline_store.stems import stem, stems, step_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("licences", "license"), ("kids", "child"), ("renewal", "renew"), ("expired", "renew"),
     ("lost", "lose"), ("apartments", "flat"), ("died", "death"), ("c1", "c1")],
)
def test_words_for_one_thing_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("car", "card"), ("birth", "bird"), ("tax", "taxi")])
def test_words_for_two_things_have_two(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_what_says_nothing_is_left_out() -> None:
    assert list(stems(normal("I lost my driver's card"))) == [stem("lost"), stem("driver"),
                                                             stem("card")]


def test_a_word_tells_the_later_step_it_means() -> None:
    assert step_of(stem("replacement")) == "补办"
    assert step_of(stem("cancelled")) == "注销"
    assert step_of(stem("passport")) == ""


@given(st.text())
def test_any_text_has_stems_of_its_own_words_only(text: str) -> None:
    found = list(stems(normal(text)))
    assert len(found) <= len(normal(text).split())
    assert all(one and one == one.casefold() for one in found)
