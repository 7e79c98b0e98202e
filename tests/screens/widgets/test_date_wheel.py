from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.date_wheel import FIRST_YEAR, LAST_YEAR, Part, parse, shown, turned

days = st.dates(min_value=date(FIRST_YEAR, 1, 1), max_value=date(LAST_YEAR, 12, 31))
parts = st.sampled_from(["year", "month", "day"])


@given(days, parts, st.integers(-500, 500))
def test_turning_always_gives_a_real_day_of_the_years_offered(
    day: date, part: Part, steps: int
) -> None:
    assert FIRST_YEAR <= turned(day, part, steps).year <= LAST_YEAR


@given(days, st.integers(-60, 60))
def test_turning_the_month_leaves_the_year_alone(day: date, steps: int) -> None:
    other = turned(day, "month", steps)
    assert other.year == day.year
    assert other.month == (day.month - 1 + steps) % 12 + 1


@given(days, st.integers(-60, 60))
def test_turning_the_day_there_and_back_comes_home(day: date, steps: int) -> None:
    assert turned(turned(day, "day", steps), "day", -steps) == day


def test_the_last_day_gives_way_to_a_shorter_month() -> None:
    assert turned(date(2026, 1, 31), "month", 1) == date(2026, 2, 28)
    assert turned(date(2028, 1, 31), "month", 1) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "1990年 5月 17日"), ("ko", "1990년 5월 17일"), ("en", "1990 May 17")],
)
def test_parts_are_written_as_the_language_writes_them(language: str, words: str) -> None:
    day = date(1990, 5, 17)
    assert " ".join(shown(day, part, language) for part in ("year", "month", "day")) == words


def test_an_empty_answer_begins_at_the_day_given() -> None:
    assert parse("", date(2026, 11, 23)) == date(2026, 11, 23)
    assert parse("1990-05-17", date(2026, 11, 23)) == date(1990, 5, 17)
