"""A font file that Kivy can show Chinese with: it opens only the first face of a collection, and
the first face of Noto Sans CJK is the Japanese one."""

import os
from pathlib import Path

from fontTools.ttLib import TTCollection

from devices.printers.glyphs import font_path

_FONT_VARIABLE = "YIMEN_FONT"
_SANS_SC = 2


def chinese_font(folder: Path, weight: str) -> Path:
    """The font named by YIMEN_FONT, else the Simplified Chinese face of Noto Sans CJK, taken out
    into `folder` once. weight: "Regular" or "Bold"."""
    named = os.environ.get(_FONT_VARIABLE)
    if named:
        return Path(named)
    face = folder / f"panel-{weight.lower()}.otf"
    if not face.exists():
        partial = face.with_suffix(".part")
        TTCollection(font_path(weight), lazy=True).fonts[_SANS_SC].save(partial)
        partial.replace(face)
    return face
