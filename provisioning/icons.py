"""Cuts the bold icons that screens name out of Phosphor's font.

By hand, when a screen names a new one: `npm pack @phosphor-icons/web@2.1.2`, unpack it, then
`python -m provisioning.icons package/src`. Licence: screens/assets/icons/LICENSE-Phosphor.txt.
The duotone font is kept whole: a city's catalog may name any of its icons.
"""

import argparse
import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from provisioning.processes import ROOT

FOLDER = ROOT / "screens" / "assets" / "icons"
NAMES = FOLDER / "icons.json"
_BOLD = "Phosphor-Bold.ttf"
_POINT = re.compile(r'\.ph-bold\.ph-([a-z0-9-]+):before\s*\{\s*content:\s*"\\([0-9a-f]+)"')


def named() -> dict[str, Path]:
    """Every icon that the code names, with a place: a string in the screens, or in what the kiosk
    hands them to show, that is an icon's name."""
    known = set(json.loads(NAMES.read_text("utf-8"))["duotone"])
    return {text: path for path in _sources() for text in _strings(path) if text in known}


def _sources() -> Iterator[Path]:
    yield from sorted((ROOT / "screens").rglob("*.py"))
    yield from sorted((ROOT / "kiosk").glob("guide*.py"))
    yield from sorted((ROOT / "kiosk").glob("*views.py"))


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def cut(source: Path) -> list[str]:
    """Cut the bold font anew from Phosphor's `src` folder; returns the names it has now."""
    points = {name: int(code, 16) for name, code in
              _POINT.findall((source / "bold" / "style.css").read_text("utf-8"))}
    held = json.loads(NAMES.read_text("utf-8"))
    names = sorted(set(held["bold"]) | set(named()))
    font = TTFont(source / "bold" / _BOLD)
    options = Options()
    options.layout_features = []
    cutter = Subsetter(options)
    cutter.populate(unicodes=[points[name] for name in names])
    cutter.subset(font)
    cut_out = BytesIO()
    font.save(cut_out)
    font = TTFont(cut_out)
    outlines, advances = font["glyf"], font["hmtx"]
    for glyph in font.getGlyphOrder():  # Phosphor's own bearings are 0: icons would stand askew
        if outlines[glyph].numberOfContours:
            advances[glyph] = (advances[glyph][0], outlines[glyph].xMin)
    font.save(FOLDER / _BOLD)
    held["bold"] = {name: points[name] for name in names}
    NAMES.write_text(json.dumps(held, separators=(",", ":")) + "\n", "utf-8")
    return names


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="provisioning.icons", description=__doc__)
    parser.add_argument("source", type=Path, help="the package's folder src")
    print(f"{len(cut(parser.parse_args().source))} bold icons")
