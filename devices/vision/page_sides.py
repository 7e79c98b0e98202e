"""What lies inside and outside the sides of a quad: a sheet, or something printed on one."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.vision.quads import Image, Points, following, polygon_area

_SAMPLES = 32  # places along a side
_LINE_STEP = 0.25  # a sheet's edge is a step; below this share of the swing it is a line
_LINE_SWING = 60.0  # grey levels: a shadow's line is fainter than a printed one
_PAPER_LEVEL = 120  # darkest channel of white paper in poor light
_PAPER_TINT = 45  # most that its channels differ
_INK_STEP = 18  # grey levels below the paper around
_INKED = 0.006  # share of a band that is darker than its paper
_SMALL_BOX = 0.12  # of the picture
_TINTED_LEVEL, _ALIKE = 90, 25  # a coloured card around a portrait
_BOX_DARKER = 2.0  # grey levels
_AROUND = 1.5  # of the quad's size: how far its surroundings are looked at
_EDGE = 4  # pixels to both sides of an outline that belong to its edge or its shadow
_LEAST_BAND = 60  # pixels that tell something


@dataclass(frozen=True, eq=False)
class Sides:
    """Per side, grey levels: `step` between inside and outside in the channel where it is largest,
    `rise` by how much the inside is lighter, `swing` across the edge."""

    step: NDArray[np.float64]
    rise: NDArray[np.float64]
    swing: NDArray[np.float64]

    @classmethod
    def of(cls, image: Image, corners: Points) -> "Sides":
        """Look a few pixels to both sides of a quad (4×2, in order) in a BGR picture."""
        inside = np.median(_colours(image, corners, (-7, -6, -5)), axis=2)
        outside = np.median(_colours(image, corners, (5, 6, 7)), axis=2)
        step = np.median(np.abs(inside - outside).max(axis=2), axis=1)
        across = _colours(image, corners, tuple(range(-4, 5)))
        swing = np.median((across.max(axis=2) - across.min(axis=2)).max(axis=2), axis=1)
        rise = np.median((inside - outside).mean(axis=2), axis=1)
        return cls(step, rise, swing)

    @property
    def has_lines(self) -> bool:
        """Whether a side is a printed line: the same on both sides of it."""
        lines = self.step < _LINE_STEP * self.swing
        return bool((lines & (self.swing > _LINE_SWING)).any() or lines.sum() >= 3)


@dataclass(frozen=True)
class Band:
    """What lies between two outlines: whether it is paper, and whether something is on it."""

    is_paper: bool
    inked: bool


def band(image: Image, inner: Points, outer: Points) -> Band | None:
    """The strip around `inner` that `outer` holds as well; None when it is too narrow to tell."""
    strip = _mask(image, outer, -_EDGE) & ~_mask(image, inner, _EDGE)
    if strip.sum() < _LEAST_BAND:
        return None
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    paper = np.median(image[strip], axis=0)
    pale = paper.min() > _PAPER_LEVEL and paper.max() - paper.min() < _PAPER_TINT
    return Band(bool(pale), bool(_ink(grey)[strip].mean() > _INKED))


def is_box(image: Image, corners: Points) -> bool:
    """Whether a quad is a box printed on a sheet whose own outline was not seen: darker than the
    same bright ground all around it, which carries more ink."""
    inside = np.median(_colours(image, corners, (-7, -6, -5)), axis=(1, 2)).mean(axis=1)
    outside = np.median(_colours(image, corners, (5, 6, 7)), axis=(1, 2))
    small = polygon_area(corners) < _SMALL_BOX * image.shape[0] * image.shape[1]
    tint = outside.max(axis=1) - outside.min(axis=1)
    white = outside.min() > _PAPER_LEVEL and tint.max() < _PAPER_TINT
    alike = outside.min() > _TINTED_LEVEL and np.ptp(outside, axis=0).max() < _ALIKE
    if not white and not (small and alike):
        return False
    if (inside > outside.mean(axis=1) - _BOX_DARKER).any():
        return False
    middle = corners.mean(axis=0)
    ring = _mask(image, middle + (corners - middle) * _AROUND) & ~_mask(image, corners, _EDGE)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return bool(ring.any() and _ink(grey)[ring].mean() > _INKED)


def _ink(grey: Image) -> NDArray[np.bool_]:
    """Thin dark strokes; a shadow is broad and soft."""
    knot = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, knot) > _INK_STEP)


def _mask(image: Image, corners: Points, wider: int = 0) -> NDArray[np.bool_]:
    """Pixels of a quad; `wider`: so many more around it, or fewer."""
    mask: Image = np.zeros(image.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 255)
    if wider:
        knot = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * abs(wider) + 1,) * 2)
        mask = cv2.dilate(mask, knot) if wider > 0 else cv2.erode(mask, knot)
    return np.asarray(mask > 0)


def _colours(image: Image, corners: Points, offsets: tuple[int, ...]) -> Points:
    """Sides × places × offsets × BGR beside the sides, outwards positive."""
    ends = following(corners)
    t = np.linspace(0.06, 0.94, _SAMPLES)[None, :, None]
    along = ends - corners
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    places = corners[:, None] * (1 - t) + ends[:, None] * t
    spots = places[:, :, None] + normals[:, None, None] * np.array(offsets)[None, None, :, None]
    height, width = image.shape[:2]
    x = np.clip(np.rint(spots[..., 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(spots[..., 1]).astype(int), 0, height - 1)
    return np.asarray(image[y, x], np.float64)
