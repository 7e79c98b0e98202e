"""Watching frames until a page lies still and is good enough to take by itself."""

from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.camera import Frame
from devices.vision.pages import assess_page, find_page, flatten_page, track_page
from devices.vision.quads import Image, Points, Quad

STILL_SECONDS = 1.0  # how long a page lies still before it is taken
_MOVED = 0.008  # of the picture's diagonal: a corner that moved more has moved
# Grey levels that the most changed hundredth of the picture moved: a hand over the page, whose
# edges stay where they are.
_STIRRED = 6.0
_JUDGE_AGAIN = 0.4  # seconds; the lens may find its focus while the page lies still
_SMALL = 0.08  # of the picture: a page below this is too coarse to read
_BORDER = 2.0  # pixels; a corner this near the border is cut off


@dataclass(frozen=True, eq=False)
class Sight:
    """What one frame shows.

    quad: the page, None when there is none. code: "page.absent", "page.same", "page.cut",
    "page.small", one of assess_page()'s, or None when nothing is wrong. steady: 0 to 1; at 1.0 with
    no code the page should be taken now.
    """

    quad: Quad | None
    code: str | None
    steady: float

    @property
    def ready(self) -> bool:
        """Whether to take the page by itself now."""
        return self.code is None and self.steady >= 1.0


class PageWatch:
    """Give it frame after frame (on one thread); each answer is for that frame. Time is the
    frames' own, so a recorded stream gives the same answers."""

    def __init__(self, still_seconds: float = STILL_SECONDS) -> None:
        self.still_seconds = still_seconds
        self.reset()

    def reset(self, taken: bool = False) -> None:
        """Begin anew. `taken`: what lies there has been taken; until it is gone or something moves
        over it the answer is "page.same", so that no page is taken twice."""
        self._same = taken
        self._corners: Points | None = None
        self._thumbnail: Image | None = None
        self._since = 0.0
        self._judged = float("-inf")
        self._blurred: str | None = None
        self._number = -1
        self._last = Sight(None, "page.absent", 0.0)

    def look(self, frame: Frame) -> Sight:
        """Judge a frame; the same frame again gives the same answer at no cost."""
        if frame.number != self._number:
            self._number = frame.number
            self._last = self._judge(frame)
        return self._last

    def _judge(self, frame: Frame) -> Sight:
        last = self._last.quad
        quad = track_page(frame.image, last) if last is not None else None
        if quad is None:
            quad = find_page(frame.image)
        if quad is None:
            self._corners = self._blurred = None
            self._same = False
            return Sight(None, "page.absent", 0.0)
        first = self._corners is None
        if self._has_moved(frame.image, quad):
            self._since = frame.taken
            self._same = self._same and first
        if self._same:
            self._corners, self._since = quad.corners, frame.taken
            return Sight(quad, "page.same", 0.0)
        self._corners = quad.corners
        steady = 1.0
        if self.still_seconds > 0:
            steady = min(1.0, (frame.taken - self._since) / self.still_seconds)
        return Sight(
            quad, _placed_wrong(frame.image, quad) or self._blur(frame, quad, steady), steady
        )

    def _has_moved(self, image: Image, quad: Quad) -> bool:
        thumbnail = cv2.resize(image, (96, 54), interpolation=cv2.INTER_AREA).astype(np.float32)
        before, self._thumbnail = self._thumbnail, thumbnail
        if before is None or self._corners is None or before.shape != thumbnail.shape:
            return True
        shift = np.linalg.norm(quad.corners - self._corners, axis=1).max()
        if shift > _MOVED * float(np.hypot(*image.shape[:2])):
            return True
        return float(np.percentile(np.abs(thumbnail - before), 99)) > _STIRRED

    def _blur(self, frame: Frame, quad: Quad, steady: float) -> str | None:
        """Judged only once the page is at rest: a moving page is blurred anyway, and it costs."""
        due = frame.taken - self._judged >= _JUDGE_AGAIN or self._judged < self._since
        if steady >= 0.5 and due:
            self._judged = frame.taken
            self._blurred = assess_page(flatten_page(frame.image, quad)).code
        return self._blurred


def _placed_wrong(image: Image, quad: Quad) -> str | None:
    height, width = image.shape[:2]
    x, y = quad.corners[:, 0], quad.corners[:, 1]
    if min(x.min(), y.min(), width - 1 - x.max(), height - 1 - y.max()) < _BORDER:
        return "page.cut"
    if quad.area < _SMALL * width * height:
        return "page.small"
    return None
