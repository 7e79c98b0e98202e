"""Working days: the State Council's calendar counts, and beyond it dates are provisional."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.published import SOURCE
from kiosk.contract.calendar_source import load_calendar, read_calendar
from kiosk.contract.catalog import CatalogError
from kiosk.contract.working_days import CITY_TIME, OFFICES_CLOSE, Due, WorkingCalendar

PUBLISHED = read_calendar(json.dumps(load_calendar(SOURCE / "calendar.toml")).encode())
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 250)


@pytest.mark.parametrize(("start", "days", "due"), [
    (date(2026, 11, 23), 5, Due(date(2026, 11, 30), False)),
    (date(2026, 9, 30), 5, Due(date(2026, 10, 13), False)),  # holiday, then a working Saturday
    (date(2026, 2, 13), 1, Due(date(2026, 2, 14), False)),  # a make-up Saturday counts
    (date(2026, 10, 3), 0, Due(date(2026, 10, 8), False)),  # handed in on a holiday
    (date(2026, 12, 30), 1, Due(date(2026, 12, 31), False)),
    (date(2026, 12, 31), 1, Due(date(2027, 1, 1), True)),  # 2027 is not published yet
    (datetime(2026, 11, 23, 16, 59, tzinfo=CITY_TIME), 1, Due(date(2026, 11, 24), False)),
    (datetime(2026, 11, 23, 17, 0, tzinfo=CITY_TIME), 1, Due(date(2026, 11, 25), False)),
    (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), 0, Due(date(2026, 11, 23), False)),
])
def test_known_dates(start: date | datetime, days: int, due: Due) -> None:
    assert PUBLISHED.add(start, days) == due


def test_published_years_have_their_248_working_days_each() -> None:
    """2026: 261 weekdays, 19 of them holidays, and 6 make-up days; counted by hand."""
    worked = {
        year: sum(PUBLISHED.works(date(year, 1, 1) + timedelta(days=n)) for n in range(365))
        for year in (2025, 2026)
    }
    assert worked == {2025: 248, 2026: 248}


@given(DAYS, COUNTS)
def test_exactly_so_many_working_days_follow_the_day_of_arrival(start: date, days: int) -> None:
    arrival = PUBLISHED.add(start, 0).day
    due = PUBLISHED.add(start, days).day
    assert PUBLISHED.works(due) and PUBLISHED.works(arrival)
    passed = [arrival + timedelta(days=n) for n in range(1, (due - arrival).days + 1)]
    assert sum(map(PUBLISHED.works, passed)) == days


@given(DAYS, DAYS, COUNTS)
def test_who_comes_later_is_never_promised_an_earlier_day(a: date, b: date, days: int) -> None:
    first, second = sorted((a, b))
    assert PUBLISHED.add(first, days).day <= PUBLISHED.add(second, days).day


@given(DAYS, st.integers(0, 100), st.integers(0, 100))
def test_limits_add_up(start: date, a: int, b: int) -> None:
    assert PUBLISHED.add(PUBLISHED.add(start, a).day, b).day == PUBLISHED.add(start, a + b).day


@given(DAYS, COUNTS)
def test_only_a_date_that_rests_on_an_unpublished_year_is_provisional(
    start: date, days: int
) -> None:
    due = PUBLISHED.add(start, days)
    assert due.provisional == (max(start.year, due.day.year) > 2026)
    assert WorkingCalendar().add(start, days).provisional


@given(DAYS, COUNTS, st.times())
def test_after_closing_counts_as_the_next_working_day(start: date, days: int, at: time) -> None:
    moment = datetime.combine(start, at, CITY_TIME)
    counted = start + timedelta(days=1) if at >= OFFICES_CLOSE else start
    assert PUBLISHED.add(moment, days).day == PUBLISHED.add(counted, days).day
    assert PUBLISHED.add(moment.astimezone(UTC), days) == PUBLISHED.add(moment, days)


@pytest.mark.parametrize("days", [-1, 2001])
def test_absurd_limit_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        PUBLISHED.add(date(2026, 11, 23), days)


YEAR = """
[[year]]
year = 2030
source = "a notice"
make_up_days = [{make_up}]
holidays = [
  {{ name = "a", first = {first}, last = {last} }},
  {{ name = "b", first = 2030-04-05, last = 2030-04-05 }},
  {{ name = "c", first = 2030-05-01, last = 2030-05-03 }},
  {{ name = "d", first = 2030-06-05, last = 2030-06-05 }},
  {{ name = "e", first = 2030-10-01, last = 2030-10-07 }},
]
"""


@pytest.mark.parametrize(("first", "last", "make_up", "words"), [
    ("2030-01-01", "2030-01-03", "2030-01-05", ""),
    ("2030-01-03", "2030-01-01", "", "first"),
    ("2029-12-31", "2030-01-01", "", "2029-12-31 is not in 2030"),
    ("2030-01-01", "2030-01-01", "2030-01-07", "is a weekday"),
    ("2030-01-05", "2030-01-06", "2030-01-05", "is a holiday as well"),
    ("yesterday", "2030-01-06", "", "is not TOML"),
])
def test_fault_of_the_calendar_is_named(
    tmp_path: Path, first: str, last: str, make_up: str, words: str
) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(YEAR.format(first=first, last=last, make_up=make_up), "utf-8")
    if not words:
        assert load_calendar(file)["years"][0]["make_up_days"] == [make_up]
        return
    with pytest.raises(CatalogError, match=words):
        load_calendar(file)


@pytest.mark.parametrize("document", [b"", b"[]", b'{"years": [{"year": "x"}]}', b'{"a": 1}'])
def test_document_of_another_shape_is_no_calendar(document: bytes) -> None:
    with pytest.raises(CatalogError):
        read_calendar(document)
