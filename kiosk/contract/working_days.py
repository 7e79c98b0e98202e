"""Working days of the city: weekdays, less the State Council's holidays, plus its make-up days.

The calendar of a year is published late in the year before it (国务院办公厅关于…部分节假日安排的
通知) and travels with the catalog. Beyond the years it knows, weekdays count, and what depends on
them is provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, NamedTuple

CITY_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time zone, and no summer time since 1991."""
OFFICES_CLOSE = time(17, 0)
"""What arrives from then on counts from the next working day."""
LONGEST = 2000
"""Working days one may ask for; far beyond any time limit."""
_DAY = timedelta(days=1)
_SATURDAY = 5


class Due(NamedTuple):
    """A promised day; provisional when it rests on a year whose calendar is not published."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """What is known of which years. Without any, weekdays count and everything is provisional."""

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    """Weekend days on which offices work (调休)."""

    @classmethod
    def of(cls, years: Iterable[Mapping[str, Any]]) -> WorkingCalendar:
        """The calendar from ``[{"year": 2026, "holidays": [ISO date, …], "make_up_days": […]}]``.

        Raises ValueError, KeyError or TypeError for another shape (see calendar_source.py).
        """
        rows = list(years)
        return cls(
            frozenset(int(row["year"]) for row in rows),
            frozenset(date.fromisoformat(day) for row in rows for day in row["holidays"]),
            frozenset(date.fromisoformat(day) for row in rows for day in row["make_up_days"]),
        )

    def works(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day in self.make_up_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add(self, start: date | datetime, working_days: int) -> Due:
        """The last day of a time limit of so many working days.

        The day of arrival does not count (Civil Code art. 201). A moment (aware; a naive one is
        city time) after closing, or on a day off, arrives on the next working day. 0 working days:
        the day of arrival itself. Raises ValueError below 0 and above LONGEST.
        """
        if not 0 <= working_days <= LONGEST:
            raise ValueError(f"{working_days} working days")
        day = first = _arrival_day(start)
        if isinstance(start, datetime) and _city_time(start).time() >= OFFICES_CLOSE:
            day += _DAY
        day = self._next_working(day)
        for _ in range(working_days):
            day = self._next_working(day + _DAY)
        provisional = any(year not in self.years for year in range(first.year, day.year + 1))
        return Due(day, provisional)

    def _next_working(self, day: date) -> date:
        while not self.works(day):
            day += _DAY
        return day


def city_day(moment: datetime) -> date:
    """The day it is in the city at that moment."""
    return _city_time(moment).date()


def _city_time(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(CITY_TIME)


def _arrival_day(start: date | datetime) -> date:
    return _city_time(start).date() if isinstance(start, datetime) else start
