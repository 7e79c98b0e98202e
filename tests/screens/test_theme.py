import pytest

from screens.theme import CONTRAST, LIGHT, Theme, contrast, rgb

SCREENS_MD_TEXT = 7.0
SCREENS_MD_GRAPHICS = 4.5
SCREENS_MD_HIGH_CONTRAST = 15.0


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast(rgb("#000000"), rgb("#FFFFFF")) == pytest.approx(21.0)


@pytest.mark.parametrize(
    ("theme", "least"), [(LIGHT, SCREENS_MD_TEXT), (CONTRAST, SCREENS_MD_HIGH_CONTRAST)],
    ids=["light", "contrast"],
)
def test_every_text_colour_stands_out_from_every_ground_it_may_lie_on(
    theme: Theme, least: float
) -> None:
    weak = {
        name: round(contrast(ink, ground), 2)
        for name, (ink, ground) in theme.text_pairs().items()
        if contrast(ink, ground) < least
    }
    assert weak == {}


@pytest.mark.parametrize("theme", [LIGHT, CONTRAST], ids=["light", "contrast"])
def test_icons_and_edges_stand_out_from_their_grounds(theme: Theme) -> None:
    weak = {
        name: round(contrast(tint, theme.tile(name)), 2)
        for name, tint in theme.tints
        if contrast(tint, theme.tile(name)) < SCREENS_MD_GRAPHICS
    }
    for ground in (theme.page, theme.card):
        if contrast(theme.edge, ground) < SCREENS_MD_GRAPHICS:
            weak["edge"] = contrast(theme.edge, ground)
    assert weak == {}
