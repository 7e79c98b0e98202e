"""The resident identity card's two sides (GA/T 448), and cards that look like it. Pure."""

import re
from collections.abc import Iterable

from devices.ocr.fields import Field, Labels, Paper, PaperKind, field
from devices.ocr.lines import TextLine
from devices.ocr.placed import plain, upright
from devices.ocr.values import (
    LONG_TERM,
    agreed,
    ethnic_code,
    identity_number,
    iso_date,
    person_name,
    sentence,
    sex_code,
)

_FRONT = ("姓名", "性别", "民族", "出生", "住址", "公民身份号码")
_BACK = ("签发机关", "有效期限")
_ADDRESS_LINES = 3  # below the first
_SPAN = re.compile(r"(\d{4}\.?\d{2}\.?\d{2})[-—~一至]+(\d{4}\.?\d{2}\.?\d{2}|长期)")


def parse_front(lines: Iterable[TextLine]) -> Paper | None:
    """name, sex, ethnic_group, birth_date, address, number; None for another paper."""
    placed = upright(lines)
    labels = Labels(placed, _FRONT, inner=("民族",))
    number = identity_number(placed)
    marks = len(labels.found & {"姓名", "住址", "公民身份号码", "出生", "性别"})
    if marks < 2 or (number is None and marks < 3):
        return None
    read: dict[str, Field | None] = {"number": number}
    name = labels.beside("姓名")
    read["name"] = field(person_name("".join(line.text for line in name)), name)
    sex = labels.beside("性别")
    read["sex"] = field(sex_code("".join(line.text for line in sex)), sex)
    group = labels.beside("民族")
    read["ethnic_group"] = field(ethnic_code("".join(line.text for line in group)), group)
    born = [line for line in placed if iso_date(line.text)]
    if not born:  # year, month and day in pieces of one row
        first = labels.beside("出生")
        row = [line for line in labels.pieces if first and line.beside(first[0])
               and line.left >= first[0].left]
        born = sorted(row, key=lambda line: line.left)
    read["birth_date"] = field(iso_date("".join(line.text for line in born)), born)
    address = [line for line in labels.beside("住址", below=_ADDRESS_LINES)
               if not line.text.isascii()]
    read["address"] = field(sentence(address), address)
    found = {name: value for name, value in read.items() if value is not None}
    return Paper(PaperKind.ID_CARD_FRONT, agreed(found))


def parse_back(lines: Iterable[TextLine]) -> Paper | None:
    """issuer, valid_from, valid_to ("长期" for long-term); None for another paper."""
    placed = upright(lines)
    labels = Labels(placed, _BACK)
    titled = any("居民身份证" in line.text for line in placed)
    if len(labels.found) + titled < 2:
        return None
    read: dict[str, Field | None] = {}
    issuer = labels.beside("签发机关")
    read["issuer"] = field(sentence(issuer), issuer)
    for line in placed:
        span = _SPAN.search(plain(line.text))
        if span is None:
            continue
        begin, end = (_day(part) for part in span.groups())
        if begin and end:
            backwards = end != LONG_TERM and end <= begin
            for key, value in (("valid_from", begin), ("valid_to", end)):
                found = field(value, [line])
                read[key] = found.doubted() if found and backwards else found
            break
    return Paper(PaperKind.ID_CARD_BACK, {k: v for k, v in read.items() if v is not None})


def _day(text: str) -> str:
    if text == LONG_TERM:
        return LONG_TERM
    digits = text.replace(".", "")
    return iso_date(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
