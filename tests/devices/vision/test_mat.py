"""Sheets on a mat that the kiosk has seen empty."""

import cv2
import numpy as np
import pytest

from devices.testbed import desk, papers
from devices.vision.camera import Frame
from devices.vision.mat import Mat
from devices.vision.page_watch import PageWatch
from devices.vision.pages import find_page
from devices.vision.quads import in_order
from tests.benchmarks import mats
from tests.devices.vision.test_pages import overlap


@pytest.mark.parametrize("surface", ["plain", "printed"])
@pytest.mark.parametrize("kind", ["sheet", "register", "cover", "hand"])
def test_finds_the_sheet_exactly_whatever_the_light(
    kind: mats.Kind, surface: mats.Surface
) -> None:
    for seed in (1, 3):
        image, corners = mats.lay(kind, surface, seed)
        quad = find_page(image, mats.learned(surface))
        assert quad is not None and corners is not None, seed
        assert overlap(quad.corners, corners) >= 0.96, seed


def test_finds_a_dark_cover_that_its_edges_alone_do_not_show() -> None:
    image, corners = mats.lay("cover", "plain", 3)
    assert corners is not None and find_page(image) is None
    quad = find_page(image, mats.learned("plain"))
    assert quad is not None
    assert overlap(quad.corners, corners) >= 0.96


@pytest.mark.parametrize("surface", ["plain", "printed"])
def test_an_empty_mat_has_no_page_though_a_frame_is_printed_on_it(surface: mats.Surface) -> None:
    for seed in range(4):
        image, _ = mats.lay("empty", surface, seed)
        assert find_page(image, mats.learned(surface)) is None, seed


def test_a_hand_alone_is_no_page() -> None:
    image = np.array(mats.lay("empty", "printed", 2)[0])
    cv2.ellipse(image, (1500, 520), (300, 160), 10, 0, 360, (120, 150, 205), -1)
    for row in range(4):
        cv2.line(image, (1300, 420 + 60 * row), (900, 400 + 70 * row), (120, 150, 205), 44)
    assert find_page(image, mats.learned("printed")) is None


def test_a_picture_of_another_size_is_looked_at_without_the_mat() -> None:
    image, corners = mats.lay("sheet", "plain", 1)
    assert corners is not None
    quad = find_page(np.ascontiguousarray(image[:, :-100]), mats.learned("plain"))
    assert quad is not None


def test_where_nothing_of_the_mat_shows_it_says_nothing() -> None:
    mat = mats.learned("plain")
    assert mat.covered(np.full((360, 640, 3), (20, 90, 200), np.uint8)) is None
    assert mat.covered(cv2.resize(mats.lay("empty", "plain", 3)[0], (640, 360))) is not None


def test_a_mat_is_learned_from_pictures_of_one_size() -> None:
    with pytest.raises(ValueError, match="one size"):
        Mat.learn([])
    with pytest.raises(ValueError, match="one size"):
        Mat.learn([np.zeros((4, 6, 3), np.uint8), np.zeros((6, 4, 3), np.uint8)])


def test_finds_a_white_paper_on_a_white_desk_that_its_edges_alone_do_not_show() -> None:
    white = Mat.learn([desk.lay(None, "white", 4).image])
    scene = desk.lay(papers.paper("household_first_page"), "white", 3)
    assert scene.corners is not None and find_page(scene.image) is None
    quad = find_page(scene.image, white)
    assert quad is not None
    assert overlap(quad.corners, in_order(scene.corners)) >= 0.92


def test_finds_small_sheets_that_three_fingers_hold_at_a_narrow_side() -> None:
    held: tuple[tuple[mats.Surface, int], ...] = (("plain", 5010), ("printed", 5039))
    for surface, seed in held:
        image, corners = mats.lay("hand", surface, seed)
        quad = find_page(image, mats.learned(surface))
        assert quad is not None and corners is not None, seed
        assert overlap(quad.corners, corners) >= 0.92, seed


def test_the_watch_uses_the_mat() -> None:
    frame = Frame(mats.lay("cover", "plain", 3)[0], 1, 0.0)
    assert PageWatch().look(frame).quad is None
    assert PageWatch(mat=mats.learned("plain")).look(frame).quad is not None
