import pytest

from screens import tokens
from screens.tokens import PanelSize, Tokens

PANEL = PanelSize(1080, 1920, 27.0)


def test_a_millimetre_of_the_27_inch_panel_is_three_pixels() -> None:
    assert PANEL.px_per_mm == pytest.approx(3.21, abs=0.01)
    assert Tokens(PANEL).mm(20) == 64


def test_a_window_of_half_the_pixels_shows_everything_at_half_the_size() -> None:
    half = Tokens(PanelSize(540, 960, 27.0))
    assert half.mm(20) == 32
    assert half.text(tokens.BODY) == pytest.approx(Tokens(PANEL).text(tokens.BODY) / 2, abs=1)


def test_capital_letters_are_as_high_as_en_301_549_wants() -> None:
    for em in (tokens.NOTE * 0.94, tokens.BODY, tokens.LEAD):
        assert em * tokens.CAPITAL_HEIGHT >= tokens.EN_301_549_CAPITAL
    for em in (tokens.HEADING, tokens.TITLE, tokens.DISPLAY):
        assert em * tokens.CAPITAL_HEIGHT >= tokens.EN_301_549_CAPITAL_HEADING


def test_large_text_is_a_third_larger() -> None:
    large = Tokens(PANEL, large_text=True)
    growth = large.text(tokens.BODY) / Tokens(PANEL).text(tokens.BODY)
    assert growth == pytest.approx(1.35, abs=0.02)


def test_targets_are_at_least_as_large_as_their_rules() -> None:
    assert tokens.CONTROL_HEIGHT >= tokens.VVSG_TARGET_MIN
    assert tokens.BUTTON_HEIGHT >= tokens.PRIMARY_TARGET
