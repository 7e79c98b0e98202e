"""Values as papers print them, made plain: dates, sex, ethnic group, identity number. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from devices.ocr.fields import Field, field
from devices.ocr.placed import Placed

# GB/T 3304-1991, by number from 01.
ETHNIC_GROUPS = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶",
    "白", "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水",
    "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南",
    "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂",
    "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
)
LONG_TERM = "长期"
_DATE = re.compile(r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})")
_NUMBER = re.compile(r"[0-9OQDILZSGBoilzsgbX]{17}[0-9OoXx]")
_TO_DIGIT = str.maketrans("OQDILZSGBoilzsgb", "0001125680112568")
_SIMPLE = str.maketrans("漢滿壯", "汉满壮")  # a recogniser also knows traditional characters
_PRINTED = str.maketrans("(),;:", "（），；：")
_AGREES = 0.05  # what another field that says the same adds


def iso_date(text: str) -> str:
    """The first date in a text as ISO 8601; "" where there is none that exists."""
    found = _DATE.search(text)
    if found is None:
        return ""
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return ""


def sex_code(text: str) -> str:
    """GB/T 2261.1; "" for anything but 男 and 女."""
    return {"男": "1", "女": "2"}.get(text[:1], "")


def ethnic_code(text: str) -> str:
    """GB/T 3304, two digits; "" for an unknown name. 族 may stand behind it."""
    text = text.translate(_SIMPLE)
    name = text if text in ETHNIC_GROUPS else text.removesuffix("族")
    return f"{ETHNIC_GROUPS.index(name) + 1:02d}" if name in ETHNIC_GROUPS else ""


def person_name(text: str) -> str:
    """A name without what a recogniser adds at its ends; the middle dot in its one right form."""
    return re.sub(r"[•・‧∙.]", "·", text).strip("·:：-_—,，、|")


def sentence(lines: Iterable[Placed]) -> str:
    """Several lines as one Chinese text, with the signs that Chinese is printed with."""
    text = "".join(line.text for line in lines)
    return text if text.isascii() else text.translate(_PRINTED)


def identity_number(lines: Iterable[Placed]) -> Field | None:
    """The 18-character number (GB 11643) in these lines: one whose check digit holds if there is
    any, else one that fails and is doubtful."""
    best: Field | None = None
    for line in lines:
        for found in _NUMBER.finditer(line.text):
            raw = found.group()
            number = (raw[:17].translate(_TO_DIGIT) + raw[17:].upper()).replace("O", "0")
            number_field = field(number, [line], checked=_holds(number))
            if number_field is not None and (best is None or number_field.checked):
                best = number_field
                if best.checked:
                    return best
    return best


def _holds(number: str) -> bool:
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number) or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return number[0] == "9"  # the foreigner's card of 2023 has another middle part
    return True


def agreed(fields: dict[str, Field]) -> dict[str, Field]:
    """Birth date and sex beside the identity number, which says both: what agrees is surer, what
    contradicts a number that holds is doubtful; what was not read is taken from it."""
    number = fields.get("number")
    if number is None or not number.checked or number.value[0] == "9":
        return fields
    said = {
        "birth_date": ric.get_birth_date(number.value).isoformat(),
        "sex": "1" if int(number.value[16]) % 2 else "2",
    }
    result = dict(fields)
    for name, value in said.items():
        read = fields.get(name)
        if read is None:
            result[name] = Field(value, number.confidence * 0.95)
        elif read.value == value:
            surer = min(1.0, max(read.confidence, number.confidence) + _AGREES)
            result[name] = replace(read, confidence=surer)
        else:
            result[name] = read.doubted()
            result["number"] = result["number"].doubted()
    return result
