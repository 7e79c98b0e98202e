"""Case numbers: 31 characters of implementation code, day, four of sequence: 43 in all.

The layout is the one of the national government-service platform (办件编号).
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.tables import Case

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

OFFICIAL_TIME = ZoneInfo("Asia/Shanghai")
"""The city's clock: days of case numbers and times at the desk."""


def official_day(moment: datetime) -> date:
    """Return the day it is in the city."""
    return moment.astimezone(OFFICIAL_TIME).date()


def implementation_code(service_code: str) -> str:
    """Return 31 characters: a service's code, made to fit when it is another kind of name."""
    return re.sub(r"[^0-9A-Z]", "", service_code.upper())[:31].ljust(31, "0")


def next_case_number(session: Session, service_code: str, day: date) -> str:
    """Return the next number of a service on a day, inside the caller's transaction."""
    stem = implementation_code(service_code) + day.strftime("%Y%m%d")
    last = session.scalar(
        select(func.max(Case.case_number)).where(Case.case_number.startswith(stem))
    )
    return stem + (_after(last[-4:]) if last else "0001")


def _after(sequence: str) -> str:
    # Digits, as everywhere. A day with more than 9999 cases of one service goes on
    # with A000 (base 36), which sorts after 9999: no case is ever turned away for its number.
    if sequence < "9999":
        return f"{int(sequence) + 1:04d}"
    if sequence == "9999":
        return "A000"
    value = int(sequence, 36) + 1
    out = ""
    for _ in range(4):
        value, digit = divmod(value, 36)
        out = _BASE36[digit] + out
    return out
