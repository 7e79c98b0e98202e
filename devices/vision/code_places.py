"""Places where a QR code seems to be although nobody read it, each seen straight from above."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import zxingcpp

from devices.vision.code_pictures import Prepared
from devices.vision.quads import Image, Points

_SIDES = (420, 720)  # pixels; one suits few modules, the other many
_QUIET = 0.16  # of the side, around it
_SMALLEST = 30  # pixels a side; below this there is nothing to read
_MOST_PLACES = 12


def straightened(grey: Image) -> Iterator[tuple[int, Prepared, Points]]:
    """Number of the place, a picture of it at scale 1, and the 3×3 matrix that takes a point of
    that picture back to `grey`."""
    for number, corners in enumerate(_places(grey)):
        for side in _SIDES:
            flat, back = _seen_straight(grey, corners, side)
            even = cv2.divide(flat, cv2.GaussianBlur(flat, (0, 0), side / 10), scale=160)
            crisp = cv2.addWeighted(even, 2.5, cv2.GaussianBlur(even, (0, 0), side / 80), -1.5, 0)
            strong = cv2.createCLAHE(4.0, (6, 6)).apply(flat)
            for picture in (crisp, strong):
                for binarizer in ("LocalAverage", "GlobalHistogram"):
                    yield number, (np.asarray(picture, np.uint8), 1.0, binarizer), back


def _places(grey: Image) -> list[Points]:
    """By OpenCV's two finders, and by what zxing-cpp found and could not decode."""
    found: list[Points] = []
    for finder in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
        try:
            seen, quads = finder.detectMulti(grey)
        except cv2.error:  # it trips over some pictures
            continue
        if seen:
            found += [np.asarray(quad, np.float64).reshape(4, 2) for quad in quads]
    formats: Any = (zxingcpp.BarcodeFormat.QRCode,)
    for failed in zxingcpp.read_barcodes(grey, formats=formats, return_errors=True):
        spot = failed.position
        places = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
        found.append(np.array([(place.x, place.y) for place in places], np.float64))
    large = [quad for quad in found if _area(quad) >= _SMALLEST**2]
    return large[:_MOST_PLACES]


def _area(corners: Points) -> float:
    return abs(float(cv2.contourArea(corners.astype(np.float32))))


def _seen_straight(grey: Image, corners: Points, side: int) -> tuple[Image, Points]:
    edge, far = side * _QUIET, side * (1 + _QUIET)
    wanted = np.array([[edge, edge], [far, edge], [far, far], [edge, far]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), wanted)
    whole = round(side * (1 + 2 * _QUIET))
    flat = cv2.warpPerspective(
        grey, matrix, (whole, whole), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8), np.asarray(np.linalg.inv(matrix), np.float64)
