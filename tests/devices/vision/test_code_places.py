"""Codes that only show themselves where they are, until the place is seen straight from above."""

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from devices.vision.code_places import straightened
from devices.vision.codes import read_codes
from tests.benchmarks.hard_codes import hard_picture
from tests.devices.vision.test_codes import qr

CORNERS = np.array([[210, 160], [500, 120], [540, 430], [180, 400]], np.float32)


@pytest.mark.parametrize(("kind", "number"), [("shadows", 52), ("blurred", 44)])
def test_a_code_is_read_where_it_seems_to_be(kind: str, number: int) -> None:
    image, texts = hard_picture(kind, number)
    assert zxingcpp.read_barcodes(image) == []
    assert [code.text for code in read_codes(image, "best")] == texts


def test_what_is_seen_straight_is_found_again_in_the_picture() -> None:
    code = qr(b"YIMEN", 8)
    edge, far = 32.0, code.shape[0] - 32.0  # inside the quiet zone
    square = np.array([[edge, edge], [far, edge], [far, far], [edge, far]], np.float32)
    matrix = cv2.getPerspectiveTransform(square, CORNERS)
    image = cv2.warpPerspective(code, matrix, (760, 560), borderValue=255)
    found = [
        cv2.perspectiveTransform(_corners(read), back)[0]
        for _, (picture, _, _), back in straightened(image)
        for read in zxingcpp.read_barcodes(picture)
    ]
    assert found
    for corners in found:
        assert np.abs(corners - CORNERS).max() < 6


def _corners(read: zxingcpp.Barcode) -> NDArray[np.float64]:
    spot = read.position
    places = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
    return np.array([[(place.x, place.y) for place in places]], np.float64)


def test_a_picture_without_a_code_has_no_such_place() -> None:
    assert list(straightened(np.full((400, 600), 200, np.uint8))) == []
