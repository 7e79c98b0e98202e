import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_store.words import everyday_words, in_figures, simplified


def _meanings(text: str) -> list[str]:
    return [meant.meaning for meant in everyday_words().meant(text)]


def test_a_word_means_its_longest_entry() -> None:
    assert _meanings("房本丢了") == ["不动产权证", "补办"]
    assert _meanings("老头老太太坐车不要钱") == ["老年人", "公交", "减免"]
    assert _meanings("龘") == []


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("请问怎么办居住证", "居住证"),
        ("我想办个居住证需要什么材料", "居住证"),
        ("身份证补办", "身份证补办"),  # the 办 belongs to 补办
        ("要饭的去哪", "要饭"),
        ("怎么办", ""),
        ("", ""),
    ],
)
def test_what_is_said_around_the_thing_is_dropped(said: str, left: str) -> None:
    assert everyday_words().bare(said) == left


@given(text=st.text("我要想办怎么的社保", max_size=40))
def test_only_something_at_the_ends_is_dropped(text: str) -> None:
    assert everyday_words().bare(text) in text


def test_traditional_characters_become_simplified_ones() -> None:
    assert simplified("護照丟了怎麼辦") == "护照丢了怎么办"
    assert simplified("护照 passport 여권") == "护照 passport 여권"
    assert simplified("") == ""


def test_numbers_read_out_become_figures() -> None:
    assert in_figures("四零五零补贴") == "4050补贴"
    assert in_figures("二手房") == "二手房"
