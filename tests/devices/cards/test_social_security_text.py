from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.social_security_text import HOLDER_TAGS, parse_records
from devices.errors import DeviceFault
from devices.identity import DocumentKind, IdentityDocument

NO_FAULT = ""

WANG = {
    0x05: bytearray.fromhex("20180108"),
    0x06: bytearray.fromhex("20280108"),
    0x08: bytearray(b"220104196803090281"),
    0x09: bytearray("王秀兰".encode("gbk").ljust(30, b"\0")),
    0x0A: bytearray(b"2"),
    0x0B: bytearray(b"\x01"),
    0x0D: bytearray.fromhex("19680309"),
}


def changed(tag: int, value: bytes) -> dict[int, bytearray]:
    return {**WANG, tag: bytearray(value)}


def test_records_written_by_hand_are_read_field_by_field() -> None:
    assert parse_records(WANG) == IdentityDocument(
        kind=DocumentKind.SOCIAL_SECURITY,
        number="220104196803090281",
        name="王秀兰",
        sex="2",
        ethnic_group="01",
        birth_date=date(1968, 3, 9),
        valid_from=date(2018, 1, 8),
        valid_to=date(2028, 1, 8),
    )


@given(
    st.text(
        st.sampled_from("阿卜杜热合曼·买提依明艾尔肯吐逊江𬀩㐂"), min_size=1, max_size=22
    ).filter(lambda name: len(name.encode("gb18030")) <= 50)
)
def test_a_name_cut_at_any_byte_by_its_extension_is_joined(name: str) -> None:
    raw = name.encode("gb18030")
    records = changed(0x09, raw[:30].ljust(30, b"\0"))
    records[0x4E] = bytearray(raw[30:].ljust(20, b"\0"))
    assert parse_records(records).name == name


def test_dates_not_stated_are_none() -> None:
    document = parse_records({**changed(0x0D, bytes(4)), 0x06: bytearray(b"\xff" * 4)})
    assert (document.birth_date, document.valid_to) == (None, None)


@pytest.mark.parametrize(
    ("tag", "value", "detail"),
    [
        (0x08, b"22010419680309", "number"),
        (0x08, b"\xff\xfe", "no|number|encoding"),
        (0x09, b"\x81\x20", "encoding"),
        (0x09, bytes(30), "no name"),
        (0x0A, b"7", "sex"),
        (0x0B, b"\x1f", "ethnic group"),
        (0x0D, bytes.fromhex("19681309"), "birth"),
        (0x0D, bytes.fromhex("1968AA09"), "birth"),
    ],
)
def test_a_wrong_value_is_unreadable(tag: int, value: bytes, detail: str) -> None:
    with pytest.raises(DeviceFault, match=detail) as caught:
        parse_records(changed(tag, value))
    assert caught.value.code == "card.unreadable"


@given(st.dictionaries(st.sampled_from(HOLDER_TAGS), st.binary(max_size=40)))
def test_any_records_give_a_document_or_unreadable(records: dict[int, bytes]) -> None:
    mixed = {**WANG, **{tag: bytearray(value) for tag, value in records.items()}}
    code = NO_FAULT
    try:
        parse_records(mixed)
    except DeviceFault as fault:
        code = fault.code
    assert code in {NO_FAULT, "card.unreadable"}
