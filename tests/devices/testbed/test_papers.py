"""Sample papers: each is there, marked as a sample, and lies on the desk as it says."""

import cv2
import numpy as np
import pytest

from devices.testbed import desk, papers


@pytest.mark.parametrize("name", papers.names())
def test_a_paper_is_marked_as_a_sample_all_across(name: str) -> None:
    picture = np.asarray(papers.paper(name), np.int16)
    high, wide, _ = picture.shape
    middle = picture[high // 4 : high * 3 // 4, wide // 8 : wide * 7 // 8]
    reddish = middle[..., 0] - np.maximum(middle[..., 1], middle[..., 2]) > 8
    assert reddish.mean() > 0.02
    spread = np.flatnonzero(reddish.any(axis=0))
    assert np.ptp(spread) > 0.7 * middle.shape[1]


@pytest.mark.parametrize("name", papers.names())
def test_every_paper_has_a_title_for_the_panel(name: str) -> None:
    assert papers.TITLES[name]


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(KeyError):
        papers.paper("passport")


@pytest.mark.parametrize("surface", ["mat", "wood"])
def test_the_sheet_lies_where_its_corners_say(surface: desk.Desk) -> None:
    scene = desk.lay(papers.paper("rental_contract"), surface, 5)
    bare = desk.lay(None, surface, 5)
    assert scene.corners is not None
    assert bare.corners is None
    inside = np.zeros(scene.image.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.rint(scene.corners).astype(np.int32), 1)
    core = cv2.erode(inside, np.ones((9, 9), np.uint8)) == 1
    assert scene.image[core].mean() > 1.5 * bare.image[core].mean()
    far = cv2.dilate(inside, np.ones((81, 81), np.uint8)) == 0
    before, after = (image[far].astype(float).mean() for image in (bare.image, scene.image))
    assert before == pytest.approx(after, abs=1.0)


def test_the_same_seed_gives_the_same_picture() -> None:
    first, second = (desk.lay(papers.paper("photo_card"), "mat", 9) for _ in range(2))
    assert (first.image == second.image).all()


def test_a_moment_later_only_the_noise_differs() -> None:
    scene = desk.lay(papers.paper("photo_card"), "mat", 9)
    later = desk.again(scene.image, 1)
    change = np.abs(later.astype(int) - scene.image.astype(int))
    assert 0 < change.mean() < 3
