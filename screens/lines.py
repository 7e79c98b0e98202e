"""Breaks text into lines the way each of our scripts wants it.

Chinese breaks between any two characters, but no line starts with closing punctuation or ends
with opening punctuation (GB/T 15834). Korean and English break at spaces; a word longer than
the line breaks anywhere rather than overflow. Pure: the caller brings a measuring function.
"""

from collections.abc import Callable

NOT_AT_START = frozenset("，。、；：？！）】》〉”’」』％…—·,.;:?!)]}%°")
NOT_AT_END = frozenset("（【《〈“‘「『([{¥￥#")

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Lines of `text`, none wider than `width` unless one single character already is."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_paragraph(paragraph, width, measure))
    return lines


def balance_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Like `break_lines` with as few lines, but of even length: for headings."""
    lines = break_lines(text, width, measure)
    if len(lines) < 2:
        return lines
    low, high = width / 2, width
    for _ in range(7):
        middle = (low + high) / 2
        fits = len(break_lines(text, middle, measure)) <= len(lines)
        low, high = (low, middle) if fits else (middle, high)
    return break_lines(text, high, measure)


def _paragraph(text: str, width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip() if line else piece
        while measure(line.rstrip()) > width and len(line.rstrip()) > 1:
            cut = _longest(line, width, measure)
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
    return [*lines, line.rstrip()]


def _longest(word: str, width: float, measure: Measure) -> int:
    cut = 1
    while cut < len(word) and measure(word[: cut + 1]) <= width:
        cut += 1
    return cut


def _pieces(text: str) -> list[str]:
    """The parts of a paragraph that must stay on one line."""
    pieces: list[str] = []
    for character in text:
        if pieces and not _may_break(pieces[-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _may_break(before: str, character: str) -> bool:
    last = before[-1]
    if character == " " or character in NOT_AT_START or last in NOT_AT_END:
        return False
    return last == " " or _ideograph(last) or _ideograph(character)


def _ideograph(character: str) -> bool:
    code = ord(character)
    return (0x2E80 <= code <= 0x9FFF and not 0x3130 <= code <= 0x318F) or 0xF900 <= code <= 0xFFEF
