"""Lines put upright: where each stands once the page is turned as it is read. Pure."""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devices.ocr.lines import TextLine

_SAME_ROW = 0.5  # of the lower line's height


@dataclass(frozen=True, repr=False)
class Placed:
    """A line of an upright page. text: no spaces, full-width signs narrowed. left … bottom: a box
    in pixels of the turned page, whose origin means nothing."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def beside(self, other: "Placed") -> bool:
        """Whether both stand in one row."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared >= _SAME_ROW * min(self.height, other.height)

    def cut(self, start: int, end: int) -> "Placed":
        """The characters [start:end] of it; how wide each is, is only guessed."""
        wide = [2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in self.text]
        total = sum(wide) or 1
        step = (self.right - self.left) / total
        return Placed(
            self.text[start:end],
            self.confidence,
            self.left + step * sum(wide[:start]),
            self.top,
            self.left + step * sum(wide[:end]),
            self.bottom,
        )


def plain(text: str) -> str:
    """Without spaces; full-width letters, digits and signs as ASCII, Chinese as it is."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def upright(lines: Iterable[TextLine]) -> list[Placed]:
    """Every line as it stands on the page when most of the text runs to the right; from top to
    bottom. Lines without text or without size are left out."""
    usable = [line for line in lines if plain(line.text) and _length(line) > 0]
    angle = _direction(usable)
    cos, sin = math.cos(-angle), math.sin(-angle)
    placed = []
    for line in usable:
        corners = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.corners]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        placed.append(
            Placed(plain(line.text), line.confidence, min(across), min(down), max(across),
                   max(down))
        )
    return sorted(placed, key=lambda line: (line.top, line.left, line.text))


def rows(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Lines that stand side by side, each row from left to right, rows from top to bottom."""
    found: list[list[Placed]] = []
    for line in sorted(placed, key=lambda line: (line.middle, line.left, line.text)):
        row = next((row for row in found if row[-1].beside(line)), None)
        if row is None:
            found.append([line])
        else:
            row.append(line)
    for row in found:
        row.sort(key=lambda line: (line.left, line.text))
    return found


def _length(line: TextLine) -> float:
    numbers = [part for corner in line.corners for part in corner]
    if not all(math.isfinite(part) and abs(part) < 1e7 for part in numbers):
        return 0.0
    (x0, y0), (x1, y1) = line.corners[:2]
    return math.hypot(x1 - x0, y1 - y0)


def _direction(lines: Sequence[TextLine]) -> float:
    """Radians: the way the text runs, the middle one by length of text.

    A short line's direction is a guess of the detector, and one stamp or watermark must not turn
    a page: so no mean.
    """
    turns: list[tuple[float, float]] = []
    for line in lines:
        (x0, y0), (x1, y1) = line.corners[:2]
        turns.append((math.atan2(y1 - y0, x1 - x0), _length(line)))
    if not turns:
        return 0.0
    # Angles go round: the quarter with the most text first, then the median around it.
    quarters = [0.0] * 4
    for angle, length in turns:
        quarters[round(angle / (math.pi / 2)) % 4] += length
    around = quarters.index(max(quarters)) * math.pi / 2
    near = sorted(
        (math.remainder(angle - around, math.tau), length)
        for angle, length in turns
        if abs(math.remainder(angle - around, math.tau)) <= math.pi / 4
    )
    half, passed = sum(length for _, length in near) / 2, 0.0
    for angle, length in near:
        passed += length
        if passed >= half:
            return around + angle
    return around
