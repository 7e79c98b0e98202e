from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.cards import NAMES, TITLES, make_card, number, sample_card
from devices.testbed.chips import SocialSecurityChip
from devices.testbed.passport import mrz


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_card_with_18_characters_has_a_right_check_digit(name: str) -> None:
    document = sample_card(name).document
    if document is not None and len(document.number) == 18:
        assert document.number[-1] == ric.calc_check_digit(document.number)
        assert document.birth_date is not None
        assert document.number[6:14] == f"{document.birth_date:%Y%m%d}"
        assert (int(document.number[16]) % 2 == 1) == (document.sex == "1")


@given(st.dates(date(1900, 1, 1)), st.integers(1, 999))
def test_any_number_made_has_the_check_digit_an_independent_library_computes(
    birth: date, sequence: int
) -> None:
    made = number("220104", birth, sequence)
    assert made[-1] == ric.calc_check_digit(made)


def test_the_samples_cover_every_kind_and_a_card_of_nobody() -> None:
    documents = [sample_card(name).document for name in NAMES]
    assert {document.kind for document in documents if document} == set(DocumentKind)
    assert sample_card("unknown_card").document is None


def documents() -> dict[str, IdentityDocument]:
    found = {name: sample_card(name).document for name in NAMES}
    return {name: document for name, document in found.items() if document is not None}


def test_the_samples_hold_what_systems_stumble_over() -> None:
    people = documents()
    names = "".join(document.name + document.address for document in people.values())
    for rare in "㐂䶮𠮷𫖯":
        assert rare in names
    units = [len(document.name.encode("utf-16-le")) // 2 for document in people.values()]
    residents = [one for one in people.values() if one.kind is DocumentKind.RESIDENT]
    foreigners = [one for one in people.values() if one.kind is DocumentKind.FOREIGNER]
    # Every field is filled to the last character somewhere (GA/T 490: 30, 70 and 120 bytes).
    assert 15 in units
    assert 35 in [len(document.address) for document in residents]
    assert {46, 60} <= {len(document.name_latin) for document in foreigners}
    assert {len(document.number) for document in foreigners} == {15, 18}
    assert any(document.valid_to is None for document in residents)
    assert any(document.ethnic_group == "10" for document in residents)
    assert any(document.newest_address for document in residents)
    assert {one.number[:2] for one in people.values() if one.kind is DocumentKind.HMT} == {
        "81", "82", "83"
    }  # fmt: skip


def test_there_are_a_child_and_expired_cards_of_two_kinds() -> None:
    today = date.today()
    people = documents()
    ages = [today.year - one.birth_date.year for one in people.values() if one.birth_date]
    assert min(ages) < 16
    assert max(ages) > 60
    expired = {one.kind for one in people.values() if one.valid_to and one.valid_to < today}
    assert {DocumentKind.RESIDENT, DocumentKind.PASSPORT} <= expired


def test_social_security_cards_come_in_every_version_protocol_and_way_to_answer() -> None:
    chips = [sample_card(name).chip for name in NAMES]
    kinds = {
        (chip.version, chip.protocol) for chip in chips if isinstance(chip, SocialSecurityChip)
    }
    assert kinds == {("1.00", 0), ("2.00", 0), ("2.00", 1), ("3.00", 0), ("3.00", 1)}
    answers = {chip.answers for chip in chips if isinstance(chip, SocialSecurityChip)}
    assert answers == {"get-response", "exact-length"}


def _check_digit(field: str) -> str:
    """ICAO 9303-3, 4.9: weights 7, 3, 1; A is 10, a filler 0."""
    values = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(character) for character in field]
    weighted = sum(max(value, 0) * (7, 3, 1)[place % 3] for place, value in enumerate(values))
    return str(weighted % 10)


@pytest.mark.parametrize(
    "name", [name for name, one in documents().items() if one.kind is DocumentKind.PASSPORT]
)
def test_every_passport_has_right_check_digits(name: str) -> None:
    first, second = mrz(documents()[name]).split("\n")
    assert len(first) == len(second) == 44
    for field in (second[:10], second[13:20], second[21:28]):
        assert field[-1] == _check_digit(field[:-1])
    assert second[43] == _check_digit(second[:10] + second[13:20] + second[21:43])


def test_every_sample_has_a_title_of_its_own() -> None:
    assert set(TITLES) == set(NAMES)
    assert len(set(TITLES.values())) == len(NAMES)


def test_a_sample_card_is_fresh_each_time_so_that_no_selection_is_carried_over() -> None:
    assert sample_card("wang_social").chip is not sample_card("wang_social").chip


@pytest.mark.parametrize("kind", [DocumentKind.RESIDENT, DocumentKind.SOCIAL_SECURITY])
def test_a_name_too_long_for_its_card_is_refused(kind: DocumentKind) -> None:
    document = IdentityDocument(kind=kind, number="220102199208250447", name="买" * 30)
    with pytest.raises(ValueError, match=r"more than|too long"):
        make_card(document)
