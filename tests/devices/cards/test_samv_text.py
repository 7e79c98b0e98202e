from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.samv_text import parse_newest_address, parse_text
from devices.errors import FAULT_CODES, DeviceFault
from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.cards import NAMES, make_card, sample_card
from devices.testbed.chips import SamChip

NO_FAULT = ""

SAM_CARDS = [name for name in NAMES if isinstance(sample_card(name).chip, SamChip)]


def text_of(name: str) -> bytearray:
    chip = sample_card(name).chip
    assert isinstance(chip, SamChip)
    return bytearray(chip.text)


def padded(text: str, characters: int) -> str:
    return text + " " * (characters - len(text.encode("utf-16-le")) // 2)


def test_a_resident_card_written_by_hand_is_read_field_by_field() -> None:
    text = (
        padded("李𬀩㐂", 15)
        + "2"
        + "10"
        + "19920825"
        + padded("吉林省长春市南关区桃源街道1号", 35)
        + "220102199208250447"
        + padded("长春市公安局", 15)
        + "20160520"
        + padded("长期", 8)
        + " " * 18
    ).encode("utf-16-le")
    assert parse_text(bytearray(text)) == IdentityDocument(
        kind=DocumentKind.RESIDENT,
        number="220102199208250447",
        name="李𬀩㐂",
        sex="2",
        ethnic_group="10",
        birth_date=date(1992, 8, 25),
        address="吉林省长春市南关区桃源街道1号",
        issuer="长春市公安局",
        valid_from=date(2016, 5, 20),
        valid_to=None,
    )


def test_a_foreigner_card_of_2023_written_by_hand_joins_its_latin_name() -> None:
    text = (
        padded("史密斯", 15)
        + "1"
        + "00"
        + "19850714"
        + "SMITH, JOHNATHAN ALEXANDER BARTHOLO"  # 35 characters, the field is full
        + "922840198507140010"
        + " " * 15
        + "20240201"
        + "20340201"
        + padded("MEW", 11)
        + "USA"
        + "Y"
        + " " * 3
    ).encode("utf-16-le")
    document = parse_text(bytearray(text))
    assert document.name_latin == "SMITH, JOHNATHAN ALEXANDER BARTHOLOMEW"
    assert (document.kind, document.nationality) == (DocumentKind.FOREIGNER, "USA")
    assert document.valid_to == date(2034, 2, 1)


def test_a_foreigner_card_of_2017_written_by_hand_is_read() -> None:
    text = (
        padded("PETROVA, ANNA", 60)
        + "2"
        + "RUS220188052011"
        + "RUS"
        + padded("彼得罗娃", 15)
        + "20190601"
        + "20290601"
        + "19880520"
        + "01"
        + "1500"
        + "I"
        + " " * 3
    ).encode("utf-16-le")
    assert parse_text(bytearray(text), bytes(1024)) == sample_card("petrova").document


def test_a_permit_written_by_hand_is_read() -> None:
    text = (
        padded("陈志明", 15)
        + "1"
        + "  "
        + "19791103"
        + padded("吉林省长春市南关区人民大街七千六百号", 35)
        + "810000197911030159"
        + padded("长春市公安局", 15)
        + "20210901"
        + "20261231"
        + padded("H12345678", 9)
        + "01"
        + " " * 3
        + "J"
        + " " * 3
    ).encode("utf-16-le")
    document = parse_text(bytearray(text))
    assert document.kind is DocumentKind.HMT
    assert (document.name, document.number) == ("陈志明", "810000197911030159")
    assert document.other_number == "H12345678"


@pytest.mark.parametrize("number", ["", "Ｈ12345678", "H 1234567", "\0" * 9])
def test_a_pass_number_of_another_form_is_left_out_and_the_card_is_read(number: str) -> None:
    text = text_of("hk_chan")
    text[220:238] = padded(number, 9).encode("utf-16-le")
    document = parse_text(text)
    assert (document.name, document.other_number) == ("陈志明", "")


@pytest.mark.parametrize("name", SAM_CARDS)
def test_every_sample_card_is_read_as_it_was_made(name: str) -> None:
    document = sample_card(name).document
    assert document is not None
    # An address added later lies elsewhere on the chip.
    assert parse_text(text_of(name), bytes(1024)) == replace(document, newest_address="")


names = st.text(
    st.characters(min_codepoint=0x3400, max_codepoint=0x2FFFF, exclude_categories=["Cs", "Cn"]),
    min_size=1,
    max_size=7,
)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(names, days, st.none() | days, st.sampled_from("0129"))
def test_any_resident_survives_being_written_and_read(
    name: str, birth: date, valid_to: date | None, sex: str
) -> None:
    document = IdentityDocument(
        kind=DocumentKind.RESIDENT,
        number="220102199208250447",
        name=name,
        sex=sex,
        ethnic_group="01",
        birth_date=birth,
        valid_to=valid_to,
    )
    chip = make_card(document).chip
    assert isinstance(chip, SamChip)
    assert parse_text(bytearray(chip.text)) == document


@given(st.sampled_from(SAM_CARDS), st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255))))
def test_changed_bytes_give_a_document_or_a_named_fault(
    name: str, changes: list[tuple[int, int]]
) -> None:
    text = text_of(name)
    for at, value in changes:
        text[at] = value
    code = NO_FAULT
    try:
        parse_text(text)
    except DeviceFault as fault:
        code = fault.code
    assert code in {NO_FAULT, *FAULT_CODES}


@given(st.binary(min_size=256, max_size=256))
def test_any_256_bytes_give_a_document_or_a_named_fault(text: bytes) -> None:
    code = NO_FAULT
    try:
        parse_text(bytearray(text))
    except DeviceFault as fault:
        code = fault.code
    assert code in {NO_FAULT, "card.unreadable", "card.unknown"}


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        (248, "Z", "card.unknown"),
        (30, "7", "card.unreadable"),  # sex
        (36, "２", "card.unreadable"),  # a full-width digit in the date of birth
        (122, "é", "card.unreadable"),  # number
    ],
)
def test_a_wrong_field_is_a_named_fault(at: int, value: str, code: str) -> None:
    text = text_of("zhang_wei")
    text[at : at + 2] = value.encode("utf-16-le")
    with pytest.raises(DeviceFault) as caught:
        parse_text(text)
    assert caught.value.code == code


def test_a_lone_surrogate_in_a_name_is_unreadable_and_not_quoted() -> None:
    text = text_of("zhang_wei")
    text[2:4] = b"\x00\xd8"
    with pytest.raises(DeviceFault, match="name is not UTF-16") as caught:
        parse_text(text)
    assert caught.value.__cause__ is None


def test_text_of_another_length_is_unreadable() -> None:
    with pytest.raises(DeviceFault, match="255 bytes"):
        parse_text(bytearray(255))


@given(st.binary(max_size=80))
def test_any_newest_address_is_a_text_or_unreadable(data: bytes) -> None:
    try:
        address = parse_newest_address(bytearray(data))
    except DeviceFault as fault:
        assert fault.code == "card.unreadable"
    else:
        assert len(data) == 70
        assert len(address) <= 35


@given(st.text("福祉大路１号a 1", max_size=35))
def test_a_newest_address_is_read_without_its_padding(address: str) -> None:
    data = address.encode("utf-16-le").ljust(70, b"\0")
    assert parse_newest_address(bytearray(data)) == address.strip(" ")
