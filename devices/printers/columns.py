"""Column arithmetic: how wide text prints and where it breaks.

A receipt printer has a grid of half-width columns (48 on 80 mm paper, 32 on 58 mm). ASCII takes
one column; whatever GBK codes in two bytes takes two, also signs that look narrow on a screen,
because the printer draws them from its 24-dot Chinese font.
"""

import unicodedata
from functools import lru_cache

# Signs that may not open a line (closing) or end one (opening), after GB/T 15834 section 5.1.
_CLOSING = set("。，、；：？！）】》」』〉”’…,.;:?!)]}%")
_OPENING = set("（【《「『〈“‘([{")
# The yen sign U+00A5 is a four-byte code that GBK-only printers print as rubbish.
# Dates carry narrow no-break spaces, which no printer has; the full-width space is two columns.
_SPACES = "\t\u00a0\u2002\u2003\u2005\u2009\u202f\u205f"
_REPLACED = str.maketrans({"¥": "￥", "\u3000": "  "} | dict.fromkeys(_SPACES, " "))


def clean(text: str) -> str:
    """The text in composed form and without control or invisible characters (ESC stays out)."""
    composed = unicodedata.normalize("NFC", text.translate(_REPLACED))
    return "".join(
        character
        for character in composed
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    ).translate({0x2028: "\n", 0x2029: "\n"})


@lru_cache(maxsize=4096)
def in_printer_font(character: str) -> bool:
    """Whether a GBK printer has this character: ASCII, or two bytes equal in GBK and GB18030."""
    if " " <= character <= "~":
        return True
    try:
        coded = character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return len(coded) == 2 and character.encode("gb18030") == coded


@lru_cache(maxsize=4096)
def columns_of(character: str) -> int:
    """Columns one character takes: 0 (combining), 1 or 2."""
    if " " <= character <= "~":
        return 1
    if in_printer_font(character):
        return 2
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width_of(text: str) -> int:
    """Columns a line of text takes."""
    return sum(map(columns_of, text))


def wrap(text: str, columns: int) -> tuple[str, ...]:
    """Break text into lines of at most `columns` columns (at least 2).

    Breaks at spaces and beside Han characters; a longer word is cut. A full-width character is
    never halved, closing punctuation never opens a line. Empty paragraphs stay as empty lines.
    """
    if columns < 2:
        raise ValueError("a line needs at least two columns")
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines.extend(_wrap_paragraph(paragraph, columns))
    return tuple(lines)


def balanced(text: str, columns: int) -> tuple[str, ...]:
    """As `wrap` and in as many lines, but lines of like length: no single character left over."""
    lines = wrap(text, columns)
    if len(lines) < 2:
        return lines
    narrow = columns // 2
    for width in range(max(2, narrow), columns):
        if len(closer := wrap(text, width)) == len(lines):
            return closer
    return lines


def _wrap_paragraph(paragraph: str, columns: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(paragraph):
        if width_of(line + piece.rstrip(" ")) <= columns:
            line += piece
            continue
        if line.strip(" "):
            lines.append(line.rstrip(" "))
        line = piece.lstrip(" ")
        while width_of(line.rstrip(" ")) > columns:
            head = _head(line, columns)
            lines.append(head)
            line = line[len(head) :]
    lines.append(line.rstrip(" "))
    return lines


def _pieces(paragraph: str) -> list[str]:
    """The unbreakable pieces of a paragraph, spaces kept at the end of the piece before."""
    pieces: list[str] = []
    previous = ""
    for character in paragraph:
        joins = bool(pieces) and (
            character == " "
            or character in _CLOSING
            or previous in _OPENING
            or columns_of(character) == 0
            or (previous != " " and not _breaks_beside(character) and not _breaks_beside(previous))
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
        previous = character
    return pieces


def _breaks_beside(character: str) -> bool:
    """Han, kana and full-width signs allow a break on either side; Hangul and Latin do not."""
    return columns_of(character) == 2 and not "\uac00" <= character <= "\ud7a3"


def _head(line: str, columns: int) -> str:
    taken = 0
    for index, character in enumerate(line):
        taken += columns_of(character)
        if taken > columns:
            return line[:index]
    return line
