"""What a paper says, field by field, and how sure each is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from devices.ocr.placed import Placed

CERTAIN = 0.9
"""Confidence from which a field need not be pointed out to the person."""
DOUBTFUL = 0.5
"""The most a field is worth whose check digit fails or that another field contradicts."""


class PaperKind(StrEnum):
    ID_CARD_FRONT = "id_card_front"
    ID_CARD_BACK = "id_card_back"
    HOUSEHOLD = "household_register"
    LICENCE = "business_licence"
    TRAVEL_DOCUMENT = "travel_document"


@dataclass(frozen=True, repr=False)
class Field:
    """value: text; dates as ISO 8601, sex and ethnic group as codes (GB/T 2261.1, GB/T 3304).
    confidence: 0…1. checked: whether its check digit holds, None where it has none."""

    value: str
    confidence: float
    checked: bool | None = None

    @property
    def certain(self) -> bool:
        return self.confidence >= CERTAIN and self.checked is not False

    def doubted(self) -> "Field":
        return replace(self, confidence=min(self.confidence, DOUBTFUL))

    def __repr__(self) -> str:
        return f"Field({self.confidence:.2f}, checked={self.checked})"


@dataclass(frozen=True, repr=False)
class Paper:
    """A known paper with what could be read of it; a field that was not found is not in it."""

    kind: PaperKind
    fields: Mapping[str, Field]

    def __repr__(self) -> str:
        return f"Paper({self.kind.value}, {', '.join(self.fields)})"


def field(value: str, lines: Iterable[Placed], checked: bool | None = None) -> Field | None:
    """A field read from these lines, as sure as the worst of them; None for no value. A failing
    check digit makes it doubtful, a right one confirms every character."""
    if not value:
        return None
    sure = min((line.confidence for line in lines), default=0.0)
    sure = min(1.0, max(0.0, sure)) if sure == sure else 0.0  # not a number: not sure
    found = Field(value, max(sure, 0.98) if checked else sure, checked)
    return found.doubted() if checked is False else found


class Labels:
    """The printed labels of one kind of paper among its lines, and what stands beside them."""

    def __init__(
        self, lines: Sequence[Placed], names: Iterable[str], inner: Iterable[str] = ()
    ) -> None:
        """names: labels as printed, at the beginning of a line. inner: those of them that may also
        follow another label's value within one line."""
        ordered = sorted(names, key=len, reverse=True)
        within = sorted(inner, key=len, reverse=True)
        self.pieces: list[Placed] = []  # lines, cut where a label within begins
        self._label: dict[int, str] = {}
        for line in lines:
            for piece in _split(line, ordered, within):
                name = next((name for name in ordered if piece.text.startswith(name)), None)
                if name is not None:
                    self._label[len(self.pieces)] = name
                self.pieces.append(piece)

    @property
    def found(self) -> frozenset[str]:
        return frozenset(self._label.values())

    def beside(self, *names: str, below: int = 0) -> list[Placed]:
        """What stands behind the first label found of `names`: the rest of its line, or the line to
        its right; then up to `below` more lines that continue it underneath."""
        at = next((i for name in names for i, n in self._label.items() if n == name), None)
        if at is None:
            return []
        label = self.pieces[at]
        rest = label.cut(len(self._label[at]), len(label.text))
        rest = _without_mark(rest)
        if not rest.text:
            right = self._right_of(label)
            if right is None:
                return []
            rest = right
        chosen = [rest]
        while len(chosen) <= below:
            following = self._under(chosen[-1], rest.left)
            if following is None:
                break
            chosen.append(following)
        return chosen

    def _values(self) -> list[Placed]:
        return [piece for i, piece in enumerate(self.pieces) if i not in self._label]

    def _right_of(self, label: Placed) -> Placed | None:
        """The nearest value in its row; another label in between ends the cell: it is empty."""
        end = label.right - 0.3 * label.height
        row = [
            (piece.left, i) for i, piece in enumerate(self.pieces)
            if piece is not label and piece.left >= end and piece.beside(label)
        ]
        if not row:
            return None
        nearest = min(row)[1]
        return None if nearest in self._label else self.pieces[nearest]

    def _labelled(self, value: Placed) -> bool:
        """Whether a label stands right before it in its row: it begins another field."""
        row = [
            (piece.left, i) for i, piece in enumerate(self.pieces)
            if piece.right < value.left + 0.5 * value.height and piece.beside(value)
        ]
        return bool(row) and max(row)[1] in self._label

    def _under(self, line: Placed, left: float) -> Placed | None:
        """The next line of a paragraph: begins where it began, close beneath, as high."""
        high = line.height
        near = [
            piece for piece in self._values()
            if not self._labelled(piece)
            and abs(piece.left - left) < 1.5 * high
            and 0.3 * high < piece.middle - line.middle < 2.2 * high
            and 0.6 * high < piece.height < 1.6 * high
        ]
        return min(near, key=lambda piece: piece.middle, default=None)


def _split(line: Placed, names: Sequence[str], inner: Sequence[str]) -> list[Placed]:
    """A line that begins with a label, cut before each further label in it."""
    first = next((name for name in names if line.text.startswith(name)), None)
    if first is None:
        return [line]
    cuts, place = [0], len(first)
    while place < len(line.text):
        name = next((name for name in inner if line.text.startswith(name, place)), None)
        if name is None:
            place += 1
        else:
            cuts.append(place)
            place += len(name)
    cuts.append(len(line.text))
    return [line.cut(start, end) for start, end in pairwise(cuts)]


def _without_mark(line: Placed) -> Placed:
    """Without the colon behind a label."""
    start = len(line.text) - len(line.text.lstrip(":：.·、"))
    return line.cut(start, len(line.text)) if start else line
