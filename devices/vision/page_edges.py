"""How well a quadrilateral lies on the edges of a picture, and pulling it onto them."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.vision.quads import Image, Points, crossed, following, in_order, is_convex, meet

_SAMPLES = 48  # places along a side
_REACH = 4  # pixels to either side that an edge may lie off
_FRAME = 3  # pixels from the picture's border, where no edge can be seen
_FRAME_SUPPORT = 0.75  # of the one side that may lie along the border
_LEAST_SEEN = 0.35  # share of a side inside the picture, below which it lies along the border
_CORNER = 0.06  # share of a side left out at each end: corners are round, worn or folded


@dataclass(frozen=True)
class EdgeMap:
    """Gradients of a BGR picture, per pixel from the channel where they are strongest."""

    dx: NDArray[np.float32]
    dy: NDArray[np.float32]
    floor: float  # gradients below this are noise or texture

    @classmethod
    def of(cls, image: Image) -> "EdgeMap":
        """Scharr gradients of each channel (H×W×3 uint8), per pixel the strongest one.

        Red against green is a channel as well: beside a dark red cover on a green mat red rises
        where green falls, and whichever is stronger would turn the edge round along one side.
        """
        soft = cv2.GaussianBlur(image, (3, 3), 0)
        _, green, red = cv2.split(soft)
        red_green = cv2.addWeighted(red, 1.0, green, -1.0, 128.0)
        best_dx, best_dy, best = None, None, None
        # Channel by channel: numpy is slow along a short last axis.
        for channel in (*cv2.split(soft), red_green):
            dx = cv2.Scharr(channel, cv2.CV_32F, 1, 0, scale=1 / 16)
            dy = cv2.Scharr(channel, cv2.CV_32F, 0, 1, scale=1 / 16)
            strength = cv2.magnitude(dx, dy)
            if best is None or best_dx is None or best_dy is None:
                best_dx, best_dy, best = dx, dy, strength
                continue
            stronger = cv2.compare(strength, best, cv2.CMP_GT)
            cv2.copyTo(dx, stronger, best_dx)
            cv2.copyTo(dy, stronger, best_dy)
            cv2.copyTo(strength, stronger, best)
        assert best is not None
        one_dx, one_dy = np.asarray(best_dx, np.float32), np.asarray(best_dy, np.float32)
        typical = float(np.median(best[::4, ::4]))
        return cls(one_dx, one_dy, max(4.0, 2.5 * typical))


@dataclass(frozen=True)
class Fit:
    """How a quad lies on the edges: per side the share of places with an edge of one direction."""

    support: Points  # 4 values, 0 to 1
    strength: float  # mean gradient over the floor, 0 to 1
    hidden: NDArray[np.bool_]  # 4 values: the side lies along the picture's border

    @property
    def cut(self) -> bool:
        """Whether a side lies along the picture's border."""
        return bool(self.hidden.any())

    @property
    def weakest(self) -> float:
        """Support of the worst side."""
        return float(self.support.min())

    @property
    def mean(self) -> float:
        """Mean support of the sides."""
        return float(self.support.mean())


@lru_cache(maxsize=1)
def _along() -> Points:
    return np.linspace(_CORNER, 1 - _CORNER, _SAMPLES)


def _profiles(edges: EdgeMap, corners: Points, reach: int) -> tuple[Points, Points, Points]:
    """Per side: places (4×S×2), outward normals (4×2), gradient along the normal (4×S×R)."""
    ends = following(corners)
    t = _along()[None, :, None]
    places = corners[:, None] * (1 - t) + ends[:, None] * t
    along = ends - corners
    lengths = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    normals = np.stack([along[:, 1], -along[:, 0]], axis=1) / lengths
    offsets = np.arange(-reach, reach + 1)
    spots = places[:, :, None] + normals[:, None, None] * offsets[None, None, :, None]
    height, width = edges.dx.shape
    x = np.clip(np.rint(spots[..., 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(spots[..., 1]).astype(int), 0, height - 1)
    across = edges.dx[y, x] * normals[:, 0, None, None] + edges.dy[y, x] * normals[:, 1, None, None]
    return places, normals, across.astype(np.float64)


def fit(edges: EdgeMap, corners: Points) -> Fit:
    """Measure corners (4×2, in order) against the edges.

    Places at the picture's border say nothing. One side may lie there altogether: a sheet that the
    picture cuts off along a side, or nearly.
    """
    places, _, across = _profiles(edges, corners, _REACH)
    peaks = np.take_along_axis(across, np.abs(across).argmax(axis=2)[..., None], 2)[..., 0]
    strong = np.abs(peaks) > edges.floor
    height, width = edges.dx.shape
    within = (np.minimum(places, [width - 1, height - 1] - places) >= _FRAME).all(axis=2)
    seen = within.mean(axis=1)
    # One side of a sheet is lighter than what lies beside it all the way: text beside it is not.
    falling = (strong & within & (peaks < 0)).mean(axis=1)
    rising = (strong & within & (peaks > 0)).mean(axis=1)
    support = np.maximum(falling, rising) / np.maximum(seen, 1e-9)
    hidden = seen < _LEAST_SEEN
    support[hidden] = _FRAME_SUPPORT if hidden.sum() == 1 else 0.0
    strength = np.minimum(np.abs(peaks) / (4 * edges.floor), 1).mean()
    return Fit(support, float(strength), hidden)


def refine(edges: EdgeMap, corners: Points, reach: int = 5) -> Points:
    """Pull each side onto the edge beside it (robust line through sub-pixel peaks)."""
    places, normals, across = _profiles(edges, corners, reach)
    lines: list[Points] = []
    for side in range(4):
        line = _line(places[side], normals[side], across[side], edges.floor, reach)
        lines.append(_through(places[side][0], places[side][-1]) if line is None else line)
    moved: list[Points] = []
    for side in range(4):
        corner = meet(lines[side - 1], lines[side])
        if corner is None or np.linalg.norm(corner - corners[side]) > 4 * reach:
            corner = corners[side]
        moved.append(corner)
    pulled = np.array(moved)
    return in_order(pulled) if is_convex(pulled) else corners


def _line(
    places: Points, normal: Points, across: Points, floor: float, reach: int
) -> Points | None:
    # The direction of the stronger edge: beside a sheet's own edge runs that of its soft shadow.
    falls, rises = -across.min(axis=1).clip(max=0).sum(), across.max(axis=1).clip(min=0).sum()
    signed = across if rises > falls else -across
    peak = signed.argmax(axis=1)
    rows = np.arange(len(places))
    strong = (signed[rows, peak] > floor) & (peak > 0) & (peak < 2 * reach)
    if strong.sum() < _SAMPLES // 3:
        return None
    rows, peak = rows[strong], peak[strong]
    before, here, after = (signed[rows, peak + step] for step in (-1, 0, 1))
    bend = np.minimum(before - 2 * here + after, -1e-6)
    offset = peak - reach + np.clip((before - after) / (2 * bend), -0.5, 0.5)
    points = (places[rows] + normal * offset[:, None]).astype(np.float32)
    vx, vy, x, y = cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.array([vy, -vx, vx * y - vy * x], np.float64)


def _through(first: Points, second: Points) -> Points:
    return crossed(np.append(first, 1.0), np.append(second, 1.0))
