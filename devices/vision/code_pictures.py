"""Pictures prepared so that a code that was missed may be read."""

from collections.abc import Iterator

import cv2
import numpy as np

from devices.vision.quads import Image

Prepared = tuple[Image, float, str]  # the picture, its scale, zxing-cpp's binarizer for it

_SMALL = 1400  # pixels; below this a code may need enlarging
_TINY = 700
_HUGE = 3000  # pixels; above this every try costs seconds


def quick_prepared(grey: Image) -> Iterator[tuple[Image, float]]:
    """Two tries beside the plain one: sharpened, and in another size."""
    yield _sharper(grey), 1.0
    yield _other_size(grey)


def prepared(grey: Image) -> Iterator[Prepared]:
    """From what helps most to what helps seldom."""
    yield grey, 1.0, "GlobalHistogram"
    sharp = _sharper(grey)
    yield sharp, 1.0, "LocalAverage"
    other, scale = _other_size(grey)
    yield other, scale, "LocalAverage"
    yield cv2.createCLAHE(3.0, (8, 8)).apply(grey), 1.0, "LocalAverage"
    work, scale = (grey, 1.0) if max(grey.shape) <= _HUGE else (other, scale)
    yield cv2.GaussianBlur(work, (0, 0), 1.2), scale, "LocalAverage"
    yield _even_light(work), scale, "GlobalHistogram"
    if max(grey.shape) < _TINY:
        large = cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
        yield large, 3.0, "LocalAverage"
        yield _sharper(large, 3.0), 3.0, "LocalAverage"
    dots = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    yield cv2.morphologyEx(work, cv2.MORPH_CLOSE, dots), scale, "LocalAverage"
    yield cv2.morphologyEx(work, cv2.MORPH_OPEN, dots), scale, "LocalAverage"
    if max(grey.shape) >= _SMALL:
        quarter = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        yield quarter, 0.25, "LocalAverage"


def _sharper(grey: Image, sigma: float = 2.0) -> Image:
    soft = cv2.GaussianBlur(grey, (0, 0), sigma)
    return cv2.addWeighted(grey, 2.2, soft, -1.2, 0)


def _other_size(grey: Image) -> tuple[Image, float]:
    if max(grey.shape) < _SMALL:
        return cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 2.0
    return cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 0.5


def _even_light(grey: Image) -> Image:
    """Divided by its own surroundings: shadows and lamps go."""
    around = cv2.GaussianBlur(grey, (0, 0), max(4.0, max(grey.shape) / 24))
    return np.asarray(cv2.divide(grey, around, scale=180), np.uint8)
