from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.cards import NAMES, make_card, number, sample_card


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


def test_a_sample_card_is_fresh_each_time_so_that_no_selection_is_carried_over() -> None:
    assert sample_card("wang_social").chip is not sample_card("wang_social").chip


@pytest.mark.parametrize("kind", [DocumentKind.RESIDENT, DocumentKind.SOCIAL_SECURITY])
def test_a_name_too_long_for_its_card_is_refused(kind: DocumentKind) -> None:
    document = IdentityDocument(kind=kind, number="220102199208250447", name="买" * 30)
    with pytest.raises(ValueError, match=r"more than|too long"):
        make_card(document)
