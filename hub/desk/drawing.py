"""A signature as SVG: the strokes the pad took, smoothed, at any size."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kiosk.contract.messages import Signature

HEIGHT = 100.0


@dataclass(frozen=True)
class Drawing:
    """Paths for an SVG of `width` by `height` units."""

    width: float
    height: float
    paths: tuple[str, ...]


def draw(signature: Signature | None) -> Drawing | None:
    """Draw a signature; None when there is none."""
    if signature is None or not any(signature.strokes):
        return None
    width = HEIGHT * signature.aspect
    paths = tuple(
        _path([(point.x * width, point.y * HEIGHT) for point in stroke])
        for stroke in signature.strokes
        if stroke
    )
    return Drawing(width, HEIGHT, paths)


def _path(points: Sequence[tuple[float, float]]) -> str:
    # Quadratic curves through the middles: smooth, and never outside the drawn points' hull.
    x, y = points[0]
    if len(points) == 1:
        return f"M{x:.1f} {y:.1f}l.1 0"
    out = [f"M{x:.1f} {y:.1f}"]
    for (ax, ay), (bx, by) in pairwise(points[1:]):
        out.append(f"Q{ax:.1f} {ay:.1f} {(ax + bx) / 2:.1f} {(ay + by) / 2:.1f}")
    x, y = points[-1]
    return "".join([*out, f"L{x:.1f} {y:.1f}"])
