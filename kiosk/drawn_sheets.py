"""A paper form drawn as an A4 page: blank, or filled in as a sample. Pure but for the font.

Windows take forms in Chinese, so the page is Chinese; the visit's language stands small beside it.
"""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import img2pdf
from PIL import Image, ImageDraw, ImageFont

from devices.printers.glyphs import font_path
from kiosk.words import Words

DPI = 200
_MM = DPI / 25.4
WIDTH, HEIGHT = round(210 * _MM), round(297 * _MM)
_SC = 2
"""The face with Simplified Chinese shapes in the collection Noto Sans CJK."""

_INK = (16, 18, 24)
_SOFT = (84, 88, 98)
_LINE = (120, 124, 134)
_FAINT = (206, 208, 214)
_PEN = (18, 58, 168)
"""A sample is written in blue, as with a pen."""
_NOT_FIRST = frozenset("，。、；：）》”！？")
_MARK = (226, 66, 54)
_MARK_STRENGTH = 0.16

_LEFT, _RIGHT, _TOP, _BOTTOM = 16.0, 194.0, 15.0, 280.0
_LABEL = 60.0
"""Width of the column of labels, mm."""
_ROW, _MORE = 13.0, 9.0
"""Height of a row of one line, and of each line more, mm."""


def draw_sheet(sheet: Mapping[str, Any], language: str, sample: bool) -> Image.Image:
    """The page as an RGB picture of 1654×2339. `sheet`: a document of the catalog."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    words = Words(language)
    title = sheet["title"]
    _text(pen, 105, _TOP + 6, title["zh"], 9.0, bold=True, anchor="mm")
    y = _TOP + 14
    if language != "zh":
        _text(pen, 105, y + 1, words.pick(title), 4.2, _SOFT, anchor="mm")
        y += 6
    y = _table(pen, y + 3, sheet["fields"], words, sample, _squeeze(sheet, y))
    y = _declaration(pen, y + 8, sheet.get("declaration"), words)
    _signature(pen, y + 6, words)
    _foot(pen, words)
    return _marked(page) if sample else page


def as_pdf(page: Image.Image) -> bytes:
    """The page as a PDF of A4 size, without loss."""
    picture = io.BytesIO()
    page.save(picture, format="PNG")
    size = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
    layout = img2pdf.get_layout_fun(size)
    return bytes(img2pdf.convert(picture.getvalue(), layout_fun=layout, nodate=True))


def _squeeze(sheet: Mapping[str, Any], y: float) -> float:
    """Rows get lower where a form has many: everything stands on one page."""
    wanted: float = sum(_ROW + _MORE * (field.get("lines", 1) - 1) for field in sheet["fields"])
    room = _BOTTOM - 62 - y
    return min(1.0, room / wanted)


def _table(
    pen: ImageDraw.ImageDraw, y: float, fields: Sequence[Mapping[str, Any]], words: Words,
    sample: bool, squeeze: float,
) -> float:
    top = y
    for field in fields:
        height = (_ROW + _MORE * (field.get("lines", 1) - 1)) * squeeze
        _rule(pen, y)
        lines = field.get("lines", 1)
        for number in range(1, lines):  # to write on
            _rule(pen, y + height * number / lines, left=_LEFT + _LABEL, ink=_FAINT)
        _label(pen, y, height, field["label"], words)
        if sample:
            _written(pen, y, height / lines, lines, field["sample"])
        y += height
    _rule(pen, y)
    for x in (_LEFT, _LEFT + _LABEL, _RIGHT):
        pen.line([_at(x, top), _at(x, y)], fill=_LINE, width=3)
    return y


def _label(
    pen: ImageDraw.ImageDraw, y: float, height: float, label: Mapping[str, str], words: Words
) -> None:
    room = _LABEL - 6
    if words.language == "zh":
        _block(pen, _LEFT + 3, y + height / 2, room, label["zh"], min(5.2, height * 0.4), _INK)
        return
    line = min(height, _ROW)
    _block(pen, _LEFT + 3, y + height / 2 - line * 0.16, room, label["zh"],
           min(4.8, line * 0.38), _INK, lines_max=1)
    _block(pen, _LEFT + 3, y + height / 2 + line * 0.22, room, words.pick(label),
           min(3.4, line * 0.27), _SOFT, lines_max=1)


def _written(
    pen: ImageDraw.ImageDraw, y: float, line_high: float, lines: int, text: str
) -> None:
    """The sample in a row, from its first line on."""
    width = _RIGHT - _LEFT - _LABEL - 8
    if lines == 1:
        _block(pen, _LEFT + _LABEL + 4, y + line_high / 2, width, text,
               min(5.6, line_high * 0.44), _PEN)
        return
    size = min(5.6, line_high * 0.6)
    while len(_wrapped(text, size, width)) > lines:
        size *= 0.95
    for number, line in enumerate(_wrapped(text, size, width)):
        _text(pen, _LEFT + _LABEL + 4, y + line_high * (number + 0.5), line, size, _PEN)


def _declaration(
    pen: ImageDraw.ImageDraw, y: float, text: Mapping[str, str] | None, words: Words
) -> float:
    if text is None:
        return y
    texts = [(text["zh"], 5.0, _INK)]
    if words.language != "zh":
        texts.append((words.pick(text), 3.4, _SOFT))
    for said, size, ink in texts:
        for line in _wrapped(said, size, _RIGHT - _LEFT):
            _text(pen, _LEFT, y, line, size, ink, anchor="lt")
            y += size * 1.55
    return y


def _signature(pen: ImageDraw.ImageDraw, y: float, words: Words) -> None:
    y = max(y + 8, min(y + 14, _BOTTOM - 22))
    _text(pen, 100, y, "签名：", 5.0, anchor="ls")
    pen.line([_at(116, y + 1), _at(_RIGHT, y + 1)], fill=_LINE, width=2)
    _text(pen, 100, y + 13, "日期：            年        月        日", 5.0, anchor="ls")
    if words.language != "zh":
        _text(pen, 100, y + 5, words("Signature"), 3.0, _SOFT, anchor="ls")
        _text(pen, 100, y + 18, words("Date: year, month, day"), 3.0, _SOFT, anchor="ls")


def _foot(pen: ImageDraw.ImageDraw, words: Words) -> None:
    _text(pen, _LEFT, 286, "请用黑色签字笔填写，字迹清楚，不要涂改。", 3.4, _SOFT, anchor="ls")
    if words.language != "zh":
        _text(pen, _LEFT, 291, words("Write clearly with a black pen; cross nothing out."), 3.0,
              _SOFT, anchor="ls")


def _marked(page: Image.Image) -> Image.Image:
    """"Sample" across the page, so that nobody takes it for their own."""
    stamp = Image.new("L", (round(150 * _MM), round(30 * _MM)), 0)
    ImageDraw.Draw(stamp).text(_at(75, 15), "样表 SAMPLE", fill=255, font=_font(22, True),
                               anchor="mm")
    stamp = stamp.rotate(26, resample=Image.Resampling.BILINEAR, expand=True)
    mark = Image.new("L", page.size, 0)
    for middle in (70, 150, 230):
        x, y = _at(105, middle)
        mark.paste(stamp, (round(x - stamp.width / 2), round(y - stamp.height / 2)), stamp)
    strength = mark.point(lambda level: round(level * _MARK_STRENGTH))
    return Image.composite(Image.new("RGB", page.size, _MARK), page, strength)


# ---- letters


@lru_cache(maxsize=64)
def _font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    """`size`: em in mm."""
    path = font_path("Bold" if bold else "Regular")
    return ImageFont.truetype(path, round(size * _MM), index=_SC if path.suffix == ".ttc" else 0)


def _at(x: float, y: float) -> tuple[float, float]:
    return (x * _MM, y * _MM)


def _text(
    pen: ImageDraw.ImageDraw, x: float, y: float, text: str, size: float,
    ink: tuple[int, int, int] = _INK, *, bold: bool = False, anchor: str = "lm",
) -> None:
    pen.text(_at(x, y), text, fill=ink, font=_font(size, bold), anchor=anchor)


def _rule(
    pen: ImageDraw.ImageDraw, y: float, left: float = _LEFT, ink: tuple[int, int, int] = _LINE
) -> None:
    pen.line([_at(left, y), _at(_RIGHT, y)], fill=ink, width=3)


def _block(
    pen: ImageDraw.ImageDraw, x: float, middle: float, width: float, text: str, size: float,
    ink: tuple[int, int, int], lines_max: int = 3,
) -> None:
    """Lines around their middle; written smaller where they would be too many."""
    lines = _wrapped(text, size, width)
    while len(lines) > lines_max and size > 1.8:
        size *= 0.9
        lines = _wrapped(text, size, width)
    step = size * 1.3
    y = middle - step * (len(lines) - 1) / 2
    for line in lines:
        _text(pen, x, y, line, size, ink)
        y += step


def _wrapped(text: str, size: float, width: float) -> list[str]:
    """Broken at spaces and between Han characters; anywhere where a word is longer than a line."""
    font, room = _font(size), width * _MM
    lines, line = [], ""
    for piece in _pieces(text):
        if line and font.getlength((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
        while font.getlength(line.rstrip()) > room:
            fits = max(n for n in range(1, len(line)) if n == 1
                       or font.getlength(line[:n]) <= room)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """What stays together: a word, a Han character with the punctuation behind it."""
    pieces = [""]
    for character in text:
        before = pieces[-1][-1:]
        if character not in _NOT_FIRST and (
            before == " " or _han(character) or _han(before)
        ):
            pieces.append("")
        pieces[-1] += character
    return [piece for piece in pieces if piece]


def _han(character: str) -> bool:
    """Han characters and the punctuation between them, not Hangul."""
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
