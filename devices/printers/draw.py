"""The layout as a picture: the preview on screen, dot for dot what the paper will show."""

import segno
from PIL import Image

from devices.printers.glyphs import draw_row
from devices.printers.layout import Layout
from devices.printers.rows import (
    DOTS_PER_COLUMN,
    QR_QUIET,
    CutRow,
    FeedRow,
    QrRow,
    TextRow,
    arrange,
)

_CUT_MARGIN = 48
_HEAD_MARGIN = 24  # what lies between the knife and the print head


def draw(layout: Layout, columns: int = 48) -> Image.Image:
    """An 'L' picture, 203 dots an inch, columns*12 dots wide, as high as the receipt is long."""
    width = columns * DOTS_PER_COLUMN
    strips = [_blank(width, _HEAD_MARGIN)]
    for row in arrange(layout, columns):
        match row:
            case TextRow():
                strips.append(draw_row(row, columns))
            case FeedRow():
                strips.append(_blank(width, row.dots_high))
            case QrRow():
                strips.append(_code(row, width))
            case CutRow():
                strips.append(_blank(width, _CUT_MARGIN))
    paper = _blank(width, sum(strip.height for strip in strips))
    y = 0
    for strip in strips:
        paper.paste(strip, (0, y))
        y += strip.height
    return paper


def qr_picture(data: str, module: int) -> Image.Image:
    """The code alone as an 'L' picture with its quiet zone."""
    code = segno.make_qr(data.encode(), error="m", boost_error=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=QR_QUIET)]
    side = len(rows)
    picture = Image.frombytes("L", (side, side), b"".join(rows))
    return picture.resize((side * module, side * module), Image.Resampling.NEAREST)


def _code(row: QrRow, width: int) -> Image.Image:
    code = qr_picture(row.data, row.module)
    strip = _blank(width, code.height)
    strip.paste(code, ((width - code.width) // 2, 0))
    return strip


def _blank(width: int, height: int) -> Image.Image:
    return Image.new("L", (width, height), 255)
