"""A paper's pages as one PDF, each page's JPEG bytes kept as they are (img2pdf)."""

from collections.abc import Sequence

import img2pdf

_POINTS_AN_INCH = 72.0
_DOTS_AN_INCH = 200.0  # kiosks flatten pages to this
_NOT_A_PAGE = (
    img2pdf.ImageOpenError,
    img2pdf.JpegColorspaceError,
    img2pdf.UnsupportedColorspaceError,
    img2pdf.ExifOrientationError,
    img2pdf.NegativeDimensionError,
)


def as_pdf(jpegs: Sequence[bytes]) -> bytes:
    """A PDF of the pages in their order, each as large as its paper was.

    Raises ValueError without pages and for a page that is no JPEG.
    """
    if not jpegs:
        raise ValueError("a PDF needs one page or more")

    def layout(width: int, height: int, *_: object) -> tuple[float, float, float, float]:
        """Page and picture, both in points."""
        wide, high = (side / _DOTS_AN_INCH * _POINTS_AN_INCH for side in (width, height))
        return wide, high, wide, high

    try:
        made = img2pdf.convert(
            list(jpegs),
            layout_fun=layout,
            engine=img2pdf.Engine.internal,
            nodate=True,  # the same pages, the same bytes
        )
    except _NOT_A_PAGE as error:
        raise ValueError("a page is no JPEG") from error
    return bytes(made)
