"""Quadrilaterals from the long straight edges of a picture.

Outlines fail where something touches the sheet, or where what lies beside it changes along a side.
Lines do not mind: every edge pixel votes for the line along its own edge (Hough's transform with
the gradient's direction), and four lines that carry edges all the way between their crossings are
a sheet's sides. An edge keeps its direction from dark to light, so a side has one direction only.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.vision.page_edges import EdgeMap
from devices.vision.quads import Points, in_order, is_convex

_ANGLES = 180  # of a full turn: 2 degrees, the direction from dark to light counts
_OFFSET = 2.0  # pixels
_SPREAD = 1  # neighbouring angles an edge pixel votes for as well
_MOST_LINES = 28  # of each of the two directions across
_LEAST_VOTES = 0.09  # of the picture's shorter side: pixels that a side shows at least
_MOST_PAIRS = 140
_PARALLEL = np.deg2rad(32)  # opposite sides, seen from askew
_STEP = 2.0  # pixels between places looked at along a line
_LEAST_SUPPORT = 0.7
_MOST = 14  # candidates handed on
_WAYS = np.array([
    [(first + step * turn) % 4 for step in range(4)] for turn in (1, -1) for first in range(4)
])  # of naming the corners of a quad


def line_quads(edges: EdgeMap, least: float) -> Iterator[Points]:
    """Quads of at least `least` square pixels whose sides are edges, the likeliest first."""
    lines = _lines(edges)
    if len(lines) < 4:
        return
    found = _crossed(edges, lines, least)
    for corners in found[:_MOST]:
        ordered = in_order(corners)
        if is_convex(ordered):
            yield ordered


def _lines(edges: EdgeMap) -> Points:
    """N×3: angle of the gradient (0…2π), offset along it from the picture's middle, votes."""
    height, width = edges.dx.shape
    strength = np.asarray(cv2.magnitude(edges.dx, edges.dy), np.float32)
    rows, columns = np.nonzero(_ridge(edges, strength) & (strength > edges.floor))
    if not len(rows):
        return np.empty((0, 3))
    dx, dy = edges.dx[rows, columns], edges.dy[rows, columns]
    turn = np.arctan2(dy, dx)
    x, y = columns - (width - 1) / 2, rows - (height - 1) / 2
    half = float(np.hypot(width, height)) / 2
    offsets = int(2 * half / _OFFSET) + 3
    votes = np.zeros(_ANGLES * offsets, np.float32)
    nearest = np.rint(turn / (2 * np.pi) * _ANGLES).astype(int)
    for beside in range(-_SPREAD, _SPREAD + 1):
        angle = (nearest + beside) % _ANGLES
        at = angle * (2 * np.pi / _ANGLES)
        offset = np.rint((x * np.cos(at) + y * np.sin(at) + half) / _OFFSET).astype(int) + 1
        votes += np.bincount(angle * offsets + offset, minlength=votes.size)[: votes.size]
    table = votes.reshape(_ANGLES, offsets)
    smooth = table.copy()  # a line between two offsets is as good as one upon an offset
    smooth[:, 1:] += 0.5 * table[:, :-1]
    smooth[:, :-1] += 0.5 * table[:, 1:]
    wrapped = np.concatenate([smooth[-2:], smooth, smooth[:2]])
    highest = cv2.dilate(wrapped, np.ones((5, 5), np.uint8))[2:-2]
    least = _LEAST_VOTES * min(height, width)
    angle, offset = np.nonzero((smooth >= highest) & (smooth > least))
    peaks = np.stack(
        [angle * (2 * np.pi / _ANGLES), (offset - 1) * _OFFSET - half, smooth[angle, offset]], 1
    )
    return np.asarray(peaks[np.argsort(-peaks[:, 2])][: 4 * _MOST_LINES], np.float64)


def _ridge(edges: EdgeMap, strength: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pixels whose gradient is the strongest across the edge: edges of one pixel's width."""
    flat = np.abs(edges.dx) > np.abs(edges.dy)
    keep = np.zeros(strength.shape, bool)
    inner = strength[1:-1, 1:-1]
    sideways = (inner >= strength[1:-1, :-2]) & (inner > strength[1:-1, 2:])
    upright = (inner >= strength[:-2, 1:-1]) & (inner > strength[2:, 1:-1])
    keep[1:-1, 1:-1] = np.where(flat[1:-1, 1:-1], sideways, upright)
    return keep


def _crossed(edges: EdgeMap, lines: Points, least: float) -> list[Points]:
    """Corners of the quads that two pairs of opposite lines enclose, by how well edges hold."""
    pairs = _opposite(edges, lines)
    if len(pairs) < 2:
        return []
    height, width = edges.dx.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    crossing = _crossings(lines)
    one, other = np.triu_indices(len(pairs), 1)
    # Sides in their order around: a side of one pair, one of the other, and so on.
    sides = np.stack([pairs[one, 0], pairs[other, 0], pairs[one, 1], pairs[other, 1]], axis=1)
    across = np.abs(np.cos(lines[sides[:, 0], 0] - lines[sides[:, 1], 0]))
    sides = sides[across < np.sin(np.deg2rad(35))]
    corners = crossing[np.roll(sides, 1, axis=1), sides]  # corner k: where sides k-1 and k cross
    limit = np.array([width, height]) / 2 + 2
    good = np.isfinite(corners).all(axis=(1, 2)) & (np.abs(corners) <= limit).all(axis=(1, 2))
    sides, corners = sides[good], corners[good]
    if not len(sides):
        return []
    x, y = corners[..., 0], corners[..., 1]
    area = np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)) / 2
    big = area >= least
    sides, corners, area = sides[big], corners[big], area[big]
    support = _supports(edges, lines, sides, corners)
    weakest = support.min(axis=1)
    score = support.mean(axis=1) * (area / (height * width)) ** 0.25
    score[weakest < _LEAST_SUPPORT] = 0
    best: list[Points] = []
    for index in np.argsort(-score)[:200]:
        if score[index] <= 0 or len(best) >= _MOST:
            break
        quad = corners[index] + middle
        if all(_apart(quad, known) > 5 for known in best):
            best.append(quad)
    return best


def _apart(quad: Points, known: Points) -> float:
    """How far the corners of two quads are apart, whichever corner either begins with."""
    return float(np.abs(quad[_WAYS] - known).max(axis=(1, 2)).min())


def _opposite(edges: EdgeMap, lines: Points) -> NDArray[np.int_]:
    """Pairs of lines that can be opposite sides: both light inside, or both dark inside."""
    one, other = np.triu_indices(len(lines), 1)
    # Opposite sides have gradients that point towards each other, or away from each other.
    apart = np.abs(np.angle(np.exp(1j * (lines[one, 0] - lines[other, 0] + np.pi))))
    far = np.abs(lines[one, 1] + lines[other, 1]) > 0.1 * min(edges.dx.shape)
    good = (apart < _PARALLEL) & far
    one, other = one[good], other[good]
    order = np.argsort(-(np.minimum(lines[one, 2], lines[other, 2])))[:_MOST_PAIRS]
    return np.stack([one[order], other[order]], axis=1)


def _crossings(lines: Points) -> Points:
    """N×N×2: where each two lines cross, from the picture's middle; nan where they are parallel."""
    normal = np.stack([np.cos(lines[:, 0]), np.sin(lines[:, 0])], axis=1)
    a, b, c = normal[:, 0], normal[:, 1], lines[:, 1]
    cross = a[:, None] * b[None] - b[:, None] * a[None]
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (c[:, None] * b[None] - b[:, None] * c[None]) / cross
        y = (a[:, None] * c[None] - c[:, None] * a[None]) / cross
    x[np.abs(cross) < 0.2] = np.nan
    return np.stack([x, y], axis=2)


def _supports(edges: EdgeMap, lines: Points, sides: NDArray[np.int_], corners: Points) -> Points:
    """Per quad and side the share of it along which the line carries its edge."""
    height, width = edges.dx.shape
    half = float(np.hypot(width, height)) / 2
    places = np.arange(-half, half + _STEP, _STEP)
    used = np.unique(sides)
    cos, sin = np.cos(lines[used, 0]), np.sin(lines[used, 0])
    offset = lines[used, 1]
    held = np.zeros((len(used), len(places)), bool)
    for aside in (-3, -2, -1, 0, 1, 2, 3):
        x = (offset + aside)[:, None] * cos[:, None] - places * sin[:, None] + (width - 1) / 2
        y = (offset + aside)[:, None] * sin[:, None] + places * cos[:, None] + (height - 1) / 2
        column, row = np.rint(x).astype(int), np.rint(y).astype(int)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        column, row = column.clip(0, width - 1), row.clip(0, height - 1)
        along = edges.dx[row, column] * cos[:, None] + edges.dy[row, column] * sin[:, None]
        held |= inside & (along > edges.floor)
    counted = np.concatenate([np.zeros((len(used), 1)), held.cumsum(axis=1)], axis=1)
    where = np.searchsorted(used, sides)
    tangent = np.stack([-np.sin(lines[:, 0]), np.cos(lines[:, 0])], axis=1)
    ends = np.stack([corners, np.roll(corners, -1, axis=1)], axis=2)  # of side k: corners k, k+1
    at = (ends * tangent[sides][:, :, None]).sum(axis=3)
    index = np.rint((np.sort(at, axis=2) + half) / _STEP).astype(int).clip(0, len(places))
    first, last = index[..., 0], index[..., 1]
    share = (counted[where, last] - counted[where, first]) / np.maximum(last - first, 1)
    return np.asarray(share, np.float64)
