"""Learning a kiosk's empty mat from a few frames, and noticing that it is the mat no more.

A mat that was learned with something on it, or that the camera has since been turned away from,
would hide pages or make some up. So it is taken only when it is empty, and doubted when the camera
sees something else for long while nobody moves and no page lies there.
"""

import time
from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceFault
from devices.vision.camera import Frame
from devices.vision.mat import Mat
from devices.vision.pages import SHARP_ENOUGH, find_page, sharpness_of
from devices.vision.quads import Image, shrunk

_STIRRED = 6.0  # grey levels, as in page_watch: a hand that moves
_DARKEST, _BRIGHTEST = 20, 246  # median grey level; beyond nothing stands out from it
_DOUBT_SECONDS = 6.0  # longer than a page takes to be laid down, and than a hand rests
_OTHER = 0.25  # of the picture that differs where no page lies
_EMPTY = 0.01  # of the picture: so little differs where the mat lies empty
_POLL = 0.02  # seconds


class Newest(Protocol):
    """What a running camera gives."""

    def latest(self) -> Frame | None: ...


def frames_of(camera: Newest, count: int, patience: float, settling: float = 0.0) -> list[Image]:
    """So many frames of a running camera, one after the other.

    patience: seconds for all of them. settling: seconds after the first one in which the lens and
    the exposure of a camera that was just opened may find themselves; its frames are left out.
    Raises DeviceFault "camera.gone" when they do not come.
    """
    end, ready, last = time.monotonic() + patience, float("inf"), -1
    frames: list[Image] = []
    while time.monotonic() < end:
        frame = camera.latest()
        if frame is None or frame.number == last:
            time.sleep(_POLL)
            continue
        if last < 0:
            ready = frame.taken + settling
        last = frame.number
        if frame.taken >= ready:
            frames.append(frame.image)
            if len(frames) == count:
                return frames
    raise DeviceFault("camera.gone", f"{len(frames)} of {count} pictures came")


def empty_mat(frames: Sequence[Image], printed: bool = False) -> Image:
    """One picture of the mat (H×W×3 BGR uint8) from frames of it, their noise averaged away.

    printed: places are printed on it, one of which looks like a sheet; it is taken all the same.
    Raises DeviceFault "mat.not_empty" (a page lies there, or something moves), "mat.light" (too
    dark or too bright) or "mat.blurred"; ValueError when the frames have not one size.
    """
    if not frames or any(frame.shape != frames[0].shape for frame in frames):
        raise ValueError("the mat is taken from one or more pictures of one size")
    picture = np.rint(np.mean(np.stack(frames), axis=0, dtype=np.float32)).astype(np.uint8)
    level = float(np.median(shrunk(picture)[0]))
    if not _DARKEST <= level <= _BRIGHTEST:
        raise DeviceFault("mat.light", f"its median is {level:.0f} of 255")
    first = _thumbnail(frames[0])
    if any(_stirred(first, _thumbnail(frame)) for frame in frames[1:]):
        raise DeviceFault("mat.not_empty", "something moves there")
    if not printed and find_page(picture) is not None:
        raise DeviceFault("mat.not_empty", "a page is found there")
    sharpness = sharpness_of(picture)  # None: nothing there that could be sharp
    if sharpness is not None and sharpness < SHARP_ENOUGH:
        raise DeviceFault("mat.blurred", f"sharpness {sharpness:.2f}")
    return picture


class MatDoubt:
    """Whether a mat is still what the camera sees; give it frames as they come, now and then."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None
        self._since = 0.0

    def fits(self, mat: Mat, image: Image, taken: float, found: bool) -> bool | None:
        """True: the empty mat lies there as it was learned. False: it is another view. None: who
        knows, a hand or a page may be there. `taken` in seconds; `found`: a page was."""
        small, _ = shrunk(image)
        if not mat.fits(small):
            return False
        before, self._before = self._before, _thumbnail(image)
        if found or before is None or _stirred(before, self._before):
            self._since = taken
            return None
        covered = mat.covered(small)
        share = 1.0 if covered is None else cv2.countNonZero(covered) / covered.size
        if share < _EMPTY:
            self._since = taken
            return True
        if share < _OTHER:
            self._since = taken
        return False if taken - self._since >= _DOUBT_SECONDS else None


def _thumbnail(image: Image) -> NDArray[np.float32]:
    return cv2.resize(image, (96, 54), interpolation=cv2.INTER_AREA).astype(np.float32)


def _stirred(before: NDArray[np.float32], now: NDArray[np.float32]) -> bool:
    return bool(np.percentile(np.abs(now - before), 99) > _STIRRED)
