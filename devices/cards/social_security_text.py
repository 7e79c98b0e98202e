"""The records of a social security card (LD/T 32-2015) become an identity document. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from devices.errors import DeviceFault
from devices.identity import DocumentKind, IdentityDocument

# Tags in EF05 (the card) and EF06 (its holder).
ISSUED, VALID_TO = 0x05, 0x06
NUMBER, NAME, NAME_MORE, SEX, ETHNIC_GROUP, BIRTH = 0x08, 0x09, 0x4E, 0x0A, 0x0B, 0x0D
CARD_TAGS = (ISSUED, VALID_TO)
HOLDER_TAGS = (NUMBER, NAME, NAME_MORE, SEX, ETHNIC_GROUP, BIRTH)
NUMBER_LENGTHS = (15, 18)
PADDING = b"\0 \xff"
SEXES = frozenset("0129")


def parse_records(records: Mapping[int, bytearray]) -> IdentityDocument:
    """The document in the records by tag. Number and name must be there; the rest may be missing.

    Raises DeviceFault("card.unreadable") for values no such card holds.
    """

    # A character may lie across the two records, so join before decoding.
    whole_name = records.get(NAME, bytearray()).rstrip(PADDING)
    whole_name += records.get(NAME_MORE, bytearray())
    try:
        number = _text(records.get(NUMBER), "ascii")
        name = _text(whole_name, "gb18030")
        sex = _text(records.get(SEX), "ascii") or "0"
    finally:
        whole_name[:] = bytes(len(whole_name))
    if len(number) not in NUMBER_LENGTHS or not number.isalnum():
        raise DeviceFault("card.unreadable", "number of a wrong form")
    if not name.strip():
        raise DeviceFault("card.unreadable", "no name")
    if sex not in SEXES:
        raise DeviceFault("card.unreadable", "sex not in GB/T 2261.1")
    group = records.get(ETHNIC_GROUP, bytearray()).hex()
    if group not in ("", "00", "ff") and not (len(group) == 2 and group.isdecimal()):
        raise DeviceFault("card.unreadable", "ethnic group is not BCD")
    return IdentityDocument(
        kind=DocumentKind.SOCIAL_SECURITY,
        number=number,
        name=name.strip(),
        sex=sex,
        ethnic_group=group if group.isdecimal() and group != "00" else "",
        birth_date=_bcd_date(records.get(BIRTH), "birth"),
        valid_from=_bcd_date(records.get(ISSUED), "issued"),
        valid_to=_bcd_date(records.get(VALID_TO), "valid to"),
    )


def _text(value: bytearray | None, encoding: str) -> str:
    """What stands between the padding; decoded in place, so that nothing is copied but the text."""
    if value is None:
        return ""
    start, end = 0, len(value)
    while start < end and value[end - 1] in PADDING:
        end -= 1
    while start < end and value[start] in PADDING:
        start += 1
    try:
        with memoryview(value) as whole, whole[start:end] as text:
            return str(text, encoding)
    except UnicodeDecodeError:
        # Not chained: the exception carries the bytes of the field.
        raise DeviceFault("card.unreadable", "text in a wrong encoding") from None


def _bcd_date(value: bytearray | None, name: str) -> date | None:
    """yyyymmdd as four bytes of BCD; absent, all 00 or all FF: not stated."""
    if value is None or not value.strip(b"\0") or not value.strip(b"\xff"):
        return None
    digits = value.hex()
    try:
        if len(digits) != 8 or not digits.isdecimal():
            raise ValueError
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise DeviceFault("card.unreadable", f"{name} is no date") from None
