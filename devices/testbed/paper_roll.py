"""What a thermal printer leaves on paper: lines, pictures, codes; and how the paper looks."""

from dataclasses import dataclass, field

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFilter

from devices.printers.glyphs import mono_font
from devices.testbed.escpos_reader import Command

_COLUMN, _LINE = 12, 24
_TAIL = 4  # the tails of Latin letters hang below the line
_MARGIN = 40
_CUTTER = 64  # dots between the print head and the knife


@dataclass(frozen=True)
class Span:
    """Text of one size and weight."""

    text: str
    width: int
    height: int
    bold: bool


@dataclass(frozen=True)
class PrintedLine:
    """A line of text; `feed` is how far the paper moved after it, in dots."""

    spans: tuple[Span, ...]
    align: int
    feed: int

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class PrintedPicture:
    """Dots: a boolean array, True = ink."""

    dots: np.ndarray
    align: int


@dataclass(frozen=True)
class PrintedCode:
    """A QR code the printer drew itself."""

    data: bytes
    module: int
    align: int


@dataclass(frozen=True)
class PrintedFeed:
    """White paper, in dots."""

    dots: int


@dataclass(frozen=True)
class PrintedCut:
    """The knife."""


Printed = PrintedLine | PrintedPicture | PrintedCode | PrintedFeed | PrintedCut


@dataclass
class PrintHead:
    """The printer's modes; each command either changes one or puts something on the paper."""

    chinese: bool = False
    align: int = 0
    width: int = 1
    height: int = 1
    bold: bool = False
    spacing: int = 30
    qr_data: bytes = b""
    qr_module: int = 3
    _line: list[Span] = field(default_factory=list)

    def execute(self, command: Command) -> list[Printed]:
        """Act on one command; gives what came onto the paper."""
        first = command.data[0] if command.data else 0
        match command.name:
            case b"":
                text = command.data.decode("gb18030" if self.chinese else "cp437", "replace")
                self._line.append(Span(text, self.width, self.height, self.bold))
            case b"\n":
                return [self._feed_line()]
            case b"\x1b@":
                self.__init__()  # type: ignore[misc]  # ESC @ is exactly a fresh head
            case b"\x1c&":
                self.chinese = True
            case b"\x1c.":
                self.chinese = False
            case b"\x1ba":
                self.align = first % 48 % 3
            case b"\x1b3":
                self.spacing = first
            case b"\x1b2":
                self.spacing = 30
            case b"\x1bE":
                self.bold = bool(first & 1)
            case b"\x1d!":
                self.width, self.height = (first >> 4 & 7) + 1, (first & 7) + 1
            case b"\x1bd":
                return [PrintedFeed(first * self.spacing)]
            case b"\x1bJ":
                return [PrintedFeed(first)]
            case b"\x1dv0":
                return [self._picture(command.data)]
            case b"\x1d(k":
                return self._code(command.data[2:])
            case b"\x1dV":
                return [PrintedFeed(_CUTTER), PrintedCut()]
        return []

    def _feed_line(self) -> PrintedLine:
        spans, self._line = tuple(self._line), []
        tallest = max((span.height for span in spans), default=1)
        return PrintedLine(spans, self.align, max(self.spacing, tallest * _LINE))

    def _picture(self, data: bytes) -> PrintedPicture:
        wide, high = data[1] + 256 * data[2], data[3] + 256 * data[4]
        packed = np.frombuffer(data[5:], np.uint8).reshape(high, wide)
        return PrintedPicture(np.unpackbits(packed, axis=1).astype(bool), self.align)

    def _code(self, data: bytes) -> list[Printed]:
        match data[:2]:
            case b"1C":
                self.qr_module = data[2]
            case b"1P":
                self.qr_data = data[3:]
            case b"1Q" if self.qr_data:
                return [PrintedCode(self.qr_data, self.qr_module, self.align)]
        return []


def draw_paper(printed: list[Printed], columns: int = 48) -> Image.Image:
    """The paper as it hangs out of the printer: warm white, soft black, torn edges. RGB."""
    width = columns * _COLUMN
    heights = [_height(item) for item in printed]
    ink = Image.new("L", (width, max(sum(heights), _LINE) + 2 * _MARGIN), 255)
    y = _MARGIN
    for item, height in zip(printed, heights, strict=True):
        strip = _strip(item, width)
        if strip is not None:
            ink.paste(strip, (0, y))
        y += height
    return _thermal(ink)


def _height(item: Printed) -> int:
    match item:
        case PrintedLine():
            return item.feed
        case PrintedPicture():
            return int(item.dots.shape[0])
        case PrintedCode():
            return _code_picture(item).height
        case PrintedFeed():
            return item.dots
        case PrintedCut():
            return 0


def _strip(item: Printed, width: int) -> Image.Image | None:
    match item:
        case PrintedLine():
            return _placed(_line_picture(item), item.align, width)
        case PrintedPicture():
            dots = Image.fromarray(np.where(item.dots, 0, 255).astype(np.uint8))
            return _placed(dots, item.align, width)
        case PrintedCode():
            return _placed(_code_picture(item), item.align, width)
    return None


def _placed(picture: Image.Image, align: int, width: int) -> Image.Image:
    strip = Image.new("L", (width, picture.height), 255)
    strip.paste(picture, ((0, 1, 2)[align] * (width - picture.width) // 2, 0))
    return strip


def _cell(character: str) -> int:
    """Columns: ASCII one, everything from the Chinese font two."""
    return 1 if ord(character) < 0x80 else 2


def _line_picture(line: PrintedLine) -> Image.Image:
    parts: list[Image.Image] = []
    tallest = max((span.height for span in line.spans), default=1)
    for span in line.spans:
        font = mono_font(_LINE, span.bold)
        width = sum(map(_cell, span.text)) * _COLUMN or 1
        plain = Image.new("L", (width, _LINE + _TAIL), 255)
        pen = ImageDraw.Draw(plain)
        x = 0
        for character in span.text:
            room = _cell(character) * _COLUMN
            left = x + (room - font.getlength(character)) / 2
            pen.text((left, _LINE - 3), character, font=font, fill=0, anchor="ls")
            x += room
        size = (plain.width * span.width, plain.height * span.height)
        parts.append(plain.resize(size, Image.Resampling.BOX))
    whole = Image.new("L", (sum(p.width for p in parts) or 1, tallest * (_LINE + _TAIL)), 255)
    x = 0
    for part in parts:
        whole.paste(part, (x, whole.height - part.height))
        x += part.width
    return whole


def _code_picture(code: PrintedCode) -> Image.Image:
    matrix = segno.make_qr(code.data, error="m", boost_error=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in matrix.matrix_iter(border=4)]
    small = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    side = len(rows) * code.module
    return small.resize((side, side), Image.Resampling.NEAREST)


def _thermal(ink: Image.Image) -> Image.Image:
    """Heat spreads a little; the paper is warm, slightly uneven, and torn at both ends."""
    wide = Image.new("L", (ink.width + 2 * _MARGIN, ink.height), 255)
    wide.paste(ink, (_MARGIN, 0))
    heat = np.asarray(wide.filter(ImageFilter.GaussianBlur(0.6)), np.float32) / 255
    grain = np.random.default_rng(7).normal(0, 1, heat.shape).astype(np.float32)
    bow = 1 - 0.035 * np.linspace(-1, 1, heat.shape[1], dtype=np.float32) ** 4
    shade = (bow[None, :] + 0.006 * grain)[..., None]
    white, black = np.array([250, 248, 241], np.float32), np.array([44, 42, 52], np.float32)
    rgb = (black + (white - black) * heat[..., None]) * shade
    picture = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    return _on_table(picture)


def _on_table(paper: Image.Image) -> Image.Image:
    edge, tooth = 28, 8
    mask = Image.new("L", paper.size, 0)
    teeth = [
        (x, tooth * (index % 2)) for index, x in enumerate(range(0, paper.width + tooth, tooth))
    ]
    foot = [(x, paper.height - 1 - y) for x, y in reversed(teeth)]
    ImageDraw.Draw(mask).polygon([*teeth, *foot], fill=255)
    table = Image.new("RGB", (paper.width + 2 * edge, paper.height + 2 * edge), (230, 234, 238))
    shadow = Image.new("L", table.size, 0)
    shadow.paste(mask, (edge + 2, edge + 6))
    table.paste((150, 156, 164), (0, 0), shadow.filter(ImageFilter.GaussianBlur(7)))
    table.paste(paper, (edge, edge), mask)
    return table
