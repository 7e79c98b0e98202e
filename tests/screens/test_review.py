import pytest

from kiosk.steps import Step
from tests.screens.desk_b import at, calls, words_of


def test_every_section_shows_its_answers() -> None:
    with at(Step.REVIEW) as (hands, _):
        assert "139****0000" in words_of(hands, "review.section.form:0")
        assert "2 pages" in words_of(hands, "review.section.materials")


@pytest.mark.parametrize("section", ["form:0", "materials", "signature"])
def test_each_part_can_be_changed(section: str) -> None:
    with at(Step.REVIEW) as (hands, visit):
        hands.tap(f"review.edit.{section}")
        assert calls(visit, "edit") == [(section,)]


def test_handing_in_is_one_touch_that_is_always_in_view() -> None:
    with at(Step.REVIEW) as (hands, visit):
        assert "review.submit" in hands.widgets()
        hands.tap("review.submit")
        assert calls(visit, "submit") == [()]
