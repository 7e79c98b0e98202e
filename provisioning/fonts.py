"""Cuts the screen fonts out of Debian's Noto Sans CJK collection.

Kivy opens face 0 of a collection, which is the Japanese one: 直 骨 门 令 come out wrong. Face 2 is
Simplified Chinese and also covers Hangul and Latin, so one face serves every language. Licence of
the fonts: SIL Open Font License 1.1. Run it by hand with `python -m provisioning.fonts DIR`.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SOURCE = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's package fonts-noto-cjk puts its collections."""

FACE_SIMPLIFIED_CHINESE = 2
FAMILY = "YimenSans"
WEIGHTS = ("Regular", "Bold")

BLOCKS = (
    (0x0020, 0x024F),  # Latin with every European accent
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x1100, 0x11FF),  # Hangul jamo
    (0x2000, 0x206F),  # punctuation
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x22FF),  # letter-like signs, number forms, arrows, operators
    (0x2460, 0x24FF),  # enclosed numbers
    (0x2500, 0x25FF),  # boxes and geometric shapes
    (0x2600, 0x26FF),  # signs
    (0x3000, 0x30FF),  # CJK punctuation, kana
    (0x3130, 0x318F),  # Hangul compatibility jamo
    (0x3400, 0x4DBF),  # CJK extension A: rare characters in names
    (0x4E00, 0x9FFF),  # CJK unified ideographs, all of them: names need the whole block
    (0xAC00, 0xD7A3),  # Hangul syllables
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0xFF00, 0xFFEF),  # full-width forms
)
"""First and last code point of each Unicode block that screens may have to draw."""


class FontSourceMissing(Exception):
    """The collection to cut from is not there; the text names the package to install."""


def build_fonts(
    folder: Path, *, source: Path = SOURCE, say: Callable[[str], None] = print
) -> dict[str, Path]:
    """Make sure `folder` holds both weights; returns weight → file.

    Files that are already there are left alone. Each one is written beside its place, synced and
    renamed, so a crash leaves no half font. Raises FontSourceMissing and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fonts = {weight: folder / f"{FAMILY}-{weight}.ttf" for weight in WEIGHTS}
    missing = [weight for weight in WEIGHTS if not fonts[weight].exists()]
    if not missing:
        say("Screen fonts: already there.")
        return fonts
    collections = [source / f"NotoSansCJK-{weight}.ttc" for weight in missing]
    for collection in collections:
        if not collection.exists():
            raise FontSourceMissing(
                f"{collection} is missing. Install it: apt-get install fonts-noto-cjk"
            )
    for number, (weight, collection) in enumerate(zip(missing, collections, strict=True), start=1):
        _cut(collection, fonts[weight])
        say(f"Screen fonts: {number} of {len(missing)} done ({weight}).")
    return fonts


def _cut(collection: Path, target: Path) -> None:
    """Cut one weight with hb-subset (HarfBuzz): under a second, where Python needs a minute."""
    partial = target.with_suffix(".part")
    command = [
        "hb-subset", str(collection), f"--face-index={FACE_SIMPLIFIED_CHINESE}",
        "--unicodes=" + ",".join(f"{first:X}-{last:X}" for first, last in BLOCKS),
        "--layout-features=kern",  # others would pull in the glyphs of other regions
        "--no-hinting",  # at our sizes hints cost 2 MB and change nothing
        "--drop-tables+=vhea,vmtx,VORG",  # vertical writing
        "--name-IDs=0,1,2,4,6,13,14",  # keeps copyright and licence inside the file
        f"--output-file={partial}",
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise FontSourceMissing(
            "hb-subset is missing. Install it: apt-get install libharfbuzz-bin"
        ) from error
    except subprocess.CalledProcessError as error:
        raise FontSourceMissing(f"{collection} cannot be cut: {error.stderr.strip()}") from error
    _sync(partial)
    partial.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def main() -> int:
    parser = argparse.ArgumentParser(prog="provisioning.fonts", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the fonts go")
    arguments = parser.parse_args()
    try:
        build_fonts(arguments.folder)
    except (FontSourceMissing, OSError) as problem:
        print(f"fonts: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
