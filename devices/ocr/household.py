"""The household register (户口簿): a member's page (常住人口登记卡) and the first page. Pure."""

from collections.abc import Iterable

from devices.ocr.fields import Field, Labels, Paper, PaperKind, field
from devices.ocr.lines import TextLine
from devices.ocr.placed import upright
from devices.ocr.values import (
    agreed,
    ethnic_code,
    identity_number,
    iso_date,
    person_name,
    sentence,
    sex_code,
)

_RELATION = ("户主或与户主关系", "户主或与", "与户主关系")
_NUMBER = ("公民身份号码", "公民身份证件编号", "公民身份")
_LABELS = (
    *("姓名", *_RELATION, "户主关系", "曾用名", "性别", "民族", "出生地", "籍贯", "出生日期"),
    *("宗教信仰", *_NUMBER, "证件编号", "身高", "血型", "文化程度", "婚姻状况", "兵役状况", "兵役"),
    *("服务处所", "职业", "住址", "户别", "户主姓名", "户号", "登记机关", "签发日期", "登记日期"),
    *("承办人签章", "户口专用章", "何时由何地迁来本市(县)", "何时由何地迁来本市"),
    *("何时由何地迁来本址", "本市(县)其他住址"),
)
_INNER = ("户主或与户主关系", "性别", "民族", "籍贯", "宗教信仰", "身高", "血型", "户主姓名")
_ONLY_HERE = frozenset(
    ("户主或与户主关系", "户主或与", "曾用名", "籍贯", "宗教信仰", "兵役", "兵役状况")
) | frozenset(("户别", "户号", "户主姓名"))
_RELATIONS_MOST = 6  # characters: 户主, 妻, 长女, 孙媳 …


def parse_household(lines: Iterable[TextLine]) -> Paper | None:
    """name, relation, sex, birth_date, ethnic_group, number, address of a member's page;
    householder, household_number, address of the first one. None for another paper."""
    placed = upright(lines)
    labels = Labels(placed, _LABELS, _INNER)
    titled = any(title in line.text for line in placed for title in ("常住人口", "户口簿"))
    if len(labels.found & _ONLY_HERE) + 2 * titled < 3:
        return None
    read: dict[str, Field | None] = {"number": identity_number(placed)}
    for key, names in (("name", ("姓名",)), ("householder", ("户主姓名",))):
        cell = labels.beside(*names)
        read[key] = field(person_name("".join(line.text for line in cell)), cell)
    relation = labels.beside(*_RELATION, "户主关系")
    text = "".join(line.text for line in relation)
    read["relation"] = field(text if len(text) <= _RELATIONS_MOST else "", relation)
    for key, name, meaning in (
        ("sex", "性别", sex_code),
        ("ethnic_group", "民族", ethnic_code),
        ("birth_date", "出生日期", iso_date),
    ):
        cell = labels.beside(name)
        read[key] = field(meaning("".join(line.text for line in cell)), cell)
    cell = labels.beside("户号")
    digits = "".join(line.text for line in cell)
    read["household_number"] = field(digits if digits.isdigit() else "", cell)
    cell = [line for line in labels.beside("住址", below=1) if not line.text.isascii()]
    read["address"] = field(sentence(cell), cell)
    found = {name: value for name, value in read.items() if value is not None}
    return Paper(PaperKind.HOUSEHOLD, agreed(found))
