"""The slip: what it is, until when, how to go on; the key in two forms, nothing about anybody."""

from datetime import UTC, datetime, timedelta

import pytest

from devices.printers.escpos import encode
from devices.printers.layout import Pair, Qr, Text
from kiosk.contract.draft_keys import DraftKey
from kiosk.draft_paper import draft_layout
from kiosk.words import LANGUAGES, Words

EXPIRES = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slip_holds_the_key_the_service_the_day_and_how_to_go_on(language: str) -> None:
    words, key = Words(language), DraftKey.new()
    layout = draft_layout(words, "Hall", "Residence permit", key, EXPIRES, "12345")
    texts = [line.text for line in layout if isinstance(line, Text)]
    pairs = {line.left: line.right for line in layout if isinstance(line, Pair)}
    assert [line.data for line in layout if isinstance(line, Qr)] == [key.qr_text]
    assert DraftKey.parse("".join(text for text in texts if text in key.lines)) == key
    assert pairs[words("Kept until")] == words.moment(EXPIRES)
    assert "Residence permit" in texts
    for sentence in (
        "To go on, hold this code under the code reader of any kiosk, or type it.",
        "Keep this slip: nobody else has this code. Whoever loses it begins again.",
    ):
        assert words(sentence) in texts
        assert language == "en" or words(sentence) != sentence


def test_key_fits_the_narrow_paper_in_large_letters() -> None:
    for line in DraftKey.new().lines:
        assert 2 * len(line) <= 32
    assert encode(draft_layout(Words("en"), "Hall", "Service", DraftKey.new(), EXPIRES
                               + timedelta(days=1), "1"), columns=32)
