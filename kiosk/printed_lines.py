"""The lines printed in a passport, seen by the camera or typed: they open its chip.

Three values out of those lines are the key (ICAO 9303-11, 9.7.2): number, birth, expiry. They are
here only until somebody is known, and never in a log or a repr.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from devices.cards.travel_document.mrz import AccessKey
from kiosk.fault_views import Sentences
from kiosk.views import FieldView, FormView
from kiosk.words import Words

NUMBER, BIRTH, EXPIRY = FIELDS = ("document_number", "birth_date", "expiry_date")
LONGEST_NUMBER = 22
"""9303-5: nine characters in the number's place and thirteen more in the optional one."""
LONGEST_VALIDITY = 15
"""Years from today; states give ten at most, some documents of stateless people a little more."""
_NUMBER = re.compile(rf"[A-Z0-9]{{5,{LONGEST_NUMBER}}}", re.ASCII)
# What a hand writes between groups of characters; an MRZ leaves it out or puts a filler.
_BETWEEN = re.compile(r"[\s\-./<]+")


class Way(StrEnum):
    """How the lines come to us."""

    CAMERA = "camera"
    TYPED = "typed"


@dataclass(frozen=True, repr=False)
class SeenLines:
    """What the camera read; a date is None where the lines leave a part of it open."""

    key: AccessKey
    birth: date | None
    expiry: date | None


class PrintedLines:
    """What is known of one passport's lines. Lives on the UI thread, but for `key`.

    Offers a form of three questions as a visit offers the service's own: form, set_answer,
    leave_field, next.
    """

    def __init__(
        self,
        words: Callable[[], Words],
        today: Callable[[], date],
        done: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        """`done` is called when `next` found all three right; `key` then gives the key."""
        self.way = Way.TYPED
        self.fault_code: str | None = None
        self._words, self._today = words, today
        self._done, self._changed = done, changed
        self._values: dict[str, str] = {}
        self._left: set[str] = set()
        self._key: AccessKey | None = None

    def key(self) -> AccessKey | None:
        """The key of the chip, None while it is not known; from any thread."""
        return self._key

    @property
    def known(self) -> bool:
        return self._key is not None

    @property
    def started(self) -> bool:
        """Something was entered that leaving would throw away."""
        return bool(self._values)

    # ---- the three questions

    @property
    def form(self) -> FormView:
        words = self._words()
        problems = self._problems()
        sentences = Sentences(words)
        texts = {
            NUMBER: (words("Passport number"),
                     words("Letters and digits, as printed beside the photo.")),
            BIRTH: (words("Date of birth"), ""),
            EXPIRY: (words("Date of expiry"), words("The last day the passport is valid.")),
        }
        fields = tuple(
            FieldView(
                id=name,
                label=label,
                hint=hint,
                kind="text" if name == NUMBER else "date",
                keyboard="document" if name == NUMBER else "digits",
                value=self._values.get(name, ""),
                display=self._display(name, words),
                source="",
                choices=(),
                required=True,
                problem=sentences[problems[name]] if name in problems and name in self._left
                else "",
                max_length=LONGEST_NUMBER if name == NUMBER else 10,
            )
            for name, (label, hint) in texts.items()
        )
        return FormView(words("Type what is printed"), 0, 1, fields, not problems)

    def set_answer(self, field_id: str, value: str) -> None:
        if field_id not in FIELDS:
            return
        self.fault_code = None
        if value:
            self._values[field_id] = value
        else:
            self._values.pop(field_id, None)

    def leave_field(self, field_id: str) -> None:
        """From now on a problem of this field is shown."""
        if field_id in FIELDS:
            self._left.add(field_id)
            self._changed()

    def next(self) -> None:
        """Make the key of what was typed; what is wrong is said beside the question."""
        self._left.update(FIELDS)
        if self._problems():
            self._changed()
            return
        birth, expiry = (_six(self._values[name]) for name in (BIRTH, EXPIRY))
        self._take(AccessKey(self._number(), birth, expiry))

    # ---- what else happens to them

    def seen(self, lines: SeenLines) -> None:
        """The camera read them; their check digits were right. They can be corrected later."""
        days = {BIRTH: lines.birth, EXPIRY: lines.expiry}
        self._values = {name: day.isoformat() for name, day in days.items() if day is not None}
        self._values[NUMBER] = lines.key.number.rstrip("<")
        if lines.expiry is not None and lines.expiry < self._today():
            self._fail("card.expired")
        else:
            self._take(lines.key)

    def refused(self, code: str) -> None:
        """The chip did not open with them: they stay, to be compared and corrected by hand."""
        self._key = None
        self.way = Way.TYPED
        self._fail(code)

    def calm(self) -> None:
        """Forget what was said about them, not them."""
        self.fault_code = None

    def wipe(self) -> None:
        """Forget them all. Python frees the text when it likes; nothing of ours holds it on."""
        self._key = None
        self._values.clear()
        self._left.clear()
        self.fault_code = None

    # ---- inside

    def _take(self, key: AccessKey) -> None:
        self._key = key
        self.fault_code = None
        self._done()

    def _fail(self, code: str) -> None:
        self.fault_code = code
        self._changed()

    def _number(self) -> str:
        return _BETWEEN.sub("", self._values.get(NUMBER, "")).upper()

    def _problems(self) -> dict[str, str]:
        found = {name: "field.required" for name in FIELDS if not self._values.get(name)}
        if NUMBER not in found and not _NUMBER.fullmatch(self._number()):
            found[NUMBER] = "field.passport_number"
        today, days = self._today(), {}
        for name in (BIRTH, EXPIRY):
            if name not in found:
                try:
                    days[name] = date.fromisoformat(self._values[name])
                except ValueError:
                    found[name] = "field.date"
        if BIRTH in days and days[BIRTH] > today:
            found[BIRTH] = "field.birth_date"
        if EXPIRY in days and not (
            days.get(BIRTH, date.min) < days[EXPIRY]
            and days[EXPIRY].year <= today.year + LONGEST_VALIDITY
        ):
            found[EXPIRY] = "field.expiry_date"
        elif EXPIRY in days and days[EXPIRY] < today:
            found[EXPIRY] = "card.expired"
        return found

    def _display(self, name: str, words: Words) -> str:
        value = self._values.get(name, "")
        if name == NUMBER or not value:
            return value
        try:
            return words.date(date.fromisoformat(value))
        except ValueError:
            return value

    def __repr__(self) -> str:
        return f"PrintedLines({self.way.value})"


def _six(iso: str) -> str:
    """YYMMDD, as an MRZ writes a date."""
    return f"{date.fromisoformat(iso):%y%m%d}"
