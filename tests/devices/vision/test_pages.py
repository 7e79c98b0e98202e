"""Finding, flattening and judging pages on drawn desks whose corners are known."""

import time
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from devices.testbed import desk, papers
from devices.vision.pages import (
    Quad,
    assess_page,
    encode_jpeg,
    find_page,
    flatten_page,
    track_page,
)
from devices.vision.quads import in_order, polygon_area
from tests.benchmarks import desk_kinds

SURFACES: tuple[desk.Desk, ...] = ("mat", "wood")


def overlap(found: NDArray[np.float64], real: NDArray[np.float64]) -> float:
    """Intersection over union of two convex quadrilaterals."""
    common, _ = cv2.intersectConvexConvex(found.astype(np.float32), real.astype(np.float32))
    return float(common / (polygon_area(found) + polygon_area(real) - common))


def print_only(grey: NDArray[Any]) -> NDArray[np.float64]:
    """What is printed on a page, without the light that falls on it."""
    small = cv2.resize(grey, (413, 584), interpolation=cv2.INTER_AREA).astype(np.float64)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 2) - cv2.GaussianBlur(small, (0, 0), 25))


@lru_cache(maxsize=4)
def seen(name: str, surface: desk.Desk, seed: int, blur: float = 0.0) -> desk.Scene:
    return desk.lay(papers.paper(name), surface, seed, blur)


def test_finds_every_sample_paper_on_both_desks() -> None:
    overlaps = []
    for number, name in enumerate(papers.names()):
        for surface, seed in zip(SURFACES, (number + 1, number + 20), strict=True):
            scene = seen(name, surface, seed)
            quad = find_page(scene.image)
            assert quad is not None, (name, surface, seed)
            assert scene.corners is not None
            overlaps.append(overlap(quad.corners, in_order(scene.corners)))
    assert min(overlaps) >= 0.95
    assert np.mean(overlaps) >= 0.985


@pytest.mark.parametrize("surface", SURFACES)
def test_finds_nothing_on_an_empty_desk(surface: desk.Desk) -> None:
    assert find_page(desk.lay(None, surface).image) is None


def test_finds_nothing_in_pure_noise() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (540, 960, 3), np.uint8)
    assert find_page(noise) is None


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, (40, 60, 3)))
def test_answers_any_small_picture_with_a_page_or_none(image: NDArray[Any]) -> None:
    quad = find_page(image)
    assert quad is None or quad.corners.shape == (4, 2)


def test_corners_go_clockwise_from_the_top_left() -> None:
    quad = find_page(seen("rental_contract", "mat", 2).image)
    assert quad is not None
    top_left, top_right, bottom_right, bottom_left = quad.corners
    assert top_left[0] < top_right[0]
    assert top_left[1] < bottom_left[1]
    assert bottom_right[0] > bottom_left[0]
    assert bottom_right[1] > top_right[1]


def test_finding_a_page_in_full_hd_is_fast_enough_for_a_live_picture() -> None:
    image = seen("rental_contract", "mat", 2).image
    times = []
    for _ in range(9):
        started = time.thread_time()  # other processes on the machine do not count
        find_page(image)
        times.append(time.thread_time() - started)
    # 25 ms on the machine it was measured on; the bound leaves room for slower ones.
    assert sorted(times)[4] < 0.075


def test_tracking_gives_the_page_that_finding_gave() -> None:
    scene = seen("rental_contract", "mat", 2)
    found = find_page(scene.image)
    assert found is not None
    tracked = track_page(desk.again(scene.image, 7), found)
    assert tracked is not None
    assert np.abs(tracked.corners - found.corners).max() < 2


@pytest.mark.parametrize("other", [None, "household_register"])
def test_tracking_loses_a_page_that_was_taken_away_or_changed(other: str | None) -> None:
    found = find_page(seen("rental_contract", "mat", 2).image)
    assert found is not None
    sheet = papers.paper(other) if other else None
    assert track_page(desk.lay(sheet, "mat", 2).image, found) is None


def test_a_contract_flattens_to_a4_at_200_dpi_and_looks_as_it_was_drawn() -> None:
    scene = seen("rental_contract", "mat", 2)
    quad = find_page(scene.image)
    assert quad is not None
    flat = flatten_page(scene.image, quad)
    assert flat.shape == (2339, 1654, 3)
    drawn = print_only(np.asarray(papers.paper("rental_contract").convert("L")))
    taken = print_only(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY))
    assert np.corrcoef(drawn.ravel(), taken.ravel())[0, 1] > 0.9


def test_another_format_keeps_its_own_aspect() -> None:
    scene = seen("household_register", "mat", 3)
    quad = find_page(scene.image)
    assert quad is not None
    high, wide, _ = flatten_page(scene.image, quad).shape
    assert wide / high == pytest.approx(1490 / 1095, rel=0.05)


@pytest.mark.parametrize("name", papers.names())
def test_a_sharp_page_is_good_and_the_same_page_out_of_focus_is_blurred(name: str) -> None:
    sharp, soft = seen(name, "mat", 3), seen(name, "mat", 3, 6.0)
    quad = find_page(sharp.image)
    assert quad is not None
    good = assess_page(flatten_page(sharp.image, quad))
    bad = assess_page(flatten_page(soft.image, quad))
    assert good.code is None
    assert bad.code == "page.blurred"
    assert good.sharpness > 1.4 * bad.sharpness


def test_pale_print_in_focus_is_not_called_blurred() -> None:
    scene = seen("rental_contract", "mat", 3)
    quad = find_page(scene.image)
    assert quad is not None
    flat = flatten_page(scene.image, quad)
    pale = (flat * 0.3 + 170).astype(np.uint8)
    assert assess_page(pale).code is None


def test_an_even_picture_is_blank_and_not_blurred() -> None:
    assert assess_page(np.full((600, 400, 3), 240, np.uint8)).code == "page.blank"


def test_an_a4_page_as_jpeg_stays_below_450_kilobytes_and_decodes() -> None:
    scene = seen("rental_contract", "mat", 2)
    assert scene.corners is not None
    flat = flatten_page(scene.image, Quad(in_order(scene.corners)))
    data = encode_jpeg(flat)
    assert len(data) < 450_000
    again = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert again is not None
    assert again.shape == flat.shape


@given(st.permutations(range(4)))
def test_in_order_gives_the_same_corners_whatever_order_they_came_in(order: list[int]) -> None:
    corners = np.array([(10, 12), (90, 8), (95, 130), (6, 126)], np.float64)
    assert (in_order(corners[order]) == corners).all()


def test_a_page_that_the_picture_cuts_off_along_one_side_is_found_up_to_there() -> None:
    scene = seen("rental_contract", "mat", 2)
    assert scene.corners is not None
    corners = in_order(scene.corners)
    lowest = int(corners[[2, 3], 1].min()) - 60
    quad = find_page(np.ascontiguousarray(scene.image[:lowest]))
    assert quad is not None
    assert np.abs(quad.corners[:2] - corners[:2]).max() < 8
    assert quad.corners[[2, 3], 1].min() > lowest - 20


def test_a_table_on_white_paper_that_fills_the_picture_is_no_page() -> None:
    image = np.full((1080, 1920, 3), 235, np.uint8)
    cv2.rectangle(image, (400, 200), (1500, 900), (30, 30, 30), 5)
    for y in range(270, 900, 70):
        cv2.line(image, (400, y), (1500, y), (30, 30, 30), 2)
    assert find_page(image) is None


def test_a_sheet_on_a_larger_bare_sheet_is_the_page() -> None:
    image = np.full((1080, 1920, 3), (60, 80, 70), np.uint8)
    cv2.rectangle(image, (500, 60), (1400, 1020), (205, 205, 205), -1)
    cv2.rectangle(image, (640, 160), (1230, 900), (250, 250, 250), -1)
    for y in range(220, 860, 40):
        cv2.putText(image, "line of print on the sheet", (680, y), 0, 1, (40, 40, 40), 2)
    quad = find_page(image)
    assert quad is not None
    wanted = np.array([(640, 160), (1230, 160), (1230, 900), (640, 900)])
    assert np.abs(quad.corners - wanted).max() < 4


@pytest.mark.parametrize(
    "kind", ["plain", "fills", "inner table", "shadow", "hand", "folded", "sleeve", "keyboard"]
)
def test_finds_the_sheet_exactly_on_a_hard_desk(kind: str) -> None:
    for seed in (5001, 5004):
        made = desk_kinds.desk(kind, seed)
        quad = find_page(made.image)
        assert quad is not None and made.corners is not None, (kind, seed)
        assert overlap(quad.corners, made.corners) >= 0.95, (kind, seed)


def test_finds_nothing_among_cups_and_pens() -> None:
    for seed in range(5001, 5005):
        assert find_page(desk_kinds.desk("empty", seed).image) is None, seed


def test_a_dark_red_cover_on_the_green_mat_is_found() -> None:
    sheet = np.full((700, 500, 3), (50, 40, 122), np.uint8)
    for seed in (1, 2, 3):
        scene = desk.lay(Image.fromarray(sheet[..., ::-1]), "mat", seed)
        quad = find_page(scene.image)
        assert quad is not None and scene.corners is not None
        assert overlap(quad.corners, in_order(scene.corners)) >= 0.98


def test_a_portrait_on_a_card_whose_own_outline_is_faint_is_no_page() -> None:
    made = desk_kinds.desk("lamp", 5002)
    assert made.corners is not None
    quad = find_page(made.image)
    assert quad is None or overlap(quad.corners, made.corners) >= 0.9


def test_two_outlines_that_are_as_likely_give_no_answer() -> None:
    """A dark card on a bare white sheet, or a picture printed on it: who knows."""
    image = np.full((1080, 1920, 3), (60, 80, 70), np.uint8)
    cv2.rectangle(image, (500, 60), (1400, 1020), (225, 225, 225), -1)
    cv2.rectangle(image, (640, 160), (1230, 700), (120, 150, 140), -1)
    assert find_page(image) is None
