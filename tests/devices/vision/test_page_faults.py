"""Reflections and fingers drawn on a page as the camera sees it."""

import cv2
import numpy as np
import pytest

from devices.testbed import desk, papers
from devices.vision.page_faults import has_finger, has_glare
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
