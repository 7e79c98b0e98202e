"""The fonts people read: the right face, every character of a name, icons that stand straight."""

import tomllib
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTCollection, TTFont

from provisioning.fonts import FACE_SIMPLIFIED_CHINESE, SOURCE, FontSourceMissing, build_fonts
from provisioning.icons import named
from screens.fonts import ICONS, Weight, has_icon, icon_glyphs

DIFFERENT_IN_JAPANESE = "直骨门令"


def outline(font: TTFont, character: str) -> list[object]:
    pen = RecordingPen()
    font.getGlyphSet()[font.getBestCmap()[ord(character)]].draw(pen)
    return list(pen.value)


def test_hanzi_have_the_shapes_of_the_simplified_chinese_face(screen_fonts: Path) -> None:
    ours = TTFont(screen_fonts / "YimenSans-Regular.ttf", lazy=True)
    faces = TTCollection(str(SOURCE / "NotoSansCJK-Regular.ttc"), lazy=True).fonts
    for character in DIFFERENT_IN_JAPANESE:
        assert outline(ours, character) == outline(faces[FACE_SIMPLIFIED_CHINESE], character)
        assert outline(ours, character) != outline(faces[0], character)


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_names_hangul_and_latin_are_all_there(screen_fonts: Path, weight: str) -> None:
    known = TTFont(screen_fonts / f"YimenSans-{weight}.ttf", lazy=True).getBestCmap()
    wanted = [*range(0x4E00, 0x9FA6), *range(0x3400, 0x4DB6), *range(0xAC00, 0xD7A4),
              *map(ord, "Aé中한·，。《》…“”①￥")]
    assert [chr(code) for code in wanted if code not in known] == []


def test_fonts_that_are_there_are_left_alone(screen_fonts: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in screen_fonts.iterdir()}
    build_fonts(screen_fonts, say=lambda line: None)
    assert {path: path.stat().st_mtime_ns for path in screen_fonts.iterdir()} == before


def test_a_missing_collection_names_the_package_to_install(tmp_path: Path) -> None:
    with pytest.raises(FontSourceMissing, match="fonts-noto-cjk"):
        build_fonts(tmp_path / "fonts", source=tmp_path, say=lambda line: None)
    assert list((tmp_path / "fonts").iterdir()) == []


@pytest.mark.parametrize("name", ["Phosphor-Duotone.ttf", "Phosphor-Bold.ttf"])
def test_icons_stand_where_they_were_drawn(name: str) -> None:
    font = TTFont(ICONS / name)
    outlines, advances = font["glyf"], font["hmtx"]
    crooked = [
        glyph for glyph in font.getGlyphOrder()
        if outlines[glyph].numberOfContours and outlines[glyph].xMin != advances[glyph][1]
    ]
    assert crooked == []


def test_every_group_of_the_city_has_an_icon_we_can_draw() -> None:
    source = Path(__file__).parents[2] / "hub" / "catalog" / "groups.toml"
    groups = tomllib.loads(source.read_text(encoding="utf-8"))["group"]
    assert [group["icon"] for group in groups if not has_icon(group["icon"])] == []


@pytest.mark.parametrize("weight", ["duotone", "bold"])
def test_every_icon_that_the_code_names_can_be_drawn(weight: Weight) -> None:
    missing = {name: path.name for name, path in named().items() if not has_icon(name, weight)}
    assert missing == {}, "see provisioning/icons.py"
    drawn = TTFont(ICONS / f"Phosphor-{weight.capitalize()}.ttf")
    points = drawn.getBestCmap()
    for name in named():
        glyphs = [points[ord(layer)] for layer in icon_glyphs(name, weight) if layer]
        assert any(drawn["glyf"][glyph].numberOfContours for glyph in glyphs), name


def test_an_unknown_icon_is_drawn_as_a_circle() -> None:
    assert icon_glyphs("no-such-icon") == icon_glyphs("circle")
