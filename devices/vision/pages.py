"""Finding a sheet of paper in a picture and laying it flat.

Candidates come from straight edges, and from Canny and Otsu outlines of every colour channel; each
is judged along its four sides and pulled onto them. What does not convince is not a page: rather
none than wrong. Under a fixed camera the empty mat is known: what differs from it shows sheets that
are hardly lighter or darker than the mat, and those that a hand holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.mat import Mat
from devices.vision.page_choice import (
    MIN_AREA,
    Candidate,
    chosen,
    holds,
    is_faint,
    is_field_of,
    is_upon,
    judged,
)
from devices.vision.page_edges import EdgeMap, fit, refine
from devices.vision.page_faults import has_finger, has_glare, is_blank
from devices.vision.page_lines import line_quads
from devices.vision.page_on_mat import Lying
from devices.vision.page_outlines import distinct, outlined
from devices.vision.quads import Image, Points, shrunk, side_lengths
from devices.vision.quads import Quad as Quad

_TRACKED = 3.0  # pixels of the small picture; what moved more is looked for anew
_CLEAR = 0.9  # support of the weakest side above which straight lines say enough
_WORTH_A_LOOK = 0.35  # support of an outline that may still be pulled onto its edges
_A4_200_DPI = (1654, 2339)  # ISO 216, 210×297 mm
_A4_TOLERANCE = 0.08
_MAX_FLAT_SIDE = 2339
_TURNING_SIDE = 1000  # pixels
_JPEG_QUALITIES = (80, 75, 68, 60, 50, 40)
_JPEG_BYTES = 448_000
# Quads that are sheets, and the outlines of what may be one without convincing.
Judged = tuple[list[Candidate], list[Points]]


def find_page(image: Image, mat: Mat | None = None) -> Quad | None:
    """The sheet in a BGR picture (H×W×3 uint8), or None where none is certain.

    mat: what the fixed camera sees when nothing lies there; faint sheets are found with it, and
    what is printed on the mat is none. A picture of another size than it was learned in is looked
    at without it.
    """
    small, scale = shrunk(image)
    edges = EdgeMap.of(small)
    if mat is None or not mat.fits(small):
        best = _best(small, edges)
    else:
        best = _best_on(mat, small, edges)
    if best is None:
        return None
    best = refine(edges, refine(edges, best, 3), 2)
    return _enlarged(best, scale)


def _best(small: Image, edges: EdgeMap, known: Judged | None = None) -> Points | None:
    """The one convincing sheet in the picture; `known`: its straight ones, if they were sought."""
    sheets, faint = _straight(small, edges) if known is None else known
    likeliest = max(sheets, key=lambda sheet: sheet.score, default=None)
    if likeliest is None or likeliest.fit.weakest < _CLEAR or likeliest.fit.cut:
        # Bent sides, faint ones: slower.
        more, fainter = _judged(small, edges, outlined(small, MIN_AREA))
        sheets, faint = sheets + more, faint + fainter
    best = chosen(small, sheets)
    if best is None or any(is_field_of(best, outline) for outline in faint):
        return None
    return best.corners


def _straight(small: Image, edges: EdgeMap) -> Judged:
    least = MIN_AREA * small.shape[0] * small.shape[1]
    return _judged(small, edges, line_quads(edges, least))


def _best_on(mat: Mat, small: Image, edges: EdgeMap) -> Points | None:
    """The one sheet on the mat."""
    covered = mat.covered(small)
    if covered is None:
        return _best(small, edges)
    if not covered.any():
        return None
    lying, near = Lying.of(covered), edges.within(covered)
    straight = _straight(small, near)
    sheets, _ = straight
    best = chosen(small, sheets)
    if best is not None and lying.shows(best.corners):
        return best.corners
    whole = lying.sheet(edges)
    if whole is None:  # bent sides, or one sheet over another
        likely = _best(small, near, straight)
        if likely is not None and lying.may_be(likely):
            return likely
        whole = lying.held(edges)
    if whole is None:
        return None
    upon = [sheet for sheet in sheets if is_upon(sheet, whole)]
    if not upon:
        return whole
    return best.corners if best is not None and best in upon else None


def _judged(small: Image, edges: EdgeMap, quads: Iterator[Points]) -> Judged:
    sheets, faint = [], []
    for quad in distinct(quads):
        found = fit(edges, quad)
        if found.mean >= _WORTH_A_LOOK:
            sheet = judged(small, edges, refine(edges, quad))
            if sheet is not None:
                sheets.append(sheet)
            elif is_faint(found):
                faint.append(quad)
    return sheets, faint


def track_page(image: Image, last: Quad) -> Quad | None:
    """The sheet where it lay in the frame before, or hardly moved; None where it is not.

    A third of the cost of find_page(), for a page that lies still under a live camera.
    """
    small, scale = shrunk(image)
    edges = EdgeMap.of(small)
    before = (last.corners + 0.5) * scale - 0.5
    corners = refine(edges, refine(edges, before, 3), 2)
    if np.abs(corners - before).max() > _TRACKED or not holds(fit(edges, corners)):
        return None
    return _enlarged(corners, scale)


def _enlarged(corners: Points, scale: float) -> Quad:
    # Pixel centres: a corner at (0, 0) of the small picture lies in the middle of its pixel.
    return Quad((corners + 0.5) / scale - 0.5)


def flatten_page(image: Image, quad: Quad) -> Image:
    """The sheet as if seen from above, upright as it lay; BGR.

    A4 at 200 dpi (1654×2339 or across) when its sides fit, otherwise its own aspect with the
    resolution the picture has, at most 2339 pixels.
    """
    width, height = flat_size(quad)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    turn = cv2.getPerspectiveTransform(quad.corners.astype(np.float32), target)
    flat = cv2.warpPerspective(
        image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def flat_size(quad: Quad) -> tuple[int, int]:
    """Width and height in pixels of the flattened sheet."""
    top, right, bottom, left = side_lengths(quad.corners)
    width, height = max(float(top + bottom) / 2, 1.0), max(float(left + right) / 2, 1.0)
    short, long = _A4_200_DPI
    if abs(height / width * short / long - 1) < _A4_TOLERANCE:
        return short, long
    if abs(width / height * short / long - 1) < _A4_TOLERANCE:
        return long, short
    fits = min(1.0, _MAX_FLAT_SIDE / max(width, height))
    return max(1, round(width * fits)), max(1, round(height * fits))


def for_turning(flat: Image) -> Image:
    """A flattened page at the size that shows which way its text stands: a third of a second for
    a text reader instead of one and more."""
    scale = min(1.0, _TURNING_SIDE / max(flat.shape[:2]))
    return np.asarray(cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def encode_jpeg(image: Image) -> bytes:
    """A page (H×W×3 BGR or H×W grey, uint8) as JPEG bytes, as it is handed in.

    An A4 colour page at 200 dpi stays below 450 KB: one full of fine print gives up some quality.
    """
    for quality in _JPEG_QUALITIES:
        good, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not good:
            raise ValueError("the picture cannot be coded as JPEG")
        if len(coded) <= _JPEG_BYTES:
            break
    return coded.tobytes()


@dataclass(frozen=True)
class PageVerdict:
    """`code` None when the page is good, else "page.blank", "page.blurred", "page.glare",
    "page.finger" or "page.upside_down"; `sharpness` 0 to about 1."""

    code: str | None
    sharpness: float


# Of the steepest places on a page, how much of the full step from paper to ink falls on one pixel
# of the picture. In focus 0.25 and more; measured on the testbed's papers.
SHARP_ENOUGH = 0.17


def assess_page(flat: Image, turned: int | None = None) -> PageVerdict:
    """Whether a flattened page (BGR) can be read: something on it, sharp, no reflection, no finger.

    `turned`: how its text stands in degrees, where a text reader knows it; shapes alone do not tell
    which way up Chinese print is. Sharpness is edge steepness relative to contrast, so that pale
    print in good focus passes.
    """
    if is_blank(flat):
        return PageVerdict("page.blank", 0.0)
    sharpness = sharpness_of(flat)
    if sharpness is not None and sharpness < SHARP_ENOUGH:
        return PageVerdict("page.blurred", sharpness)
    code = (
        "page.glare" if has_glare(flat)
        else "page.finger" if has_finger(flat)
        else "page.upside_down" if turned == 180
        else None
    )
    return PageVerdict(code, sharpness or 0.0)


def sharpness_of(flat: Image) -> float | None:
    """0 to about 1; None where the contrast is too small to tell."""
    grey = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY)
    inner = grey[grey.shape[0] // 40 : -grey.shape[0] // 40 or None]
    inner = inner[:, inner.shape[1] // 40 : -inner.shape[1] // 40 or None]
    scale = 1100 / max(inner.shape)
    if scale < 1:
        inner = cv2.resize(inner, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(inner, (0, 0), 0.8)  # the camera's noise is not sharpness
    dx = cv2.Sobel(soft, cv2.CV_32F, 1, 0) / 8
    dy = cv2.Sobel(soft, cv2.CV_32F, 0, 1) / 8
    steep = np.sqrt(dx * dx + dy * dy)
    # Ink is where a small neighbourhood spans much of the page's range.
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))
    span = cv2.dilate(soft, around).astype(np.float32) - cv2.erode(soft, around)
    contrast = float(np.percentile(span, 98))
    if contrast < 12:
        return None
    inked = span > 0.5 * contrast
    return float(np.percentile(steep[inked] / span[inked], 90))
