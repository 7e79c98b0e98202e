"""The receipt says which service, which number and when, in every language, and no more."""

import inspect
from datetime import UTC, date, datetime

import pytest

from devices.printers.escpos import encode
from devices.printers.layout import Cut, Pair, Qr, Text
from kiosk.promise import Promise
from kiosk.receipt_paper import receipt_layout
from kiosk.words import LANGUAGES, Words

NUMBER = "YM0007-261123-0001-59"
MOMENT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_says_what_it_proves_in_the_visits_language(language: str) -> None:
    words = Words(language)
    layout = receipt_layout(words, "大厅", "参保证明", NUMBER, "YIMEN1:x", MOMENT, "12345")
    texts = [line.text for line in layout if isinstance(line, Text)]
    pairs = {line.left: line.right for line in layout if isinstance(line, Pair)}
    assert texts[0] == "大厅"
    assert "参保证明" in texts
    assert words("Receipt") in texts
    assert pairs[words("Receipt number")] == NUMBER
    assert pairs[words("Handed in")] == words.moment(MOMENT)
    assert any("12345" in text for text in texts)
    assert [line.data for line in layout if isinstance(line, Qr)] == ["YIMEN1:x"]
    assert layout[-1] == Cut()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [32, 48])
def test_receipt_can_be_printed_on_both_widths(language: str, columns: int) -> None:
    layout = receipt_layout(Words(language), "大厅", "社会保险参保证明" * 3, NUMBER, "YIMEN1:x",
                            MOMENT, "12345")
    sent = encode(layout, columns)
    assert b"YIMEN1:x" in sent
    # The printers know no hangul: those lines are drawn.
    assert (NUMBER.encode() in sent) == (language != "ko")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", [False, True])
def test_receipt_says_by_when_the_answer_is_promised(language: str, about: bool) -> None:
    words, promise = Words(language), Promise(date(2026, 12, 31), about)
    said = [receipt_layout(words, "大厅", "参保证明", NUMBER, "YIMEN1:x", MOMENT, "12345", one)
            for one in (None, promise)]
    line = Pair(*promise.on_paper(words))
    assert [one for one in said[1] if one not in said[0]] == [line]
    assert words.date(date(2026, 12, 31)) in line.right


def test_layout_is_made_without_knowing_any_person() -> None:
    assert list(inspect.signature(receipt_layout).parameters) == [
        "words", "place", "service", "number", "qr", "committed", "phone", "promise"]
