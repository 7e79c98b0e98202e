"""The business licence (营业执照, layout of 2019). Pure."""

import re
from collections.abc import Iterable, Sequence

from stdnum.cn import uscc

from devices.ocr.fields import Field, Labels, Paper, PaperKind, field
from devices.ocr.lines import TextLine
from devices.ocr.placed import Placed, upright
from devices.ocr.values import iso_date, person_name, sentence

_LABELS = (
    *("统一社会信用代码", "名称", "类型", "法定代表人", "经营者", "负责人", "经营范围", "注册资本"),
    *("成立日期", "注册日期", "住所", "经营场所", "营业期限", "登记机关", "组成形式"),
)
# 18 characters without I O Z S V (GB 32100); a recogniser may well take one of them for another.
_CODE = re.compile(r"[0-9A-Z]{18}")
_TWINS = str.maketrans("OIZS", "0125")
_SCOPE_LINES = 12


def parse_licence(lines: Iterable[TextLine]) -> Paper | None:
    """credit_code, company, type, representative, capital, founded, address, scope; None for
    another paper."""
    placed = upright(lines)
    labels = Labels(placed, _LABELS)
    titled = any("营业执照" in line.text for line in placed)
    if len(labels.found) + 2 * titled < 4:
        return None
    read: dict[str, Field | None] = {"credit_code": _credit_code(placed)}
    for key, names, below in (
        ("company", ("名称",), 1),
        ("type", ("类型", "组成形式"), 1),
        ("representative", ("法定代表人", "经营者", "负责人"), 0),
        ("capital", ("注册资本",), 0),
        ("address", ("住所", "经营场所"), 3),
        ("scope", ("经营范围",), _SCOPE_LINES),
    ):
        cell = labels.beside(*names, below=below)
        read[key] = field(sentence(cell), cell)
    representative = read["representative"]
    if representative is not None:
        read["representative"] = Field(
            person_name(representative.value), representative.confidence
        )
    cell = labels.beside("成立日期", "注册日期")
    read["founded"] = field(iso_date("".join(line.text for line in cell)), cell)
    return Paper(PaperKind.LICENCE, {k: v for k, v in read.items() if v is not None and v.value})


def _credit_code(placed: Sequence[Placed]) -> Field | None:
    """The code whose check character holds, else one that fails and is doubtful."""
    failed: Field | None = None
    for line in placed:
        for found in _CODE.finditer(line.text.upper()):
            for code in (found.group(), found.group().translate(_TWINS)):
                if uscc.is_valid(code):
                    return field(code, [line], checked=True)
            if found.group()[:1] in "159NY" and failed is None:
                failed = field(found.group(), [line], checked=False)
    return failed
