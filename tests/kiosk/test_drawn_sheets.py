"""Paper forms as pages: everything on them, a sample told from a blank one, one page each."""

import io

import numpy as np
import pikepdf
import pytest

from kiosk.drawn_sheets import HEIGHT, WIDTH, as_pdf, draw_sheet
from tests.shipped_catalog import whole

SHEETS = whole()["sheets"]
_MARGIN = 100
"""Dots of white at each edge of a page."""


def _blue(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> int:
    """How many dots are written with the sample's pen."""
    red, blue = pixels[..., 0].astype(int), pixels[..., 2].astype(int)
    return int(np.count_nonzero((blue - red > 90) & (red < 120)))


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet["id"] for sheet in SHEETS])
def test_every_form_stands_on_one_page_blank_and_filled_in(sheet: dict[str, object]) -> None:
    blank = np.asarray(draw_sheet(sheet, "ko", False))
    sample = np.asarray(draw_sheet(sheet, "ko", True))
    assert blank.shape == sample.shape == (HEIGHT, WIDTH, 3)
    for page in (blank, sample):
        frame = page.copy()
        frame[_MARGIN:-_MARGIN // 3, _MARGIN:-_MARGIN] = 255
        assert frame.min() > 200  # the watermark may touch the edge, words may not
    assert _blue(blank) == 0
    assert _blue(sample) > 2000


def test_sample_carries_its_mark_where_nothing_is_written() -> None:
    sample = np.asarray(draw_sheet(SHEETS[0], "zh", True)).astype(int)
    pink = (sample[..., 0] - sample[..., 2] > 15) & (sample[..., 0] > 200)
    assert np.count_nonzero(pink) > 20_000


def test_pdf_is_one_page_of_a4() -> None:
    document = as_pdf(draw_sheet(SHEETS[0], "zh", False))
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert len(pdf.pages) == 1
        width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
