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


_NEXT, _BEFORE = [1, 2, 3, 0], [3, 0, 1, 2]


def following(points: NDArray[Any]) -> NDArray[Any]:
    """Of four points each one's next; numpy's own roll() takes ten times as long."""
    return points[_NEXT]


def in_order(corners: NDArray[Any]) -> Points:
    """Four points as 4×2 float, clockwise on the screen, the one nearest the top-left first."""
    points = np.asarray(corners, np.float64).reshape(4, 2)
    around = points - points.mean(axis=0)
    points = points[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    first = int(np.argmin(points.sum(axis=1)))
    return np.concatenate([points[first:], points[:first]])


def polygon_area(points: Points) -> float:
    """Area of a simple polygon (shoelace)."""
    x, y = points[:, 0], points[:, 1]
    last_x, last_y = x[-1], y[-1]
    twice = x[:-1] @ y[1:] + last_x * y[0] - y[:-1] @ x[1:] - last_y * x[0]
    return float(abs(twice) / 2)


def side_lengths(points: Points) -> Points:
    """Lengths of the four sides, the first from corner 0 to corner 1."""
    return np.asarray(np.linalg.norm(following(points) - points, axis=1), np.float64)


def corner_cosines(points: Points) -> Points:
    """|cos| of each inner angle: 0 is a right angle, near 1 is hardly a corner."""
    ahead = points[_NEXT] - points
    behind = points[_BEFORE] - points
    lengths = np.linalg.norm(ahead, axis=1) * np.linalg.norm(behind, axis=1)
    cosines = np.abs((ahead * behind).sum(axis=1)) / np.maximum(lengths, 1e-9)
    return np.asarray(cosines, np.float64)


def is_convex(points: Points) -> bool:
    """Whether the four points, in order, turn the same way at each corner."""
    ahead = points[_NEXT] - points
    after = ahead[_NEXT]
    turns = (ahead[:, 0] * after[:, 1] - ahead[:, 1] * after[:, 0]).tolist()
    return bool(min(turns) > 0 or max(turns) < 0)


def meet(first: Points, second: Points) -> Points | None:
    """Where two lines (a, b, c with ax + by + c = 0) cross; None when they are parallel."""
    x, y, w = crossed(first, second)
    if abs(w) < 1e-9:
        return None
    return np.array([x / w, y / w])


def crossed(one: Points, other: Points) -> Points:
    """The cross product of two triples: the line through two points, the point of two lines."""
    a, b, c = one.tolist()
    d, e, f = other.tolist()
    return np.array([b * f - c * e, c * d - a * f, a * e - b * d])
