"""Sentences in the visit's language: gettext catalogs with English message ids.

The readable .po files under kiosk/locale are read as they are (babel), so there is no compiled
copy that could be older than its source.
"""

import gettext
import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en", "ko")
"""Languages of the screens, the default first."""

LOCALE = Path(__file__).parent / "locale"
_BABEL_LOCALE = {"zh": "zh_Hans_CN", "en": "en", "ko": "ko_KR"}


class Words:
    """One language's sentences. `words("Lay your card flat on the lit field.")` translates."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no such language {language!r}; there are {', '.join(LANGUAGES)}")
        self.language = language
        self._translations = _translations(language)

    def __call__(self, message: str, **values: object) -> str:
        text = self._translations.gettext(message)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        return self._translations.ngettext(one, many, n).format(n=n, **values)

    def pick(self, texts: Mapping[str, str]) -> str:
        """The text of catalog data in this language; Chinese where there is none."""
        return texts.get(self.language) or texts.get("zh") or ""

    def date(self, day: date) -> str:
        return format_date(day, format="long", locale=_BABEL_LOCALE[self.language])

    def moment(self, moment: datetime) -> str:
        """Date and time as people of this language write them, in local time."""
        return format_datetime(
            moment.astimezone().replace(tzinfo=None),
            format="medium",
            locale=_BABEL_LOCALE[self.language],
        )


@cache
def _translations(language: str) -> gettext.NullTranslations:
    path = LOCALE / language / "LC_MESSAGES" / "yimen.po"
    if language == "en" or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        catalog = read_po(source, locale=_BABEL_LOCALE[language])
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
