"""Quadrilaterals around the outlines of areas and edges."""

from collections.abc import Iterator

import cv2
import numpy as np

from devices.vision.quads import Image, Points, in_order, is_convex


def outlined(small: Image, share: float) -> Iterator[Points]:
    """Quads around the outlines of areas and edges, channel by channel."""
    least = share * small.shape[0] * small.shape[1]
    soft = cv2.medianBlur(small, 5)
    knot = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    joined: Image | None = None
    channels = (*cv2.split(soft), cv2.cvtColor(soft, cv2.COLOR_BGR2HSV)[..., 1])
    for channel in channels:
        level, area = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        lines = cv2.Canny(channel, max(8.0, 0.2 * level), max(24.0, 0.6 * level))
        joined = lines if joined is None else cv2.bitwise_or(joined, lines)
        yield from outline_quads(cv2.morphologyEx(area, cv2.MORPH_OPEN, knot, iterations=2), least)
        yield from outline_quads(cv2.dilate(lines, knot), least)
    assert joined is not None
    yield from outline_quads(cv2.morphologyEx(joined, cv2.MORPH_CLOSE, knot, iterations=2), least)


def distinct(candidates: Iterator[Points]) -> Iterator[Points]:
    """Leave out near repeats: the same sheet comes from several channels."""
    seen: list[Points] = []
    for corners in candidates:
        if all(float(np.abs(corners - other).max()) > 3 for other in seen):
            seen.append(corners)
            yield corners


def outline_quads(mask: Image, least: float) -> Iterator[Points]:
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        _, _, wide, high = cv2.boundingRect(contour)
        if len(contour) < 4 or wide * high < least:
            continue
        hull = cv2.convexHull(contour)
        if cv2.contourArea(hull) < least or len(hull) < 4:
            continue
        around = cv2.arcLength(hull, True)
        for tolerance in (0.015, 0.03, 0.06):
            few = cv2.approxPolyDP(hull, tolerance * around, True)
            if len(few) <= 4:
                break
        if len(few) == 4:
            corners = in_order(few)
            if is_convex(corners):
                yield corners
        if len(hull) > 4:
            tight = in_order(cv2.approxPolyN(hull, 4, ensure_convex=True))
            if is_convex(tight):
                yield tight
