"""A layout as ESC/POS bytes.

Commands after Epson's ESC/POS reference: ESC @, FS &, FS ., FS !, GS !, ESC E, ESC a, ESC 3, ESC d,
GS ( k, GS v 0, GS V. Text is GB18030 in Kanji mode, written raw; FS C is never sent (it would mean
JIS). A line with a character outside GBK (rare names, Hangul) goes as a raster of that line; with
`pictures` every line does, for the letters of the preview instead of the printer's own.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from devices.printers.glyphs import draw_row
from devices.printers.layout import Layout
from devices.printers.rows import CutRow, FeedRow, QrRow, Row, TextRow, arrange

INITIALIZE = b"\x1b@"
CHINESE_ON = b"\x1c&"
CHINESE_OFF = b"\x1c."
LINE_FEED = b"\n"
CUT = b"\x1dVB\x00"  # function B: feed to the cutter, then a partial cut
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4, function 8
_ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
_INK = 128  # grey below this is black on paper that knows no grey


def encode(layout: Layout, columns: int = 48, pictures: bool = False) -> bytes:
    """The whole job. `columns`: 48 on 80 mm paper (576 dots), 32 on 58 mm paper (384 dots).

    Raises ValueError when a code's data are too long.
    """
    return b"".join(encode_parts(layout, columns, pictures))


def encode_parts(layout: Layout, columns: int = 48, pictures: bool = False) -> Iterator[bytes]:
    """The same bytes cut between rows, where a driver may ask for the printer's status.

    Made while they are taken, so that the first is there at once. Raises ValueError before it.
    """
    rows = arrange(layout, columns)
    return _parts(rows, columns, pictures)


def _parts(rows: tuple[Row, ...], columns: int, pictures: bool) -> Iterator[bytes]:
    yield INITIALIZE + CHINESE_ON
    for row in rows[:-1]:
        yield _encode_row(row, columns, pictures)
    last = [_encode_row(row, columns, pictures) for row in rows[-1:]]
    if rows and isinstance(rows[-1], CutRow):
        yield from (CHINESE_OFF, *last)
    else:
        yield from (*last, CHINESE_OFF)


def _encode_row(row: Row, columns: int, pictures: bool) -> bytes:
    match row:
        case TextRow():
            if row.in_printer_font and not pictures:
                return _text(row)
            return raster(draw_row(row, columns))
        case QrRow():
            return _ALIGN["center"] + qr(row.data, row.module) + _ALIGN["left"]
        case FeedRow():
            if pictures:  # the same dots as the preview, whatever a line is to this printer
                return raster(Image.new("L", (8, row.dots_high), 255))
            return b"\x1bd" + bytes([row.lines])
        case CutRow():
            return CUT


def _text(row: TextRow) -> bytes:
    large = row.width > 1 or row.height > 1
    size = (row.width - 1) << 4 | (row.height - 1)
    # GS ! sizes all characters on Epson's printers; many others need FS ! for Chinese ones.
    chinese = (row.width - 1) << 2 | (row.height - 1) << 3
    before = after = b""
    if row.align != "left":
        before, after = _ALIGN[row.align], _ALIGN["left"]
    if large:
        before += b"\x1d!" + bytes([size]) + b"\x1c!" + bytes([chinese])
        after = b"\x1d!\x00\x1c!\x00" + after
    if row.bold:
        before, after = before + b"\x1bE\x01", b"\x1bE\x00" + after
    spacing = b"\x1b3" + bytes([row.dots_high])
    return spacing + before + row.text.encode("gb18030") + LINE_FEED + after


def qr(data: str, module: int) -> bytes:
    """A native QR code: model 2, `module` dots a module, error correction M, data as UTF-8."""
    payload = data.encode()
    stored = len(payload) + 3
    return b"".join(
        (
            b"\x1d(k\x04\x001A2\x00",
            b"\x1d(k\x03\x001C" + bytes([module]),
            b"\x1d(k\x03\x001E1",
            b"\x1d(k" + bytes([stored & 0xFF, stored >> 8]) + b"1P0" + payload,
            b"\x1d(k\x03\x001Q0",
        )
    )


def raster(picture: Image.Image) -> bytes:
    """GS v 0 of an 'L' picture (0 = ink), trailing white columns left away.

    A printer acts on real-time commands (DLE EOT, DLE ENQ, DLE DC4) even inside picture data, so
    the byte before such a pair gets one dot more; nobody sees it, and no printer stumbles.
    """
    ink = np.asarray(picture.convert("L")) < _INK
    used = np.flatnonzero(ink.any(axis=0))
    width = int(used[-1]) // 8 + 1 if used.size else 1
    packed = np.packbits(ink, axis=1)[:, :width].copy()
    flat = packed.reshape(-1)
    dle = np.flatnonzero((flat[:-1] == 0x10) & np.isin(flat[1:], (0x04, 0x05, 0x14)))
    flat[dle] = 0x18
    height = packed.shape[0]
    head = b"\x1dv0\x00" + bytes([width & 0xFF, width >> 8, height & 0xFF, height >> 8])
    return head + flat.tobytes()
