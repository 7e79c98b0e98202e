"""A drawn page, a desk it lies on, and a signature."""


import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.views import (
    Stroke,
)

Image = NDArray[np.uint8]


def page_image(width: int = 1240, height: int = 1754, *, blurred: bool = False) -> Image:
    """A drawn A4 page, RGB."""
    page = np.full((height, width, 3), 250, np.uint8)
    cv2.rectangle(page, (90, 90), (width - 90, height - 90), (60, 60, 70), 3)
    cv2.putText(
        page,
        "HOUSEHOLD REGISTER",
        (220, 240),
        cv2.FONT_HERSHEY_TRIPLEX,
        2.0,
        (40, 40, 50),
        3,
        cv2.LINE_AA,
    )
    for row in range(12):
        y = 330 + row * 105
        cv2.line(page, (90, y), (width - 90, y), (120, 120, 130), 2)
        cv2.putText(
            page,
            "-" * (8 + (row * 7) % 19),
            (130, y + 70),
            cv2.FONT_HERSHEY_SIMPLEX,
            1.4,
            (70, 70, 90),
            3,
            cv2.LINE_AA,
        )
    cv2.circle(page, (930, 1480), 130, (190, 40, 40), 9, cv2.LINE_AA)
    if blurred:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), 9), np.uint8)
    return page


def desk_image(corners: tuple[tuple[float, float], ...] | None) -> Image:
    """What the camera sees: a desk, and a page lying on it. 1280×960 RGB."""
    height, width = 960, 1280
    y, x = np.mgrid[0:height, 0:width]
    light = 150 - 45 * np.hypot((x - width / 2) / width, (y - height / 2) / height)
    desk = np.stack([light * 0.62, light * 0.55, light * 0.50], axis=-1).astype(np.uint8)
    if corners is None:
        return desk
    page = page_image()
    high, wide = page.shape[:2]
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    target = np.array([[cx * width, cy * height] for cx, cy in corners], np.float32)
    warp = cv2.getPerspectiveTransform(source, target)
    laid = cv2.warpPerspective(page, warp, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, (width, height))
    return np.where(mask[..., None] > 127, (laid * 0.93).astype(np.uint8), desk)


CORNERS = ((0.27, 0.06), (0.71, 0.08), (0.75, 0.93), (0.22, 0.91))


def signature() -> tuple[Stroke, ...]:
    """A signature that looks like one."""
    strokes: list[Stroke] = []
    for start, shape in ((0.22, 3.1), (0.4, 4.4), (0.58, 2.3)):
        points = []
        for step in range(40):
            t = step / 39
            points.append(
                (
                    start + 0.15 * t + 0.02 * np.sin(shape * 5 * t),
                    0.5 - 0.22 * np.sin(shape * 2.6 * t + shape) * (1 - t * 0.4),
                    t,
                )
            )
        strokes.append(tuple((float(x), float(y), float(s)) for x, y, s in points))
    return tuple(strokes)
