"""Which of several quadrilaterals is the sheet, and when not to say.

Every one of them lies on good edges. A frame printed on a sheet, a box, a clear cover around it and
the sheet below it do so as well; what lies between two outlines tells which of them is meant. Where
nothing tells, none is: rather none than wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.page_edges import EdgeMap, Fit, fit
from devices.vision.page_sides import Sides, band, is_box
from devices.vision.quads import Image, Points, corner_cosines, polygon_area

MIN_AREA = 0.05  # of the picture; smaller ones are mostly not pages
_MAX_COSINE = 0.57  # inner angles between 55 and 125 degrees
_MAX_BEYOND = 0.015  # of the picture: how far outside it a corner may lie
_MAX_CUT_COSINE = 0.2  # a sheet that the picture cuts off lies along its border
_MIN_SIDE_SUPPORT = 0.80
_SMALL, _MIN_SMALL_SUPPORT = 0.13, 0.88  # small quads are more often something else
_MIN_MEAN_SUPPORT = 0.90
_MIN_CUT_SUPPORT = 0.92  # mean of the three other sides of a sheet that the picture cuts off
_LEAST_SURE = 0.5
_CUT_SCORE = 0.5  # a sheet that the picture cuts off yields to any whole one
_LEAST_STEP = 3.5  # grey levels between the two sides of an edge
_FADING = 0.05  # of the usual side's step: a side with less is that of something else
_FULL_STEP = 60.0  # grey levels; a side with more contrast is not more certain
_SAME = 0.92  # overlap above which two quads are the same sheet
_RIVAL = 0.72  # of the best one's score
_SOLID = 0.95  # support of every side that a rival within the best one must have
_MIN_SHARE_UPON = 0.22  # of the sheet below; what is smaller is printed on it
_MIN_SHARE_FIELD = 0.35  # a pale field on a tinted form is smaller
_ON_OUTLINE = 4.0  # pixels
_MIN_SHARE_BOARD = 0.5
_FAINT_SIDE, _FAINT_MEAN = 0.6, 0.8  # support of an outline that may be a sheet's all the same
_MOST_SHARE_FIELD = 0.4  # of a sheet with such an outline; a portrait has a fifth
_LIGHTER, _DARKER = 1.5, 4.0  # grey levels against the paper around


@dataclass(frozen=True, eq=False)
class Candidate:
    """A quad that could be a sheet: `corners` 4×2, how it lies on the edges, and how good."""

    corners: Points
    fit: Fit
    sides: Sides
    score: float


def judged(image: Image, edges: EdgeMap, corners: Points) -> Candidate | None:
    """The quad with its score, or None when its shape or its sides rule it out."""
    share = polygon_area(corners) / (image.shape[0] * image.shape[1])
    skew = corner_cosines(corners).max()
    beyond = np.maximum(-corners, corners - (image.shape[1] - 1, image.shape[0] - 1)).max()
    if share < MIN_AREA or skew > _MAX_COSINE or beyond > _MAX_BEYOND * max(image.shape):
        return None
    found = fit(edges, corners)
    if not holds(found) or (found.cut and skew > _MAX_CUT_COSINE):
        return None
    if share < _SMALL and (found.cut or found.weakest < _MIN_SMALL_SUPPORT):
        return None
    sides = Sides.of(image, corners)
    weakest = float(sides.step[~found.hidden].min())
    if sides.has_lines or weakest < max(_LEAST_STEP, _FADING * float(np.median(sides.step))):
        return None
    contrast = min(1.0, weakest / _FULL_STEP)
    whole = _CUT_SCORE if found.cut else 1.0
    sure = whole * found.mean**2 * (0.5 + 0.5 * found.strength) * (0.5 + 0.5 * contrast)
    if sure < _LEAST_SURE * whole:
        return None
    # A table printed on the sheet has good edges too: among good ones the larger is the sheet.
    return Candidate(corners, found, sides, float(sure * min(share, 0.9) ** 0.35))


def holds(found: Fit) -> bool:
    """Whether the sides lie on edges well enough for a sheet."""
    seen = found.support[~found.hidden]
    if len(seen) < 3 or seen.min() < _MIN_SIDE_SUPPORT:
        return False
    return bool(seen.mean() >= (_MIN_CUT_SUPPORT if found.cut else _MIN_MEAN_SUPPORT))


def is_faint(found: Fit) -> bool:
    """Whether the sides lie on edges well enough to doubt what lies within them."""
    return found.weakest >= _FAINT_SIDE and found.mean >= _FAINT_MEAN and not found.cut


def is_field_of(best: Candidate, outline: Points) -> bool:
    """Whether it may be a dark field, a portrait's ground, on a sheet with a faint outline."""
    share = polygon_area(best.corners) / polygon_area(outline)
    within = _common(best.corners, outline) > 0.97 * polygon_area(best.corners)
    dark = (best.sides.rise < -_DARKER).all()
    return bool(
        dark and within and share < _MOST_SHARE_FIELD and _own_sides(best.corners, outline) == 4
    )


def chosen(image: Image, candidates: Sequence[Candidate]) -> Candidate | None:
    """The sheet among the candidates, None when there is none or two are as likely."""
    left = sorted(candidates, key=lambda one: -one.score)
    for _ in range(3):  # a sheet on a sheet on a sheet
        if not left:
            return None
        best = left[0]
        better, unsure = _challenged(image, best, left[1:])
        if unsure:
            return None
        if better is None:
            return None if is_box(image, best.corners) else best
        left = [better, *(one for one in left if one is not better and one is not best)]
    return None


def _challenged(
    image: Image, best: Candidate, others: Sequence[Candidate]
) -> tuple[Candidate | None, bool]:
    """The one that is the sheet rather than `best`; and whether that cannot be told."""
    for other in others:
        common = _common(best.corners, other.corners)
        mine, its = polygon_area(best.corners), polygon_area(other.corners)
        if common / (mine + its - common) > _SAME or common < 0.02 * min(mine, its):
            continue
        if common > 0.97 * its:
            verdict = _inside(image, best, other, its / mine)
            if verdict is None:
                return None, True
            if verdict:
                return other, False
        elif other.score > _RIVAL * best.score and other.fit.weakest >= best.fit.weakest - 0.05:
            if common <= 0.97 * mine:
                return None, True
            if _is_printed_on(image, best, other):
                return other, False
    return None, False


def _is_printed_on(image: Image, inner: Candidate, outer: Candidate) -> bool:
    """Whether the inner one is but a part of the sheet that the outer one is."""
    around = band(image, inner.corners, outer.corners)
    return (
        around is not None and around.is_paper and not (inner.sides.rise > _LIGHTER).all()
    )


def _inside(image: Image, outer: Candidate, inner: Candidate, share: float) -> bool | None:
    """Whether the inner one is the sheet and the outer one what it lies on; None: who knows."""
    if share < _MIN_SHARE_UPON or _own_sides(inner.corners, outer.corners) < 3:
        return False
    around = band(image, inner.corners, outer.corners)
    if around is None:
        return False
    rise = inner.sides.rise
    solid = inner.fit.weakest >= _SOLID
    if not around.is_paper:  # a board, a cover; or a field on a dark page
        return bool(solid and share > _MIN_SHARE_BOARD and (rise > _LIGHTER).all())
    if (rise > _LIGHTER).all():  # nothing printed is lighter than its paper
        if around.inked:
            firmer = inner.fit.weakest > outer.fit.weakest + 0.1
            return True if firmer else None if share > _MIN_SHARE_FIELD else False
        return True if solid else None
    return None if (rise < -_DARKER).all() and solid and not around.inked else False


def is_upon(inner: Candidate, whole: Points) -> bool:
    """Whether it may be a sheet of its own that lies on the larger one; a box or a frame that is
    printed there is none."""
    share = polygon_area(inner.corners) / polygon_area(whole)
    if not _MIN_SHARE_FIELD < share < _SAME or _own_sides(inner.corners, whole) < 3:
        return False
    rise = inner.sides.rise
    return bool((rise > _LIGHTER).all() or (rise < -_DARKER).all())


def _own_sides(inner: Points, outer: Points) -> int:
    """How many sides of the inner quad do not lie on the outer one's outline."""
    outline = outer.astype(np.float32)
    depth = [cv2.pointPolygonTest(outline, (x, y), True) for x, y in inner.tolist()]
    return sum(max(depth[side], depth[(side + 1) % 4]) > _ON_OUTLINE for side in range(4))


def _common(one: Points, other: Points) -> float:
    area, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    return float(area)
