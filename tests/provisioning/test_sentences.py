"""Every sentence of the screens is there in every language, and says the same values."""

import re

import pytest

from kiosk.words import Words
from provisioning.sentences import collect, missing, read

BRACES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_no_sentence_is_left_untranslated(language: str) -> None:
    assert missing(language) == []


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_translations_use_the_same_values_as_the_sentence(language: str) -> None:
    for message in read(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(BRACES.findall(str(ids[-1])))
        for text in texts:
            assert set(BRACES.findall(str(text))) == wanted, ids[0]


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_files_hold_nothing_that_is_no_longer_said(language: str) -> None:
    said = {m if isinstance(m, str) else m[0] for m in collect()}
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in read(language) if m.id}
    assert kept == said


def test_a_plural_follows_the_number_in_english() -> None:
    words = Words("en")
    assert words.plural("{n} page", "{n} pages", 1) == "1 page"
    assert words.plural("{n} page", "{n} pages", 3) == "3 pages"
