import pytest

from kiosk.steps import Step
from kiosk.views import Looks
from tests.screens.desk_b import at, calls, words_of


def test_a_paper_that_is_wanted_offers_the_camera() -> None:
    with at(Step.MATERIAL) as (hands, visit):
        hands.tap("material.scan.register")
        assert calls(visit, "scan_material") == [("register",)]


def test_kept_pages_are_counted_in_words() -> None:
    with at(Step.MATERIAL) as (hands, _):
        assert "2 pages kept" in words_of(hands, "material.contract")
        assert "Needed" in words_of(hands, "material.register")


def test_a_paper_with_all_its_pages_can_only_be_scanned_again() -> None:
    with at(Step.MATERIAL, kept=(2, 1)) as (hands, _):
        assert words_of(hands, "material.scan.register") == "Scan again"
        assert words_of(hands, "material.scan.contract") == "Scan another page"


def test_next_is_asked_of_the_visit() -> None:
    with at(Step.MATERIAL) as (hands, visit):
        hands.tap("material.next")
        assert calls(visit, "next") == [()]


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_large_text_keeps_every_scan_button_reachable(language: str) -> None:
    with at(Step.MATERIAL, language=language, looks=Looks(large_text=True)) as (hands, visit):
        for name in ("register", "contract", "attorney"):
            hands.tap(f"material.scan.{name}")
        assert [call[0] for call in calls(visit, "scan_material")] == [
            "register", "contract", "attorney",
        ]  # fmt: skip
