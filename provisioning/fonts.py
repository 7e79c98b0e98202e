"""Cuts the screen fonts out of Debian's Noto Sans CJK collection.

Kivy opens face 0 of a collection, which is the Japanese one: 直 骨 门 令 come out wrong. Face 2 is
Simplified Chinese and also covers Hangul and Latin, so one face serves every language. Licence of
the fonts: SIL Open Font License 1.1. Run it by hand with `python -m provisioning.fonts DIR`.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

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
    say(f"Screen fonts: cutting {len(missing)} weights, about a minute…")
    # Cutting is all Python and takes most of a minute a weight: one process each.
    with ProcessPoolExecutor(len(missing), mp_context=get_context("spawn")) as pool:
        work = {
            pool.submit(_make, collection, fonts[weight]): weight
            for collection, weight in zip(collections, missing, strict=True)
        }
        for number, finished in enumerate(as_completed(work), start=1):
            finished.result()
            say(f"Screen fonts: {number} of {len(missing)} done ({work[finished]}).")
    return fonts


def _make(collection: Path, target: Path) -> None:
    _write(_cut(collection), target)


def _cut(collection: Path) -> TTFont:
    face = TTCollection(str(collection), lazy=True).fonts[FACE_SIMPLIFIED_CHINESE]
    options = Options()
    options.layout_features = ["kern"]  # others would pull in the glyphs of other regions
    options.hinting = False  # at our sizes hints cost 2 MB and change nothing
    options.drop_tables += ["vhea", "vmtx", "VORG"]  # vertical writing
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]  # keeps copyright and licence inside the file
    subsetter = Subsetter(options)
    subsetter.populate(
        unicodes=[code for first, last in BLOCKS for code in range(first, last + 1)]
    )
    subsetter.subset(face)
    return face


def _write(font: TTFont, target: Path) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".font-")
    try:
        with os.fdopen(handle, "wb") as out:
            font.save(out)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


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
