"""What sample papers are drawn with: text, tables, stamps, and the mark that each carries."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from devices.printers.glyphs import font_path

_SANS_SC, INK = 2, (38, 38, 42)
_BROWN = (122, 78, 44)


@lru_cache(maxsize=32)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Noto Sans with Simplified Chinese shapes."""
    path = font_path("Bold" if bold else "Regular")
    return ImageFont.truetype(path, size, index=_SANS_SC if path.suffix == ".ttc" else 0)


def text(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    words: str,
    size: int = 26,
    colour: tuple[int, int, int] = INK,
    bold: bool = False,
    anchor: str = "lm",
) -> None:
    """Write `words` at the anchor's place; Pillow's anchors."""
    pen.text(at, words, font=font(size, bold), fill=colour, anchor=anchor)


def watermark(
    sheet: Image.Image, *, turn: float = 24, down: float = 0.5, bold: float = 1.0
) -> Image.Image:
    """样张 SAMPLE across the sheet, and at its foot that nobody on it exists.

    turn: degrees. down: of the height, where the mark's middle stands. bold: times its usual size.
    """
    sheet = sheet.convert("RGBA")
    size = round(bold * min(sheet.size) / 7)
    # Turned within its own small picture: turning a whole layer would cut its corners.
    word = Image.new("RGBA", (size * 8, size * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(word)
    pen.text(
        (size * 4, size), "样张 SAMPLE", font=font(size, True), fill=(190, 40, 40, 52), anchor="mm"
    )
    word = word.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    middle = ((sheet.width - word.width) // 2, round(sheet.height * down - word.height / 2))
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    layer.paste(word, middle)
    pen = ImageDraw.Draw(layer)
    foot = (sheet.width / 2, sheet.height - 34)
    words = "样张 · 仅供演示，人物与内容均为虚构  SAMPLE · fictional"
    pen.text(foot, words, font=font(20), fill=(190, 40, 40, 220), anchor="mm")
    return Image.alpha_composite(sheet, layer).convert("RGB")


def seal(sheet: Image.Image, at: tuple[int, int], around: str, radius: int = 104) -> None:
    """A round red stamp, as plain as a sample needs."""
    size = 2 * radius + 8
    layer = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    red = (196, 40, 40, 190)
    pen.ellipse((4, 4, size - 5, size - 5), outline=red, width=6)
    pen.text((size / 2, size / 2), "★", font=font(radius // 2 + 8), fill=red, anchor="mm")
    for index, character in enumerate(around):
        angle = (index - (len(around) - 1) / 2) * min(26.0, 250 / len(around))
        letter = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        write = ImageDraw.Draw(letter)
        write.text((size / 2, 36), character, font=font(30, True), fill=red, anchor="mm")
        turned = letter.rotate(-angle, resample=Image.Resampling.BICUBIC)
        layer = Image.alpha_composite(layer, turned)
    pen = ImageDraw.Draw(layer)
    pen.text((size / 2, size - 46), "样张专用", font=font(24), fill=red, anchor="mm")
    sheet.paste(layer, (at[0] - size // 2, at[1] - size // 2), layer)


def table(
    pen: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    rows: list[list[tuple[str, str, float]]],
    colour: tuple[int, int, int] = _BROWN,
) -> None:
    """Rows of (label, value, share of the width); labels in the table's colour."""
    left, top, right, bottom = box
    step = (bottom - top) / len(rows)
    for index, row in enumerate(rows):
        x, y = float(left), top + index * step
        for label, value, share in row:
            width = (right - left) * share
            pen.rectangle((x, y, x + width, y + step), outline=colour, width=2)
            taken = 20 + font(22).getlength(label) + 14
            text(pen, (x + 14, y + step / 2), label, 22, colour)
            if label:
                pen.line((x + taken, y, x + taken, y + step), fill=colour, width=1)
            text(pen, (x + taken + 14, y + step / 2), value, 26)
            x += width
    pen.rectangle(box, outline=colour, width=4)


def silhouette(width: int, height: int, back: tuple[int, int, int]) -> Image.Image:
    """A head and shoulders without a face."""
    scale = 4
    picture = Image.new("RGB", (width * scale, height * scale), back)
    pen = ImageDraw.Draw(picture)
    w, h = picture.size
    tone = (128, 138, 150)
    pen.ellipse((0.08 * w, 0.66 * h, 0.92 * w, 1.5 * h), fill=tone)
    pen.rounded_rectangle((0.41 * w, 0.5 * h, 0.59 * w, 0.74 * h), 0.06 * w, fill=tone)
    pen.ellipse((0.29 * w, 0.16 * h, 0.71 * w, 0.6 * h), fill=tone)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
