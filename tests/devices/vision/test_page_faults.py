"""Reflections and fingers drawn on a page as the camera sees it."""

import cv2
import numpy as np
import pytest
from PIL import Image as Drawing

from devices.testbed import desk, papers
from devices.vision.page_faults import has_finger, has_glare, is_blank
from devices.vision.pages import Quad, assess_page, flatten_page
from devices.vision.quads import Image, in_order


def page(name: str, seed: int = 3) -> Image:
    scene = desk.lay(papers.paper(name), "wood", seed)
    assert scene.corners is not None
    return flatten_page(scene.image, Quad(in_order(scene.corners)))


@pytest.mark.parametrize("name", papers.names())
def test_a_good_page_passes_in_any_light(name: str) -> None:
    for seed in (3, 4):
        assert assess_page(page(name, seed)).code is None


def test_a_lamp_mirrored_on_the_page_is_glare() -> None:
    image = (page("household_register") * 0.85).astype(np.uint8)
    cv2.ellipse(image, (700, 500), (170, 130), 0, 0, 360, (255, 255, 255), -1)
    assert has_glare(image)
    assert assess_page(image).code == "page.glare"


def test_a_finger_over_the_edge_is_told() -> None:
    image = page("rental_contract")
    cv2.line(image, (0, 1200), (180, 1200), (120, 150, 205), 110)
    assert has_finger(image)
    assert assess_page(image).code == "page.finger"


def test_a_red_stamp_inside_the_page_is_no_finger() -> None:
    image = page("rental_contract")
    cv2.circle(image, (800, 1200), 160, (70, 70, 205), 16)
    assert not has_finger(image)


@pytest.mark.parametrize(("reach", "seed"), [(140, 1), (190, 2), (260, 3)])
def test_a_lamp_that_fades_softly_is_glare_whatever_its_size(reach: int, seed: int) -> None:
    image = page("rental_contract").astype(np.float32) * 0.85
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    middle = np.random.default_rng(seed).uniform(0.3, 0.7, 2) * image.shape[:2]
    away = np.hypot(y - middle[0], x - middle[1]) / reach
    image += (240 * np.clip(1.5 - away, 0, 1))[..., None]
    assert has_glare(np.clip(image, 0, 255).astype(np.uint8))


def laid(sheet: Image, seed: int, blur: float = 0.0) -> Image:
    """A drawn sheet as the camera sees it, flattened."""
    scene = desk.lay(Drawing.fromarray(sheet), "wood" if seed % 2 else "mat", seed, blur)
    assert scene.corners is not None
    return flatten_page(scene.image, Quad(in_order(scene.corners)))


@pytest.mark.parametrize(("level", "seed"), [(250, 1), (228, 2), (215, 3)])
def test_a_sheet_with_nothing_on_it_is_blank(level: int, seed: int) -> None:
    image = laid(np.full((1754, 1240, 3), level, np.uint8), seed)
    assert is_blank(image)
    assert assess_page(image).code == "page.blank"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_few_words_in_pencil_are_not_blank(seed: int) -> None:
    sheet = np.full((1754, 1240, 3), 240, np.uint8)
    pencil = 240 - 12 * (1 + seed)
    cv2.putText(sheet, "a few words", (200, 300 * seed), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.6,
                (pencil, pencil, pencil), 2, cv2.LINE_AA)
    assert not is_blank(laid(sheet, seed))


@pytest.mark.parametrize("name", papers.names())
def test_print_out_of_focus_is_blurred_and_not_blank(name: str) -> None:
    scene = desk.lay(papers.paper(name), "mat", 3, blur=6.0)
    assert scene.corners is not None
    flat = flatten_page(scene.image, Quad(in_order(scene.corners)))
    assert assess_page(flat).code == "page.blurred"


def test_a_good_page_is_upside_down_only_where_a_text_reader_says_so() -> None:
    image = page("rental_contract")
    assert assess_page(image, turned=180).code == "page.upside_down"
    assert assess_page(image, turned=0).code is None
