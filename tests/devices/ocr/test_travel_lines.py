"""The printed lines of passports and cards, as recognisers really give them."""

from __future__ import annotations

import math
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.travel_document.mrz import AccessKey
from devices.ocr.lines import TextLine
from devices.ocr.travel_lines import find_mrz
from tests.devices.ocr.laid import any_lines, laid, turned_by

# The specimens of ICAO 9303-4 (appendix B), 9303-6 and 9303-5.
TD3 = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
)
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n"
    "7408122F1204159UTO<<<<<<<<<<<6\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
BIRTH = date(1974, 8, 12)


def page(mrz: str) -> list[TextLine]:
    return laid([("PASSPORT", 100, 40), ("UTO", 500, 40), ("Eriksson", 100, 120),
                 *((line, 40, 600 + 60 * row) for row, line in enumerate(mrz.split("\n")))])


@pytest.mark.parametrize("mrz", [TD3, TD2, TD1])
def test_clean_lines_are_found_with_their_key_and_person(mrz: str) -> None:
    found = find_mrz(page(mrz))
    assert found is not None
    assert found.lines == mrz
    assert found.key() == AccessKey.from_mrz(mrz)
    document = found.document(date(2020, 1, 1))
    assert (document.name_latin, document.birth_date) == ("ERIKSSON, ANNA MARIA", BIRTH)
    assert document.chip is False


@pytest.mark.parametrize("mrz", [TD3, TD2, TD1])
@given(angle=st.sampled_from([0.0, 3.0, -4.0, 90.0, 180.0, 270.0]), seed=st.integers(0, 99))
def test_lines_in_any_order_on_a_page_however_turned_are_found(
    mrz: str, angle: float, seed: int
) -> None:
    lines = turned_by(page(mrz), math.radians(angle))
    random.Random(seed).shuffle(lines)
    found = find_mrz(lines)
    assert found is not None
    assert found.lines == mrz


@pytest.mark.parametrize(
    ("right", "read"),
    [
        ("<<<<<<<<<<<<<<<<<<<\n", "<<<<<<<<<<<<<<\n"),  # fillers miscounted at the end of names
        ("<<<<<<<<<<<<<<<<<<<\n", "<<<<<<<<<<<<<<<<<<<<<<\n"),
        ("<<<<<<<<<<<<<<<<<<<\n", "<<<<<<<<<<<<K<\n"),
        ("B<<<<<10", "B<<<10"),  # and before the last check digits
        ("B<<<<<10", "B<<<<<<1O"),
        ("7408122F", "74O8I22F"),
        ("36UTO", "36UT0"),
        ("P<UTO", "P〈UTO"),
        ("ERIKSSON<<ANNA", "ERIKSSON«ANNA"),
        ("L898902C3", "L8989O2C3"),
    ],
)
def test_what_recognisers_confuse_is_put_right(right: str, read: str) -> None:
    assert right in TD3
    found = find_mrz(page(TD3.replace(right, read)))
    assert found is not None
    assert found.lines == TD3


def test_a_mended_number_is_not_certain() -> None:
    clean, mended = find_mrz(page(TD3)), find_mrz(page(TD3.replace("L898902", "L8989O2")))
    assert clean is not None and mended is not None
    assert clean.confidence > 0.9
    assert mended.confidence <= 0.5


@given(place=st.integers(0, 27), digit=st.sampled_from("34679"))
def test_wrong_digits_are_never_certain(place: int, digit: str) -> None:
    second = TD3.split("\n")[1]
    if not second[place].isdigit() or second[place] == digit:
        return
    wrong = second[:place] + digit + second[place + 1 :]
    found = find_mrz(page(TD3.replace(second, wrong)))
    # Dates have no letters to mend; of a number another one may fit, and is not certain.
    assert found is None or (place < 9 and found.confidence <= 0.5)


def test_lines_in_two_pieces_are_joined() -> None:
    first, second = TD3.split("\n")
    lines = laid([(first[:20], 40, 600), (first[20:], 480, 602), (second, 40, 660)])
    found = find_mrz(lines)
    assert found is not None
    assert found.lines == TD3


@given(any_lines())
def test_any_lines_raise_nothing(lines: list[TextLine]) -> None:
    find_mrz(lines)


@given(st.lists(st.text("PIVACD<KO0157UTF", min_size=20, max_size=48), min_size=1, max_size=4))
def test_lines_like_an_mrz_raise_nothing(texts: list[str]) -> None:
    found = find_mrz(laid([(text, 40, 600 + 60 * row) for row, text in enumerate(texts)]))
    assert found is None or AccessKey.from_mrz(found.lines) == found.key()
