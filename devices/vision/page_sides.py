"""What lies inside and outside the sides of a quad: a sheet, or something printed on one."""

import numpy as np

from devices.vision.quads import Image, Points, polygon_area

_SAMPLES = 32  # places along a side
_LINE_STEP = 0.25  # a sheet's edge is a step; below this share of the swing it is a line
_PAPER_LEVEL = 135  # darkest channel of white paper in poor light
_PAPER_TINT = 40  # most that its channels differ
_INK_STEP = 18  # grey levels below the paper around
_INKED = 0.01  # share of a side's surroundings
_RING = 0.12  # of the quad's size: how far its surroundings are looked at


def is_printed(image: Image, corners: Points) -> bool:
    """Whether a quad in a BGR picture is a frame or box printed on paper.

    A frame is a line: the same paper on both sides of it. A box is darker than bright paper that
    goes on all around and carries more ink.
    """
    inside = np.median(_colours(image, corners, (-7, -6, -5)), axis=2)
    outside = np.median(_colours(image, corners, (5, 6, 7)), axis=2)
    step = np.abs(np.median(inside - outside, axis=1)).max(axis=1)
    across = _colours(image, corners, tuple(range(-4, 5)))
    swing = np.median((across.max(axis=2) - across.min(axis=2)).max(axis=2), axis=1)
    if (step < _LINE_STEP * swing).sum() >= 3:
        return True
    darker = np.median(inside, axis=1).mean(axis=1) < np.median(outside, axis=1).mean(axis=1) - 2
    return bool(
        darker.all()
        and _is_paper(outside)
        and (_ink_around(image, corners) > _INKED).sum() >= 2
    )


def lies_on_paper(image: Image, corners: Points) -> bool:
    """Whether a quad has nothing but bare bright paper around it: a sheet on a larger one."""
    outside = np.median(_colours(image, corners, (7, 8, 9)), axis=2)
    return bool(_is_paper(outside) and (_ink_around(image, corners) < _INKED / 4).all())


def _is_paper(outside: Points) -> bool:
    beyond = np.median(outside, axis=1)
    tint = beyond.max(axis=1) - beyond.min(axis=1)
    return bool((beyond.min(axis=1) > _PAPER_LEVEL).all() and (tint < _PAPER_TINT).all())


def _ink_around(image: Image, corners: Points) -> Points:
    """Per side, how much of its surroundings is darker than paper."""
    far = max(20.0, _RING * float(np.sqrt(polygon_area(corners))))
    ring = _colours(image, corners, tuple(np.linspace(8, far, 12).astype(int))).mean(axis=3)
    level = np.median(ring, axis=(1, 2), keepdims=True)
    return np.asarray((ring < level - _INK_STEP).mean(axis=(1, 2)), np.float64)


def _colours(image: Image, corners: Points, offsets: tuple[int, ...]) -> Points:
    """Sides × places × offsets × BGR beside the sides, outwards positive."""
    ends = np.roll(corners, -1, axis=0)
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
