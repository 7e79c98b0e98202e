"""Lines as an engine would give them, laid by hand."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from devices.ocr.lines import TextLine

HEIGHT = 30.0


def laid(texts: Iterable[tuple[str, float, float]], confidence: float = 0.99) -> list[TextLine]:
    """(text, left, top): each 30 pixels high, a Chinese character as wide, others half."""
    lines = []
    for text, left, top in texts:
        wide = sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)
        right, bottom = left + wide * HEIGHT, top + HEIGHT
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        lines.append(TextLine(text, corners, confidence))
    return lines


def turned_by(lines: Sequence[TextLine], angle: float) -> list[TextLine]:
    """The same page lying turned by so many radians."""
    cos, sin = math.cos(angle), math.sin(angle)
    turned = []
    for line in lines:
        a, b, c, d = ((x * cos - y * sin + 900, x * sin + y * cos + 900) for x, y in line.corners)
        turned.append(TextLine(line.text, (a, b, c, d), line.confidence))
    return turned


WORDS = (
    "姓名", "性别男民族汉", "公民身份号码", "220104198503120177", "2016.05.20-长期", "签发机关",
    "常住人口登记卡", "户主", "住址", "营业执照", "统一社会信用代码", "名称", "注册资本", "出生",
    "1985年3月12日", "有效期限", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "成立日期",
)


def any_lines() -> st.SearchStrategy[list[TextLine]]:
    """Anything at all, and known words at any place."""
    number = st.floats(-1e9, 1e9) | st.floats(allow_nan=True) | st.floats(0, 1000)
    corner = st.tuples(number, number)
    corners = st.tuples(corner, corner, corner, corner)
    text = st.text(max_size=60) | st.sampled_from(WORDS)
    odd = st.builds(TextLine, text, corners, st.floats(allow_nan=True) | st.floats(0, 1))
    place = st.floats(0, 1000)
    known = st.builds(
        lambda text, left, top: laid([(text, left, top)])[0], st.sampled_from(WORDS), place, place
    )
    return st.lists(odd | known, max_size=14)
