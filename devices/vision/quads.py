"""Four corners of a sheet, and the plane geometry around them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Image = NDArray[Any]  # uint8; OpenCV's own stubs promise no dtype


@dataclass(frozen=True, eq=False)
class Quad:
    """A convex quadrilateral: `corners` 4×2 float, clockwise from top-left, in pixels (x, y)."""

    corners: Points

    @property
    def area(self) -> float:
        """Square pixels."""
        return polygon_area(self.corners)

    def scaled(self, factor: float) -> "Quad":
        """The same sheet in a picture `factor` times as large."""
        return Quad(self.corners * factor)


def in_order(corners: NDArray[Any]) -> Points:
    """Four points as 4×2 float, clockwise on the screen, the one nearest the top-left first."""
    points = np.asarray(corners, np.float64).reshape(4, 2)
    around = points - points.mean(axis=0)
    points = points[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    return np.roll(points, -int(np.argmin(points.sum(axis=1))), axis=0)


def polygon_area(points: Points) -> float:
    """Area of a simple polygon (shoelace)."""
    x, y = points[:, 0], points[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def side_lengths(points: Points) -> Points:
    """Lengths of the four sides, the first from corner 0 to corner 1."""
    return np.asarray(np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1), np.float64)


def corner_cosines(points: Points) -> Points:
    """|cos| of each inner angle: 0 is a right angle, near 1 is hardly a corner."""
    ahead = np.roll(points, -1, axis=0) - points
    behind = np.roll(points, 1, axis=0) - points
    lengths = np.linalg.norm(ahead, axis=1) * np.linalg.norm(behind, axis=1)
    cosines = np.abs((ahead * behind).sum(axis=1)) / np.maximum(lengths, 1e-9)
    return np.asarray(cosines, np.float64)


def is_convex(points: Points) -> bool:
    """Whether the four points, in order, turn the same way at each corner."""
    ahead = np.roll(points, -1, axis=0) - points
    after = np.roll(ahead, -1, axis=0)
    turns = ahead[:, 0] * after[:, 1] - ahead[:, 1] * after[:, 0]
    return bool((turns > 0).all() or (turns < 0).all())


def meet(first: Points, second: Points) -> Points | None:
    """Where two lines (a, b, c with ax + by + c = 0) cross; None when they are parallel."""
    cross = np.cross(first, second)
    if abs(cross[2]) < 1e-9:
        return None
    return np.asarray(cross[:2] / cross[2], np.float64)
