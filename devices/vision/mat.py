"""A kiosk's own desk mat, learned once while it lies empty under the fixed camera."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.vision.quads import Image

_LEAST_DIFFERENCE = 9.0  # grey levels; below this it may be light
_NOISE_TIMES = 4.0
_SOFT = 1.2  # pixels; the mat's weave moves a little with the camera


@dataclass(frozen=True, eq=False)
class Mat:
    """`mean` H×W×3 and `noise` H×W float32, grey levels, at the size pages are looked for in."""

    mean: NDArray[np.float32]
    noise: NDArray[np.float32]

    @classmethod
    def learn(cls, frames: Sequence[Image]) -> "Mat":
        """From pictures of the empty mat (H×W×3 BGR uint8, one size); five or more are good.

        Raises ValueError when there is none or their sizes differ.
        """
        if not frames or any(frame.shape != frames[0].shape for frame in frames):
            raise ValueError("the mat is learned from one or more pictures of one size")
        stack = np.stack([_softened(frame) for frame in frames])
        mean = stack.mean(axis=0)
        return cls(mean.astype(np.float32), stack.std(axis=0).max(axis=2).astype(np.float32))

    def fits(self, small: Image) -> bool:
        """Whether the picture has the size the mat was learned in."""
        return small.shape == self.mean.shape

    def covered(self, small: Image) -> Image:
        """Where something lies on the mat: H×W uint8, 255 there."""
        seen = _softened(small)
        # The lamp ages and daylight comes and goes: brightness is compared along the border, where
        # a sheet seldom covers more than half.
        rim = np.ones(small.shape[:2], bool)
        rim[16:-16, 16:-16] = False
        gain = np.median((seen[rim] + 1) / (self.mean[rim] + 1), axis=0)
        difference = np.abs(seen - self.mean * gain).max(axis=2)
        limit = np.maximum(_LEAST_DIFFERENCE, _NOISE_TIMES * self.noise)
        mask = np.where(difference > limit, 255, 0).astype(np.uint8)
        knot = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, knot)
        return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, knot), np.uint8)


def _softened(frame: Image) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), _SOFT), np.float32)
