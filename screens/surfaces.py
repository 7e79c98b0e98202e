"""Colours of the things a resident handles: keys, paper, pen, the camera's picture."""

from dataclasses import dataclass

from screens.theme import Colour, Theme, blend, rgb


@dataclass(frozen=True)
class Surfaces:
    desk: Colour
    """Ground under the keys."""
    key: Colour
    tool: Colour
    """Keys that type nothing: delete, shift, 123."""
    key_pressed: Colour
    key_side: Colour
    """The lower edge of a key, which makes it stand up."""
    key_line: Colour | None
    """Outline of keys where grounds do not differ."""
    key_ink: Colour
    paper: Colour
    """What one signs on; the receipt. White in both themes: it is paper."""
    paper_ink: Colour
    paper_ink_soft: Colour
    paper_line: Colour
    pen: Colour
    camera: Colour
    """Around the live picture."""
    found: Colour
    """Outline of a page in the live picture."""


def surfaces_of(theme: Theme) -> Surfaces:
    paper = rgb("#FFFFFF")
    ink, soft = rgb("#101A33"), rgb("#3D4863")
    if theme.high_contrast:
        return Surfaces(
            desk=theme.page,
            key=theme.card,
            tool=theme.card,
            key_pressed=rgb("#4A4400"),
            key_side=rgb("#000000", 0.0),
            key_line=theme.ink,
            key_ink=theme.ink,
            paper=paper,
            paper_ink=rgb("#000000"),
            paper_ink_soft=rgb("#000000"),
            paper_line=rgb("#000000"),
            pen=rgb("#000000"),
            camera=theme.page,
            found=rgb("#FFE600"),
        )
    desk = blend(theme.primary, theme.page, 0.11)
    return Surfaces(
        desk=desk,
        key=theme.card,
        tool=blend(theme.primary, theme.page, 0.22),
        key_pressed=blend(theme.primary, theme.card, 0.22),
        key_side=rgb("#1B2A4A", 0.30),
        key_line=None,
        key_ink=theme.ink,
        paper=paper,
        paper_ink=ink,
        paper_ink_soft=soft,
        paper_line=rgb("#B9C2D6"),
        pen=rgb("#0B1F66"),
        camera=rgb("#141C30"),
        found=rgb("#3BE08B"),
    )
