"""The day an answer is promised by: counted in working days, told in every language."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from hub.published import SOURCE
from kiosk.contract.calendar_source import FILE, load_calendar
from kiosk.contract.messages import PromisedTime
from kiosk.contract.working_days import CITY_TIME, WorkingCalendar
from kiosk.promise import Promise
from kiosk.words import LANGUAGES, Words
from tests.kiosk.rig import CERTIFICATE, service

PUBLISHED = WorkingCalendar.of(load_calendar(SOURCE / FILE)["years"])
MONDAY = datetime(2026, 11, 23, 9, 41, tzinfo=CITY_TIME)


@pytest.mark.parametrize(
    ("handed_in", "days", "promise"),
    [
        (MONDAY, 5, Promise(date(2026, 11, 30))),
        (MONDAY.replace(hour=18), 5, Promise(date(2026, 12, 1))),  # offices are closed
        (datetime(2026, 9, 30, 10, tzinfo=CITY_TIME), 3, Promise(date(2026, 10, 10))),  # make-up
        (datetime(2026, 12, 30, 10, tzinfo=CITY_TIME), 5, Promise(date(2027, 1, 6), about=True)),
        (MONDAY, 0, Promise(None)),
    ],
)
def test_a_promise_is_counted_in_working_days_of_the_city(
    handed_in: datetime, days: int, promise: Promise
) -> None:
    assert Promise.of_days(days, handed_in, PUBLISHED) == promise
    told = PromisedTime(handed_in=handed_in, working_days=days)
    assert Promise.of_case(told, PUBLISHED) == promise
    # Without any calendar every day is provisional.
    assert Promise.of_days(days, handed_in, WorkingCalendar()).about == (days > 0)


def test_a_service_promises_what_its_guide_says() -> None:
    document = service(CERTIFICATE)
    assert document["guide"]["time"]["promised_days"] == 1
    assert Promise.of_service(document, MONDAY, PUBLISHED) == Promise(date(2026, 11, 24))


def test_where_nothing_is_due_nothing_is_promised() -> None:
    assert Promise.of_case(None, PUBLISHED) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_is_told_and_a_provisional_one_otherwise(language: str) -> None:
    words = Words(language)
    sure = Promise(date(2026, 11, 30))
    day = words.date(date(2026, 11, 30))
    told = [sure.if_handed_in_today(words), sure.sentence(words), sure.on_paper(words)[1]]
    assert all(day in text for text in told)
    about = replace(sure, about=True)
    others = [about.if_handed_in_today(words), about.sentence(words), about.on_paper(words)[1]]
    assert all(day in text and text not in told for text in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_settled_on_the_spot_names_no_day(language: str) -> None:
    words, promise = Words(language), Promise(None)
    assert promise.if_handed_in_today(words) == ""
    told = [promise.sentence(words), *promise.on_paper(words)]
    assert all(told)
    assert not any(character.isdigit() for text in told for character in text)
