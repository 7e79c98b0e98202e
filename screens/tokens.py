"""Measures in millimetres, turned into pixels by the panel's size.

Constants are named after the rule they come from: VVSG 2.0 (touch targets), EN 301 549 5.1.4
(height of capital letters, seen from 60 cm), and our own design page (screens.md).
"""

from dataclasses import dataclass
from math import hypot

MM_PER_INCH = 25.4

VVSG_TARGET_MIN = 12.7
"""No touch target is smaller (VVSG 2.0, 7.2-I)."""
VVSG_TARGET_GAP = 2.54
"""No two targets are nearer to each other (VVSG 2.0, 7.2-I)."""
PRIMARY_TARGET = 20.0
"""The obvious next step is at least this high (screens.md, Measures)."""
BUTTON_HEIGHT = 29.0
CONTROL_HEIGHT = 17.5
"""Language switch, back, quit, small buttons."""
BAR_HEIGHT = 37.5
HEADER_HEIGHT = 31.0
NAV_HEIGHT = 29.0

CAPITAL_HEIGHT = 0.733
"""Height of a capital letter over the em of Noto Sans CJK (its OS/2 sCapHeight)."""
EN_301_549_CAPITAL = 4.8
"""Capital letters of running text, mm."""
EN_301_549_CAPITAL_HEADING = 7.3
"""Capital letters of headings, mm (0.7° seen from 60 cm)."""
LARGE_TEXT = 1.35
"""Every text grows by this in large-text mode (screens.md, Measures)."""

# Em sizes of text, mm.
NOTE = 8.5
BODY = 9.7
LEAD = 11.2
HEADING = 12.0
TITLE = 18.5
DISPLAY = 24.0

# Distances, mm.
GAP_XS = VVSG_TARGET_GAP
GAP_S = 4.0
GAP_M = 7.0
GAP_L = 10.0
GAP_XL = 16.0
MARGIN = 12.5
"""Free edge at both sides of the column."""
COLUMN_MAX = 330.0
"""Longer lines are hard to read; on wide panels the column stays in the middle."""

RADIUS_S = 3.2
RADIUS_M = 6.2
RADIUS_L = 9.5
HAIRLINE = 0.42
OUTLINE = 0.85
"""Edges that carry meaning: fields, focus, high contrast."""

LOW_REACH = 0.6
"""In low-reach mode everything touchable is in this lower part of a portrait screen."""


@dataclass(frozen=True)
class PanelSize:
    """A panel, or a window that stands for one: its pixels and the diagonal they cover.

    A desk window of 540×960 with the diagonal of the 27-inch panel shows the panel at half size.
    """

    width_px: int = 1080
    height_px: int = 1920
    diagonal_inch: float = 27.0

    @property
    def px_per_mm(self) -> float:
        return hypot(self.width_px, self.height_px) / (self.diagonal_inch * MM_PER_INCH)

    @property
    def portrait(self) -> bool:
        return self.height_px >= self.width_px


@dataclass(frozen=True)
class Tokens:
    """Turns the constants above into pixels for one panel and one text size."""

    panel: PanelSize
    large_text: bool = False

    def mm(self, millimetres: float) -> int:
        """A distance in whole pixels; never vanishes."""
        return max(1, round(millimetres * self.panel.px_per_mm))

    def text(self, em_mm: float) -> int:
        """A text size in pixels, grown in large-text mode.

        Signs of display size grow less: they are legible from afar already, and must still fit.
        """
        if not self.large_text:
            grown = 1.0
        elif em_mm >= DISPLAY:
            grown = 1.12
        else:
            grown = LARGE_TEXT
        return max(8, round(em_mm * grown * self.panel.px_per_mm))

    def room(self, millimetres: float) -> int:
        """A height that holds text: grows with it, gently."""
        return self.mm(millimetres * (1.14 if self.large_text else 1.0))
