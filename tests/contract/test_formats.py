"""The formats of fields."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from kiosk.contract import formats

DAYS = st.dates(date(1900, 1, 1), date(2026, 11, 23))
# 1…7 residents, 8… Hong Kong, Macau, Taiwan; places are not looked up on purpose.
PLACES = st.from_regex(r"[1-8][0-9]{5}", fullmatch=True).filter(str.isascii)


def id_number(place: str, born: date, order: int) -> str:
    """Make a number with its check digit (GB 11643)."""
    stem = f"{place}{born:%Y%m%d}{order:03d}"
    return stem + str(ric.calc_check_digit(stem + "0"))


@given(PLACES, DAYS, st.integers(0, 999))
def test_id_number_passes_and_every_wrong_digit_is_noticed(
    place: str, born: date, order: int
) -> None:
    number = id_number(place, born, order)
    assert formats.is_id_number(number)
    for at in range(17):
        other = str((int(number[at]) + 1) % 10)
        assert not formats.is_id_number(number[:at] + other + number[at + 1 :])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "22010219900307123x",
        "220102900307123",
        " 220102199003071235",
        "２２０１０２１９９００３０７１２３５",
        id_number("220102", date(1990, 3, 7), 123)[:-1],
        "220102199002301234",
    ],
)
def test_other_things_are_no_id_number(value: str) -> None:
    assert not formats.is_id_number(value)


def test_foreigners_card_of_2023_passes_by_its_check_digit() -> None:
    stem = "91122019850229003"
    number = stem + str(ric.calc_check_digit(stem + "0"))
    assert formats.is_id_number(number)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("RUS220188052011", True),
        ("KOR220100022911", True),  # a leap day of 2000
        ("RUS220188053211", False),  # no such day
        ("RUS220101022911", False),
        ("rus220188052011", False),
        ("RU5220188052011", False),
        ("RUS22018805201", False),
    ],
)
def test_foreigners_card_of_2017_passes_by_its_form(value: str, right: bool) -> None:
    assert formats.is_id_number(value) is right
    assert formats.is_document_number(value) is right or len(value) < 15


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("M12345678", True),
        ("E8800001A", True),
        ("220102199003078314", True),
        ("220102199003078315", False),
        ("m12345678", False),
        ("M123", False),
        ("M1234 5678", False),
        ("Ｍ12345678", False),
    ],
)
def test_document_number_is_an_identity_number_or_a_passports(value: str, right: bool) -> None:
    assert formats.is_document_number(value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("13900000000", True),
        ("19912345678", True),
        ("12345678901", False),
        ("1390000000", False),
        ("+8613900000000", False),
        ("１3900000000", False),
    ],
)
def test_mobile_number(value: str, right: bool) -> None:
    assert formats.is_mobile(value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("91110000600037341L", True),
        ("91110000600037342L", False),
        ("91110000600037341l", False),
        ("", False),
    ],
)
def test_credit_code(value: str, right: bool) -> None:
    assert formats.is_credit_code(value) is right


@given(st.dates())
def test_every_day_is_a_date(day: date) -> None:
    assert formats.is_date(day.isoformat())


@pytest.mark.parametrize("value", ["2026-02-29", "2026-2-3", "20260203", "2026-13-01", ""])
def test_other_things_are_no_date(value: str) -> None:
    assert not formats.is_date(value)
