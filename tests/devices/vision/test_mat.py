"""Sheets on a mat that was learned while it lay empty."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from devices.testbed import desk, papers
from devices.vision.mat import Mat
from devices.vision.pages import find_page, learn_mat
from devices.vision.quads import Image, in_order
from tests.devices.vision.test_pages import overlap


@lru_cache(maxsize=1)
def mat() -> Mat:
    return learn_mat([desk.lay(None, "mat", 100 + number).image for number in range(4)])


@pytest.mark.parametrize("name", papers.names())
def test_finds_each_sample_paper_exactly_on_the_learned_mat(name: str) -> None:
    for seed in (31, 32):
        scene = desk.lay(papers.paper(name), "mat", seed)
        quad = find_page(scene.image, mat())
        assert quad is not None and scene.corners is not None
        assert overlap(quad.corners, in_order(scene.corners)) >= 0.985


def test_finds_nothing_on_the_empty_mat_in_other_light() -> None:
    empty = desk.lay(None, "mat", 77).image
    dimmed = (empty * 0.8).astype(np.uint8)
    assert find_page(empty, mat()) is None
    assert find_page(dimmed, mat()) is None


def test_a_picture_of_another_size_is_searched_without_the_mat() -> None:
    scene = desk.lay(papers.paper("rental_contract"), "mat", 31)
    assert find_page(scene.image[:, 200:-200], mat()) is not None


@pytest.mark.parametrize("sizes", [[], [(40, 60, 3), (60, 40, 3)]])
def test_learning_from_no_pictures_or_of_two_sizes_is_refused(
    sizes: list[tuple[int, int, int]],
) -> None:
    with pytest.raises(ValueError, match="one size"):
        learn_mat([np.zeros(size, np.uint8) for size in sizes])


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, (40, 60, 3)), st.integers(0, 255))
def test_any_picture_is_compared_with_any_mat(image: Image, level: int) -> None:
    learned = learn_mat([np.full((40, 60, 3), level, np.uint8)])
    covered = learned.covered(image)
    assert covered.shape == (40, 60) and set(np.unique(covered)) <= {0, 255}
