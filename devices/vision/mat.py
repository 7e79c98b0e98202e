"""A kiosk's own desk mat, learned once while it lies empty under the fixed camera.

What differs from the empty mat lies on it; what does not is no edge of a sheet, whatever is printed
on the mat. So sheets hardly lighter than the mat are found, and lines of the mat are never taken
for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.vision.quads import Image, Points, shrunk

_SOFT = 1.5  # pixels; the mat's weave moves a little with the camera
_LEAST_DIFFERENCE = 3.0  # grey levels; below this it may be the sensor
_NOISE_TIMES = 5.0
_CELL = 16  # pixels; light varies slowly, so it is compared in cells
_ROUNDS = 4
_MOST_TINT = 1.6  # from daylight to a warm lamp
_SAME_COLOUR = 0.08  # of the level
_WIDE, _FITS = 0.5, 0.07  # of the light: cells that fit within this are bare mat
_LEAST_BARE = 0.08  # of the picture; below this nothing is left to compare the light with
_RIM = 2  # cells along the border, which a sheet seldom covers


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
        stack = np.stack([_softened(shrunk(frame)[0]) for frame in frames])
        mean = np.asarray(stack.mean(axis=0), np.float32)
        noise = np.asarray(stack.std(axis=0).max(axis=2), np.float32)
        return cls(mean, np.asarray(cv2.blur(noise, (9, 9)), np.float32))

    def fits(self, small: Image) -> bool:
        """Whether the picture has the size the mat was learned in."""
        return small.shape == self.mean.shape

    def covered(self, small: Image) -> Image | None:
        """Where something lies on the mat: H×W uint8, 255 there.

        None where no part of the mat can be recognised: the mat says nothing then.
        """
        seen = _softened(small)
        light = _light(seen, self.mean)
        if light is None:
            return None
        apart = np.abs(seen - self.mean * light)
        blue, green, red = cv2.split(apart)
        difference = cv2.max(cv2.max(blue, green), red)
        limit = np.maximum(_LEAST_DIFFERENCE, _NOISE_TIMES * self.noise)
        mask = np.where(difference > limit, 255, 0).astype(np.uint8)
        knot = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
        return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, knot), np.uint8)


def _light(seen: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """How much lighter each place is than when the mat was learned, H×W×3; None: who knows.

    Light is a slope and a bow across the picture, fitted to the cells that look like bare mat;
    which they are is found in rounds, beginning at the rim.
    """
    high, wide = mean.shape[0] // _CELL, mean.shape[1] // _CELL
    size = (wide, high)
    now = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
    empty = cv2.resize(mean, size, interpolation=cv2.INTER_AREA)
    ratio = np.asarray((now + 1) / (empty + 1), np.float32).reshape(-1, 3)
    shapes = _shapes(wide, high)
    rim = np.ones((high, wide), bool)
    rim[_RIM:-_RIM, _RIM:-_RIM] = False
    colour = np.asarray(np.median(ratio[rim.ravel()], axis=0), np.float64)
    if colour.max() > _MOST_TINT * colour.min():
        return None
    # A lamp changes the level from place to place, hardly ever the colour: a sheet does both. One
    # that covers half the rim would be the measure itself, so the lamp as it was is tried as well.
    colours = (colour, np.full(3, float(colour.mean())))
    alike = [_same_colour(ratio, one) for one in colours]
    likelier = int(alike[1].sum() > alike[0].sum())
    colour, same_colour = colours[likelier], alike[likelier]
    level = (ratio / colour).mean(axis=1)
    bare = same_colour & rim.ravel() & (np.abs(level - 1) < _WIDE)
    fitted = None
    for _ in range(_ROUNDS):
        if bare.mean() < _LEAST_BARE:
            return None
        fitted, *_ = np.linalg.lstsq(shapes[bare], level[bare], rcond=None)
        bare = same_colour & (np.abs(level / (shapes @ fitted) - 1) < _FITS)
    if fitted is None or bare.mean() < _LEAST_BARE:
        return None
    light = np.outer(shapes @ fitted, colour).reshape(high, wide, 3).astype(np.float32)
    return np.asarray(cv2.resize(light, (mean.shape[1], mean.shape[0])), np.float32)


def _same_colour(ratio: NDArray[np.float32], colour: Points) -> NDArray[np.bool_]:
    relative = ratio / colour
    return np.asarray(np.ptp(relative, axis=1) < _SAME_COLOUR * relative.mean(axis=1))


@lru_cache(maxsize=2)
def _shapes(wide: int, high: int) -> NDArray[np.float64]:
    """Level, slopes, bows and what two lights make of each other: one row a cell."""
    y, x = np.mgrid[-1 : 1 : complex(high), -1 : 1 : complex(wide)]
    powers = [x**one * y**other for one in range(4) for other in range(4 - one)]
    return np.stack(powers, axis=-1).reshape(wide * high, -1)


def _softened(frame: Image) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), _SOFT), np.float32)
