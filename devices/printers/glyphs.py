"""One line of text as black dots, on the printer's own grid of columns."""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from devices.printers.columns import columns_of
from devices.printers.rows import DOTS_PER_COLUMN, DOTS_PER_LINE, TextRow

FONT_VARIABLE = "YIMEN_PRINT_FONT"
_FILE = "NotoSansCJK-{weight}.ttc"
_TAIL = 4
_MONO_SC = 7  # index in the collection: the fixed-pitch face with Simplified Chinese shapes


class FontMissing(RuntimeError):
    """Noto Sans CJK is not installed (Debian package fonts-noto-cjk)."""


@lru_cache(maxsize=2)
def font_path(weight: str = "Regular") -> Path:
    """Where Noto Sans CJK lies: YIMEN_PRINT_FONT, else the usual font folders."""
    named = os.environ.get(FONT_VARIABLE)
    if named:
        return Path(named)
    for found in _candidates(_FILE.format(weight=weight)):
        return found
    raise FontMissing("Noto Sans CJK not found; install the Debian package fonts-noto-cjk")


def _candidates(name: str) -> Iterator[Path]:
    folders = os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(":")
    for folder in (Path.home() / ".local/share", *map(Path, folders)):
        if (folder / "fonts").is_dir():
            yield from sorted((folder / "fonts").rglob(name))


@lru_cache(maxsize=8)
def mono_font(size: int = DOTS_PER_LINE, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The fixed-pitch face at `size` dots: half-width characters are exactly half as wide."""
    path = font_path("Bold" if bold else "Regular")
    index = _MONO_SC if path.suffix == ".ttc" else 0
    return ImageFont.truetype(path, size, index=index)


def draw_row(row: TextRow, columns: int) -> Image.Image:
    """The line as an 'L' picture (0 = ink), columns*12 dots wide, `row.dots_high` high."""
    cells = [columns_of(character) for character in row.text]
    # The tails of Latin letters hang into the gap below the line.
    plain = Image.new("L", (max(1, sum(cells)) * DOTS_PER_COLUMN, DOTS_PER_LINE + _TAIL), 255)
    pen = ImageDraw.Draw(plain)
    font = mono_font(DOTS_PER_LINE, row.bold)
    x = 0
    for character, cell in zip(row.text, cells, strict=True):
        # Each character stands in the middle of its own cell, so columns line up with text mode.
        room = max(cell, 1) * DOTS_PER_COLUMN
        shift = (room - font.getlength(character)) / 2 if cell else -DOTS_PER_COLUMN
        pen.text((x + shift, DOTS_PER_LINE - 3), character, font=font, fill=0, anchor="ls")
        x += cell * DOTS_PER_COLUMN
    scaled = plain.resize(
        (plain.width * row.width, plain.height * row.height), Image.Resampling.BOX
    )
    paper = Image.new("L", (columns * DOTS_PER_COLUMN, row.dots_high), 255)
    left = {"left": 0, "center": 1, "right": 2}[row.align] * (paper.width - scaled.width) // 2
    paper.paste(scaled, (left, 0))
    return paper
