"""The sheet that a mask of what lies on the mat shows, where its own edges are too faint.

Four straight sides, covered all along inside and bare along most of the outside: a hand may reach
over a part of a side. Anything else that lies there is no page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.page_edges import EdgeMap, refine
from devices.vision.page_lines import line_quads
from devices.vision.page_outlines import distinct, outline_quads
from devices.vision.quads import Image, Points, corner_cosines, following, polygon_area

_MAX_COSINE = 0.57  # inner angles between 55 and 125 degrees
_SAMPLES = 40  # places along a side
_INSIDE, _OUTSIDE = (2.0, 4.0), (4.0, 6.0, 8.0)  # pixels from the side; its shadow lies between
_LEAST_COVERED = 0.95  # of the sheet
_LEAST_SIDE_COVERED = 0.9
_LEAST_SIDE_BARE, _LEAST_BARE = 0.35, 0.75  # of a side's outside; mean of the four
_LEAST_OF_ALL = 0.35  # of what lies there; a box printed on a sheet is less
_MARGIN = 12  # pixels
_FINGERS = (22, 46)  # pixels that one and two take
_HAND = 74  # pixels of three and more
_GAP = 9  # pixels; print in the mat's own tone leaves holes in the mask


@dataclass(frozen=True, eq=False)
class Lying:
    """What lies on the mat: 255 there; without holes, and without what is small.

    mask: with a bare margin all around, so that a sheet at the picture's border has an outline.
    """

    mask: Image

    @classmethod
    def of(cls, covered: Image) -> "Lying":
        """From a mask that print in the mat's own tone has left holes in."""
        knot = cv2.getStructuringElement(cv2.MORPH_RECT, (_GAP, _GAP))
        padded = cv2.copyMakeBorder(covered, _GAP, _GAP, _GAP, _GAP, cv2.BORDER_REPLICATE)
        closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, knot)[_GAP:-_GAP, _GAP:-_GAP]
        around = (_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        return cls(_filled(cv2.copyMakeBorder(closed, *around, cv2.BORDER_CONSTANT, value=[0])))

    def sheet(self, edges: EdgeMap) -> Points | None:
        """The quad that agrees best with the mask, pulled onto the picture's edges if they help."""
        own = _outline(self.mask)
        return self._best(edges, own, self._outlines(own))

    def held(self, edges: EdgeMap) -> Points | None:
        """The same for a sheet that a whole hand reaches over; coarser."""
        return self._best(edges, _outline(self.mask), self._without(_HAND))

    def _best(self, edges: EdgeMap, own: EdgeMap, outlines: Iterator[Points]) -> Points | None:
        best, best_score = None, 0.0
        for outline in distinct(outlines):
            # Corners of what was opened are round: its sides are where the mask's edges are.
            quad = refine(own, refine(own, outline, 8), 4) - _MARGIN
            for corners in (quad, refine(edges, quad), refine(edges, quad, 3)):
                score = _agreement(self.mask, corners + _MARGIN)
                if score > best_score:
                    best, best_score = corners, score
        return best

    def _outlines(self, own: EdgeMap) -> Iterator[Points]:
        least = _least(self.mask)
        yield from line_quads(own, least)
        yield from outline_quads(self.mask, least)
        for width in _FINGERS:
            yield from self._without(width)

    def _without(self, width: int) -> Iterator[Points]:
        """Around what is left without all that is narrower, as a hand that reaches over it."""
        # A quarter of the pixels tells it as well.
        half = cv2.resize(self.mask, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST)
        knot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width // 2, width // 2))
        opened = cv2.morphologyEx(half, cv2.MORPH_OPEN, knot)
        for quad in outline_quads(opened, _least(self.mask) / 4):
            yield 2 * quad + 0.5

    def shows(self, corners: Points) -> bool:
        """Whether the mask ends where the quad does."""
        return _agreement(self.mask, corners + _MARGIN) > 0

    def may_be(self, corners: Points) -> bool:
        """Whether the quad is covered, and much of what lies there."""
        share = polygon_area(corners) / max(1, cv2.countNonZero(self.mask))
        covered = _covered_share(self.mask, corners + _MARGIN)
        return share > _LEAST_OF_ALL and covered > _LEAST_COVERED


def _covered_share(covered: Image, corners: Points) -> float:
    """How much of a quad the mask covers, 0 to 1."""
    inside = np.zeros_like(covered)
    cv2.fillConvexPoly(inside, np.rint(corners).astype(np.int32), 255)
    return float(cv2.mean(covered, inside)[0]) / 255


def _least(mask: Image) -> float:
    return float(0.05 * mask.shape[0] * mask.shape[1])


def _filled(mask: Image) -> Image:
    """Without holes, and without what is too small to be a sheet."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(mask)
    large = [contour for contour in contours if cv2.contourArea(contour) > _least(mask) / 2]
    cv2.drawContours(filled, large, -1, 255, cv2.FILLED)
    return filled


def _outline(mask: Image) -> EdgeMap:
    soft = cv2.GaussianBlur(mask, (5, 5), 0)
    dx = cv2.Scharr(soft, cv2.CV_32F, 1, 0, scale=1 / 16)
    dy = cv2.Scharr(soft, cv2.CV_32F, 0, 1, scale=1 / 16)
    return EdgeMap(np.asarray(dx, np.float32), np.asarray(dy, np.float32), 16.0)


def _agreement(mask: Image, corners: Points) -> float:
    """How well the quad is what the mask shows: 0 when it is not, else about 1."""
    high, wide = mask.shape
    share = polygon_area(corners) / (high * wide)
    if share < 0.05 or corner_cosines(corners).max() > _MAX_COSINE:
        return 0.0
    within = (corners >= 0).all() and (corners <= (wide - 1, high - 1)).all()
    inside = _covered_share(mask, corners)
    if not within or inside < _LEAST_COVERED:
        return 0.0
    near = _beside(mask, corners, -np.array(_INSIDE))
    bare = 1 - _beside(mask, corners, np.array(_OUTSIDE))
    if near.min() < _LEAST_SIDE_COVERED:
        return 0.0
    if bare.min() < _LEAST_SIDE_BARE or bare.mean() < _LEAST_BARE:
        return 0.0
    return float(inside * near.mean() * bare.mean())


def _beside(mask: Image, corners: Points, away: Points) -> Points:
    """Covered share of each side's places so many pixels outside of it (4 values, 0 to 1)."""
    along = following(corners) - corners
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    t = np.linspace(0.06, 0.94, _SAMPLES)[None, :, None]
    places = corners[:, None] * (1 - t) + following(corners)[:, None] * t
    spots = places[:, :, None] + normals[:, None, None] * away[None, None, :, None]
    x = np.clip(np.rint(spots[..., 0]).astype(int), 0, mask.shape[1] - 1)
    y = np.clip(np.rint(spots[..., 1]).astype(int), 0, mask.shape[0] - 1)
    return np.asarray(mask[y, x].mean(axis=(1, 2)) / 255, np.float64)
