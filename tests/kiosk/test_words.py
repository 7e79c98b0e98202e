"""Sentences in three languages, complete and with the same gaps to fill in."""

import string
from datetime import UTC, date, datetime

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.faults import FAULTS
from kiosk.fault_views import Sentences, fault_view
from kiosk.words import LANGUAGES, LOCALE, Words


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_every_sentence_is_translated_with_the_same_gaps(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "yimen.po").open("rb") as source:
        catalog = read_po(source)
    messages = [message for message in catalog if message.id]
    assert len(messages) > 150
    for message in messages:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), ids
        assert not message.fuzzy, ids
        for text in texts:
            assert _gaps(str(text)) == _gaps(str(ids[-1])), ids


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_every_fault_is_said_in_every_language(language: str) -> None:
    words, english = Words(language), Words("en")
    for code in FAULTS:
        view = fault_view(code, words)
        assert view.code == code
        assert view.sentence != fault_view(code, english).sentence
        assert view.way_on != fault_view(code, english).way_on
        assert Sentences(words)[code] == f"{view.sentence} {view.way_on}"


def test_unlisted_fault_is_an_honest_unexpected_one() -> None:
    assert fault_view("no.such_fault", Words("en")).code == "unexpected"


@given(st.text(), st.text(), st.sampled_from(LANGUAGES))
def test_value_is_never_taken_for_a_gap_and_unknown_sentences_stay(
    text: str, value: str, language: str
) -> None:
    words = Words(language)
    assert value in words("Questions? Call {phone}.", phone=value)
    if text and text.strip():
        assert words("§" + text) == "§" + text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", [0, 1, 2, 5, 100])
def test_number_stands_in_the_sentence(language: str, n: int) -> None:
    assert str(n) in Words(language).plural("{n} page", "{n} pages", n)


def test_english_knows_one_and_many() -> None:
    words = Words("en")
    assert words.plural("{n} page", "{n} pages", 1) == "1 page"
    assert words.plural("{n} page", "{n} pages", 2) == "2 pages"


def test_text_of_the_catalog_falls_back_to_chinese() -> None:
    assert Words("ko").pick({"zh": "中文", "en": "English"}) == "中文"
    assert Words("ko").pick({}) == ""


def test_dates_are_written_the_way_each_language_does() -> None:
    day = date(2026, 11, 23)
    assert [Words(language).date(day) for language in LANGUAGES] == [
        "2026年11月23日", "November 23, 2026", "2026년 11월 23일"]
    for language in LANGUAGES:
        assert "2026" in Words(language).moment(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="zh, en, ko"):
        Words("fr")
