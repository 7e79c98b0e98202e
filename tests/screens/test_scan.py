from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.steps import Step
from kiosk.views import FaultView, ReadingView
from screens.scan import ScanScreen
from screens.widgets.camera_picture import CameraPicture
from tests.harness import Hands
from tests.screens.desk_b import at, calls, words_of


def camera(hands: Hands) -> CameraPicture:
    picture = hands.app.find("scan.picture")
    assert isinstance(picture, CameraPicture)
    return picture


def test_advice_follows_what_the_camera_sees() -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.see(paper=False)
        hands.frame()
        assert "can't see a paper" in words_of(hands, "scan.advice")
        visit.see(steady=0.5)
        hands.frame()
        assert words_of(hands, "scan.advice") == "Hold still…"


def test_the_live_picture_is_uploaded_only_when_it_is_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.see()
        hands.frame()
        first = camera(hands)._number
        hands.wait(0.2)
        assert camera(hands)._number == first == visit.live_view.number
        visit.see()
        hands.frame()
        assert camera(hands)._number == visit.live_view.number != first


def test_the_found_page_is_outlined_and_fills_up_while_it_lies_still(tmp_path: Path) -> None:
    with at(Step.SCAN) as (hands, visit):
        greens = []
        for steady in (0.0, 0.5, 1.0):
            visit.see(steady=steady)
            hands.wait(0.1)
            pixels = np.asarray(Image.open(hands.picture(tmp_path / f"{steady}.png"))).astype(int)
            greens.append(int((pixels[..., 1] - pixels[..., 0] > 30).sum()))
        outline, half, full = greens
        assert outline > 500
        assert half - outline > 20_000
        assert full - half > 20_000


def test_the_picture_stands_upright(tmp_path: Path) -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.see(paper=False)
        image = visit.live_view.image
        assert image is not None
        image[: image.shape[0] // 2] = (250, 0, 0)
        image[image.shape[0] // 2 :] = (0, 0, 250)
        hands.wait(0.1)
        x, y, width, height = hands.widgets()["scan.picture"]
        pixels = np.asarray(Image.open(hands.picture(tmp_path / "upright.png")))
        middle, column = y + height // 2, x + width // 2
        assert tuple(pixels[middle - 80, column]) == (250, 0, 0)
        assert tuple(pixels[middle + 80, column]) == (0, 0, 250)


def test_the_picture_can_be_taken_by_hand() -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.see()
        hands.tap("scan.capture")
        assert calls(visit, "capture") == [()]


def test_a_lost_camera_is_told_with_a_way_on() -> None:
    with at(Step.SCAN) as (hands, visit):
        view = visit.live_view
        fault = FaultView("camera.gone", "The camera does not answer.", "Please ask for help.")
        visit.live_view = type(view)(None, 9, None, "", fault, 0.0)
        hands.wait(0.1)
        assert "does not answer" in words_of(hands, "fault")
        assert "fault.retry" in hands.widgets()


def test_a_good_page_is_offered_to_be_kept() -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.take()
        visit.on_change()
        hands.wait(0.1)
        assert hands.see("scan.page")
        hands.tap("scan.keep")
        assert calls(visit, "keep") == [()]


def test_a_blurred_page_says_so_and_puts_retaking_first() -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.take(blurred=True)
        visit.on_change()
        hands.wait(0.1)
        assert "blurred" in words_of(hands, "scan.problem")
        wide = hands.widgets()
        assert wide["scan.retake"][2] > wide["scan.keep"][2]
        hands.tap("scan.retake")
        assert calls(visit, "retake") == [()]


def test_leaving_drops_every_picture() -> None:
    with at(Step.SCAN) as (hands, visit):
        visit.see()
        hands.wait(0.1)
        picture, screen = camera(hands), hands.app.stage.screen
        assert isinstance(screen, ScanScreen)
        visit.go(Step.MATERIAL)
        hands.wait(0.1)
        assert picture._texture is None
        assert screen._live is None


READING = ReadingView(busy=True, seconds=5, fault=None)


def test_a_page_that_fills_a_form_is_not_kept_but_read() -> None:
    with at(Step.SCAN, reading=replace(READING, busy=False)) as (hands, visit):
        visit.see()
        hands.wait(0.1)
        assert "Fill from a paper" in words_of(hands, "scan.title")
        visit.take()
        visit.reading = READING
        visit.on_change()
        hands.wait(0.1)
        assert "being read" in words_of(hands, "scan.reading")
        assert hands.see("scan.page")
        assert not hands.see("scan.keep")
        hands.tap("scan.type")
        assert calls(visit, "skip") == [()]


def test_a_poor_page_is_taken_again_or_read_anyway() -> None:
    with at(Step.SCAN, reading=replace(READING, busy=False)) as (hands, visit):
        visit.take(blurred=True)
        visit.on_change()
        hands.wait(0.1)
        assert "blurred" in words_of(hands, "scan.problem")
        hands.tap("scan.read")
        hands.tap("scan.retake")
        assert calls(visit, "read_captured") == calls(visit, "retake") == [()]


def test_a_paper_that_does_not_fit_is_told_with_two_ways_on() -> None:
    fault = FaultView("text.nothing", "Not recognised.", "Type it.")
    with at(Step.SCAN, reading=READING) as (hands, visit):
        visit.take()
        visit.reading = ReadingView(False, 5, fault)
        visit.on_change()
        hands.wait(0.1)
        assert "Not recognised." in words_of(hands, "fault")
        hands.tap("fault.retry")
        hands.tap("scan.type")
        assert calls(visit, "retry") == calls(visit, "skip") == [()]


def test_the_side_that_is_next_is_named_above_the_live_picture() -> None:
    with at(Step.SCAN, material_index=2) as (hands, visit):
        visit.see()
        hands.wait(0.1)
        assert "Second: the back" in words_of(hands, "scan.side")
        visit.take()
        visit.on_change()
        hands.wait(0.1)
        assert hands.see("scan.keep")
        assert not hands.see("scan.more")  # the next side, if any, comes by itself


def test_a_paper_of_several_pages_goes_on_with_the_next_one() -> None:
    with at(Step.SCAN, material_index=1) as (hands, visit):
        visit.take()
        visit.on_change()
        hands.wait(0.1)
        hands.tap("scan.more")
        assert calls(visit, "keep_and_go_on") == [()]
