"""Several pages as one PDF, each page's JPEG bytes kept as they are (img2pdf)."""

from collections.abc import Sequence

import cv2
import img2pdf

from devices.vision.quads import Image

PAGE_BYTES = 450_000  # the most an A4 colour page may take, its share of the file included
_OVERHEAD = 2_000
_QUALITIES = (85, 80, 75, 68, 60, 50, 40)
_SHRINK = 0.8  # when even the last quality is too large: photographs full of noise
_POINTS_AN_INCH = 72.0
_DOTS_AN_INCH = 200.0


def pages_to_pdf(pages: Sequence[Image]) -> bytes:
    """A PDF of the pages in their order (H×W×3 BGR or H×W grey, uint8; A4 is 200 dpi).

    No page takes more than PAGE_BYTES: quality goes down in steps, at last the size of the picture,
    never that of the paper. Raises ValueError without pages or for a page without pixels.
    """
    if not pages:
        raise ValueError("a PDF needs one page or more")
    if any(page.size == 0 for page in pages):
        raise ValueError("a page has no pixels")
    sizes = iter([page.shape[:2] for page in pages])

    def layout(*_: object) -> tuple[float, float, float, float]:
        """Page and picture, both in points."""
        height, width = next(sizes)
        wide = width / _DOTS_AN_INCH * _POINTS_AN_INCH
        high = height / _DOTS_AN_INCH * _POINTS_AN_INCH
        return wide, high, wide, high

    made = img2pdf.convert(
        [small_jpeg(page) for page in pages],
        layout_fun=layout,
        engine=img2pdf.Engine.internal,
        nodate=True,  # same pages, same bytes; and no clock of the kiosk in a person's paper
    )
    return bytes(made)


def jpegs_to_pdf(jpegs: Sequence[bytes]) -> bytes:
    """A PDF of pages that are JPEG already (200 dpi), their bytes kept as they are.

    Raises ValueError without pages, and img2pdf's own errors for what is no JPEG.
    """
    if not jpegs:
        raise ValueError("a PDF needs one page or more")

    def layout(width: int, height: int, *_: object) -> tuple[float, float, float, float]:
        wide, high = (side / _DOTS_AN_INCH * _POINTS_AN_INCH for side in (width, height))
        return wide, high, wide, high

    made = img2pdf.convert(
        list(jpegs), layout_fun=layout, engine=img2pdf.Engine.internal, nodate=True
    )
    return bytes(made)


def small_jpeg(page: Image, most: int = PAGE_BYTES - _OVERHEAD) -> bytes:
    """The page as JPEG 4:2:0 of at most `most` bytes, in the best quality that fits."""
    while True:
        for quality in _QUALITIES:
            good, coded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if not good:
                raise ValueError("the page cannot be coded as JPEG")
            if len(coded) <= most:
                return coded.tobytes()
        if max(page.shape[:2]) < 8:
            raise ValueError(f"no JPEG has only {most} bytes")
        page = cv2.resize(page, None, fx=_SHRINK, fy=_SHRINK, interpolation=cv2.INTER_AREA)
