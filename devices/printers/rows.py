"""A layout arranged on paper of so many columns: rows that every way of printing shares."""

from dataclasses import dataclass

import segno

from devices.printers.columns import balanced, in_printer_font, width_of, wrap
from devices.printers.layout import Align, Cut, Feed, Layout, Pair, Qr, Rule, Scale, Text

DOTS_PER_COLUMN = 12  # Font A of a 203 dpi receipt printer
DOTS_PER_LINE = 24
LINE_GAP = 8  # white dots under each line, so that Han characters do not touch
QR_QUIET = 4  # modules of white around a code, ISO/IEC 18004 section 6.3.8
QR_LONGEST = 2331  # bytes in version 40-M, ISO/IEC 18004 table 7
DOTS_PER_MM = 203 / 25.4
CUTTER_DOTS = 96  # 12 mm from the print head to the knife, as most kiosk printers have it


@dataclass(frozen=True)
class TextRow:
    """One line of text that fits the paper."""

    text: str
    align: Align = "left"
    width: Scale = 1
    height: Scale = 1
    bold: bool = False

    @property
    def in_printer_font(self) -> bool:
        """Whether a GBK printer can print the whole line in text mode."""
        return all(map(in_printer_font, self.text))

    @property
    def dots_high(self) -> int:
        """Height of the line with its gap, in printer dots."""
        return DOTS_PER_LINE * self.height + LINE_GAP


@dataclass(frozen=True)
class FeedRow:
    """Empty lines."""

    lines: int

    @property
    def dots_high(self) -> int:
        """Height in printer dots."""
        return self.lines * (DOTS_PER_LINE + LINE_GAP)


@dataclass(frozen=True)
class QrRow:
    """A QR code, centred."""

    data: str
    module: int

    @property
    def dots_high(self) -> int:
        """Height with the quiet zone, in printer dots."""
        code = segno.make_qr(self.data.encode(), error="m", boost_error=False)
        return int(code.symbol_size(border=QR_QUIET)[1]) * self.module


@dataclass(frozen=True)
class CutRow:
    """Feed past the cutter and cut."""

    dots_high = CUTTER_DOTS


Row = TextRow | FeedRow | QrRow | CutRow


def arrange(layout: Layout, columns: int) -> tuple[Row, ...]:
    """Wrap and place every line of a layout on paper of `columns` half-width columns.

    Raises ValueError when a code's data are too long.
    """
    rows: list[Row] = []
    for line in layout:
        match line:
            case Text():
                broken = balanced if line.align == "center" else wrap
                for part in broken(line.text, columns // line.width):
                    rows.append(TextRow(part, line.align, line.width, line.height, line.bold))
            case Pair():
                rows.extend(_pair(line, columns))
            case Rule():
                rows.append(TextRow("-" * columns))
            case Qr():
                if not 0 < len(line.data.encode()) <= QR_LONGEST:
                    raise ValueError(f"QR data must be 1 to {QR_LONGEST} bytes")
                rows.append(QrRow(line.data, max(1, min(16, line.module))))
            case Feed():
                rows.append(FeedRow(max(1, min(255, line.lines))))
            case Cut():
                rows.append(CutRow())
    return tuple(rows)


def length_mm(layout: Layout, columns: int) -> float:
    """How much paper a layout takes, with what is fed to the cutter."""
    return sum(row.dots_high for row in arrange(layout, columns)) / DOTS_PER_MM


def _pair(pair: Pair, columns: int) -> list[TextRow]:
    """Both on one line with two columns between, else the value under its label."""
    left, right = wrap(pair.left, columns), wrap(pair.right, columns)
    room = columns - width_of(right[0]) - 2
    if len(right) == 1 and room >= min(width_of(left[0]), columns // 3):
        left = wrap(pair.left, max(room, 2))
        gap = columns - width_of(left[0]) - width_of(right[0])
        if gap >= 0:
            first = TextRow(left[0] + " " * gap + right[0])
            return [first, *(TextRow(part) for part in left[1:])]
    return [*(TextRow(part) for part in left), *(TextRow(part, align="right") for part in right)]
