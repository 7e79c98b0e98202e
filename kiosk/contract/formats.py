"""The formats a form field can have, checked alike on kiosk and hub.

`cn-id-number` (GB 11643 and its relatives), `document-number` (that, or the
number of a passport), `cn-credit-code` (GB 32100), `cn-mobile`, `date` (ISO 8601).
"""

import re
from collections.abc import Callable
from datetime import date

from jsonschema import FormatChecker
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_FOREIGNER_2017 = re.compile(r"[A-Z]{3}[0-9]{4}([0-9]{6})[0-9]{2}", re.ASCII)
# 9303-3: nine characters in most states; some write more. Of 15 on they are identity numbers.
_PASSPORT_NUMBER = re.compile(r"[A-Z0-9]{5,14}", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def is_id_number(value: str) -> bool:
    """Say whether this is an identity number: 18 characters with a right check digit, or the 15
    of a foreigner's card of 2017.

    Residents' numbers (1…7) and Hong Kong, Macau and Taiwan residence permits
    (8…) hold a birth date; the foreigner's card of 2023 (9…) has another
    middle part. Places are deliberately not looked up: real people carry codes
    of counties renamed long before or after their birth.

    The foreigner's card of 2017 (valid until it runs out) has three letters of a state, four
    digits of a place, the birth as yymmdd, and two more, of which the last is a check digit by a
    rule that nobody has published; so only its form and its date are looked at.
    """
    if foreigner := _FOREIGNER_2017.fullmatch(value):
        return _is_day_of_some_century(foreigner[1])
    if not _ID_NUMBER.fullmatch(value) or ric.calc_check_digit(value) != value[-1]:
        return False
    if value[0] == "9":
        return True
    try:
        return bool(ric.get_birth_date(value) >= date(1850, 1, 1))
    except ValidationError:
        return False


def is_document_number(value: str) -> bool:
    """Say whether this is an identity number, or can be the number of a passport."""
    return is_id_number(value) or _PASSPORT_NUMBER.fullmatch(value) is not None


def is_credit_code(value: str) -> bool:
    """Say whether this is a unified social credit code with a right check character."""
    return value == value.upper() and bool(uscc.is_valid(value))


def is_mobile(value: str) -> bool:
    """Say whether this is a mainland mobile number: 11 digits, 13… to 19…."""
    return _MOBILE.fullmatch(value) is not None


def is_date(value: str) -> bool:
    """Say whether this is an existing day written yyyy-mm-dd."""
    if not _ISO_DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_day_of_some_century(six: str) -> bool:
    """yymmdd; 29 February passes when it was a day in one of the two centuries."""
    return any(is_date(f"{century}{six[:2]}-{six[2:4]}-{six[4:]}") for century in ("19", "20"))


CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "cn-id-number": (is_id_number, "field.id_number"),
    "document-number": (is_document_number, "field.format"),
    "cn-credit-code": (is_credit_code, "field.format"),
    "cn-mobile": (is_mobile, "field.phone"),
    "date": (is_date, "field.date"),
}
"""Format name → check and the fault code of a failure."""


def checker() -> FormatChecker:
    """Return a JSON Schema format checker that knows exactly our formats."""
    formats = FormatChecker(formats=())
    for name, (check, _) in CHECKS.items():
        formats.checks(name)(_for_strings(check))
    return formats


def _for_strings(check: Callable[[str], bool]) -> Callable[[object], bool]:
    # JSON Schema: a format says nothing about values that are not strings.
    return lambda value: not isinstance(value, str) or check(value)
