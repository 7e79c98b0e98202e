"""Pages bound into one PDF, read back by another library."""

import io

import cv2
import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.testbed import desk, papers
from devices.vision.pages import Quad, encode_jpeg, flatten_page
from devices.vision.pdf import PAGE_BYTES, jpegs_to_pdf, pages_to_pdf, small_jpeg
from devices.vision.quads import Image, in_order


def page() -> Image:
    scene = desk.lay(papers.paper("rental_contract"), "mat", 2)
    assert scene.corners is not None
    return flatten_page(scene.image, Quad(in_order(scene.corners)))


def test_two_pages_become_a_pdf_of_two_a4_sheets_in_their_order() -> None:
    first = page()
    data = pages_to_pdf([first, first[::-1]])
    with pikepdf.open(io.BytesIO(data)) as document:
        boxes = [[float(edge) for edge in sheet.mediabox] for sheet in document.pages]
        assert boxes == [pytest.approx([0, 0, 595.4, 842.0], abs=0.2)] * 2
        pictures = [next(iter(sheet.get_images().values())) for sheet in document.pages]
        coded = [picture.read_raw_bytes() for picture in pictures]
    assert coded == [small_jpeg(first), small_jpeg(first[::-1])]
    assert len(data) <= 2 * PAGE_BYTES


def test_a_page_full_of_noise_still_takes_at_most_450_kilobytes() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (2339, 1654, 3), np.uint8)
    data = pages_to_pdf([noise])
    assert len(data) <= 450_000
    with pikepdf.open(io.BytesIO(data)) as document:
        assert float(document.pages[0].mediabox[3]) == pytest.approx(842.0, abs=0.2)


def test_the_same_pages_give_the_same_bytes() -> None:
    small = cv2.resize(page(), (413, 584))
    assert pages_to_pdf([small]) == pages_to_pdf([small])


@pytest.mark.parametrize("pages", [[], [np.zeros((0, 4, 3), np.uint8)]])
def test_nothing_to_bind_is_refused(pages: list[Image]) -> None:
    with pytest.raises(ValueError, match="page"):
        pages_to_pdf(pages)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.booleans())
def test_any_size_and_colour_is_bound(height: int, width: int, grey: bool) -> None:
    shape = (height, width) if grey else (height, width, 3)
    with pikepdf.open(io.BytesIO(pages_to_pdf([np.full(shape, 200, np.uint8)]))) as document:
        assert len(document.pages) == 1


def test_pages_handed_in_as_jpeg_become_a_pdf_with_their_very_bytes() -> None:
    jpegs = [encode_jpeg(page()), encode_jpeg(page()[::-1])]
    with pikepdf.open(io.BytesIO(jpegs_to_pdf(jpegs))) as document:
        pictures = [next(iter(sheet.get_images().values())) for sheet in document.pages]
        assert [picture.read_raw_bytes() for picture in pictures] == jpegs
        assert float(document.pages[0].mediabox[3]) == pytest.approx(842.0, abs=0.2)
    with pytest.raises(ValueError, match="one page"):
        jpegs_to_pdf([])


def test_a_page_of_fine_print_is_handed_in_below_450_kilobytes() -> None:
    chance = np.random.default_rng(4)
    rough = chance.integers(150, 255, (2339, 1654), np.uint8)
    fine = cv2.cvtColor(cv2.GaussianBlur(rough, (0, 0), 1.2), cv2.COLOR_GRAY2BGR)
    _, good = cv2.imencode(".jpg", fine, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert len(good) > 450_000 > len(encode_jpeg(fine))
