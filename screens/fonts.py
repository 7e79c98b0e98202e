"""Tells Kivy about our two fonts: letters (all three languages in one face) and icons."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Literal

from kivy.core.text import LabelBase

ICONS = Path(__file__).parent / "assets" / "icons"
ENVIRONMENT = "YIMEN_FONTS"
"""Folder that `provisioning.fonts.build_fonts` filled."""

LETTERS = "Roboto"
"""Kivy's default name: what is registered under it is used by every label."""

Weight = Literal["duotone", "bold"]


class FontsMissing(Exception):
    """The screen fonts are not where they should be; the text says how to make them."""


def register(folder: Path | None = None) -> None:
    """Register letters from `folder` (default $YIMEN_FONTS) and icons. Raises FontsMissing."""
    place = folder or Path(os.environ.get(ENVIRONMENT, ""))
    regular, bold = place / "YimenSans-Regular.ttf", place / "YimenSans-Bold.ttf"
    if not (regular.is_file() and bold.is_file()):
        raise FontsMissing(
            f"No screen fonts in {place}. Make them: python -m provisioning.fonts {place}"
        )
    LabelBase.register(LETTERS, str(regular), fn_bold=str(bold))
    LabelBase.register("icons-duotone", str(ICONS / "Phosphor-Duotone.ttf"))
    LabelBase.register("icons-bold", str(ICONS / "Phosphor-Bold.ttf"))


@cache
def _points() -> dict[str, dict[str, list[int]]]:
    points = json.loads((ICONS / "icons.json").read_text(encoding="utf-8"))
    return {
        "duotone": points["duotone"],
        "bold": {name: [0, code] for name, code in points["bold"].items()},
    }


def icon_glyphs(name: str, weight: Weight = "duotone") -> tuple[str, str]:
    """(soft layer, line layer) of an icon, either may be "". Unknown names get a plain circle."""
    points = _points()[weight]
    soft, line = points.get(name) or points["circle"]
    return (chr(soft) if soft else "", chr(line) if line else "")


def has_icon(name: str, weight: Weight = "duotone") -> bool:
    return name in _points()[weight]
