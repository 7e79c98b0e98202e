"""The machine readable zone among the lines of a picture (ICAO 9303-3 to -6). Pure.

Recognisers miscount fillers and confuse O with 0; what has a fixed width or a check digit is put
right again, and nothing is given whose check digits do not hold.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from devices.cards.travel_document.mrz import AccessKey, check_digit, parse_mrz
from devices.identity import IdentityDocument
from devices.ocr.lines import TextLine
from devices.ocr.placed import plain, rows, upright

_FILLERS = str.maketrans(
    {"«": "<<", "《": "<<", "‹": "<", "〈": "<", "く": "<", "(": "<", "≤": "<"}
)
_TO_DIGIT = str.maketrans("OQDILZSGB", "000112568")
_TO_LETTER = str.maketrans("0125680", "OIZSGBO")
_TWINS = {"O": "0", "0": "O", "I": "1", "1": "I"}
_MOST_TWINS = 2  # characters of a document number that may be somebody else's twin
_MENDED = 0.5  # confidence: one wrong character in ten passes its check digit
_LEAST, _MOST = 20, 60  # characters of a line that may be one of an MRZ
_NOT_OURS = re.compile(r"[^A-Z0-9<]")
_SEX = {"M": "M", "F": "F", "<": "<", "X": "X"}


@dataclass(frozen=True, repr=False)
class Mrz:
    """lines: the two or three lines as printed, joined by line ends; every check digit holds.
    confidence: 0…1, of the recogniser in the worst of them."""

    lines: str
    confidence: float

    def key(self) -> AccessKey:
        """What opens the chip."""
        return AccessKey.from_mrz(self.lines)

    def document(self, today: date) -> IdentityDocument:
        """What the lines say; not read from a chip. Raises DeviceFault "card.unreadable" where a
        date is none."""
        document = parse_mrz(self.lines, today)
        return IdentityDocument(**{**vars(document), "chip": False})


def find_mrz(lines: Iterable[TextLine]) -> Mrz | None:
    """The MRZ of a passport (TD3), a card (TD1) or a smaller booklet (TD2); None where there is
    none whose check digits hold."""
    found: list[tuple[str, float]] = []
    for row in rows(upright(lines)):
        text = _signs("".join(piece.text for piece in row))
        if _LEAST <= len(text) <= _MOST:
            found.append((text, min(piece.confidence for piece in row)))
    for size in (2, 3):
        for start in range(len(found) - size + 1):
            chosen = found[start : start + size]
            mrz = _fitted([text for text, _ in chosen])
            if mrz is not None:
                sure = min(confidence for _, confidence in chosen)
                number = mrz[5:14] if size == 3 else mrz.partition("\n")[2][:9]
                if not any(number in text for text, _ in chosen):
                    sure = min(sure, _MENDED)
                return Mrz(mrz, max(0.0, min(1.0, sure)))
    return None


def _signs(text: str) -> str:
    return _NOT_OURS.sub("", plain(text).upper().translate(_FILLERS))


def _fitted(lines: Sequence[str]) -> str | None:
    tries = _booklets(*lines) if len(lines) == 2 else _cards(*lines)
    fitting = {mrz for mrz in tries if _holds(mrz)}
    return fitting.pop() if len(fitting) == 1 else None


def _holds(mrz: str) -> bool:
    try:
        AccessKey.from_mrz(mrz)
    except ValueError:
        return False
    return True


def _booklets(first: str, second: str) -> Iterator[str]:
    """TD3 and TD2: names above, everything with a check digit below."""
    if first[:1] not in "PV" and not first.startswith(("I", "A", "C")):
        return
    width = 44 if first[0] in "PV" and len(second) > 38 else 36
    if abs(len(second) - width) > 8 or len(second) < 30:
        return
    names = _names(first[:5].translate(_TO_LETTER) + first[5:], width)
    nationality = second[10:13].translate(_TO_LETTER)
    middle = nationality + _digits(second[13:20]) + _SEX.get(second[20], "<") + _digits(
        second[21:28]
    )
    for tail in _tails(second[28:], width - 28, personal=width == 44):
        for number in _numbers(second[:9], _digits(second[9])):
            yield names + "\n" + number + middle + tail


def _cards(first: str, second: str, names: str) -> Iterator[str]:
    """TD1: document number above, dates in the middle, names below."""
    if not first.startswith(("I", "A", "C")) or len(second) < 19 or len(first) < 15:
        return
    head = first[:5].translate(_TO_LETTER)
    optional = first[15:].rstrip("<").ljust(15, "<")
    middle = _digits(second[:7]) + _SEX.get(second[7], "<") + _digits(second[8:15])
    middle += second[15:18].translate(_TO_LETTER)
    for tail in _tails(second[18:], 12, personal=False):
        for number in _numbers(first[5:14], _digits(first[14])):
            yield "\n".join((head + number + optional, middle + tail, _names(names, 30)))


def _names(line: str, width: int) -> str:
    """Fillers at its end counted anew; digits are no letters of a name."""
    letters = line[:5] + line[5:].translate(_TO_LETTER)
    # A lone K or C within the last fillers is one of them misread.
    letters = re.sub(r"<{2,}[KCE]*<*$", "", letters).rstrip("<")
    return letters[:width].ljust(width, "<")


def _tails(text: str, width: int, *, personal: bool) -> Iterator[str]:
    """The end of a line: optional data, their check digit where the size has one (`personal`),
    the composite one; fillers in between counted anew."""
    checks = 2 if personal else 1
    held = text.rstrip("<")
    if not held:
        return
    optional, ends = held[: -checks], held[-checks:]
    optional = optional.rstrip("<")
    if len(optional) <= width - checks:
        yield optional.ljust(width - checks, "<") + _ending(ends)
    if personal:  # where there are no optional data their check digit may be a filler
        alone = held[:-1].rstrip("<")
        if len(alone) <= width - 2:
            yield alone.ljust(width - 1, "<") + _digits(held[-1])


def _ending(text: str) -> str:
    return "".join(sign if sign == "<" else _digits(sign) for sign in text)


def _digits(text: str) -> str:
    return text.translate(_TO_DIGIT)


def _numbers(number: str, check: str) -> Iterator[str]:
    """The document number as it was read; else with twins exchanged so that its check digit
    holds: only one answer may. (The composite digit says no more about it: the weights are the
    same.)"""
    if len(number) == 9 and check_digit(number) == check:
        yield number + check
        return
    if check == "<":
        yield number + check
        return
    places = [place for place, sign in enumerate(number) if sign in _TWINS]
    for count in range(1, _MOST_TWINS + 1):
        for chosen in combinations(places, count):
            signs = list(number)
            for place in chosen:
                signs[place] = _TWINS[signs[place]]
            changed = "".join(signs)
            if check_digit(changed) == check:
                yield changed + check

