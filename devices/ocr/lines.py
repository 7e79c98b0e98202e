"""One line of text as it was found in a picture."""

from dataclasses import dataclass

Corner = tuple[float, float]


@dataclass(frozen=True, repr=False)
class TextLine:
    """text: as recognised. confidence: 0…1.

    corners: pixels (x, y), clockwise from the text's own top-left: on a page that lies upside
    down that is the corner at the picture's bottom right.
    """

    text: str
    corners: tuple[Corner, Corner, Corner, Corner]
    confidence: float

    def __repr__(self) -> str:
        # A repr ends up in logs and tracebacks; what somebody's papers say must not.
        return f"TextLine({len(self.text)} characters, {self.confidence:.2f})"
