"""The kiosk's picture of its own empty mat: taken by staff, kept in the data folder, doubted.

The page finder knows with it what lies on the mat. A mat that no longer fits (the camera was moved,
another one was put in) is set aside under another name until it fits again or is taken anew; pages
are looked for without it meanwhile. Whoever replaces the file is heard: it is read when it changed.
"""

import contextlib
import logging
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from devices.vision.camera import Frame
from devices.vision.mat import Mat
from devices.vision.mat_taking import MatDoubt, empty_mat
from devices.vision.quads import Image
from kiosk.durable import write_durably

log = logging.getLogger(__name__)

FRAMES = 6
"""Pictures the mat is taken from; the camera's noise is averaged away."""
_FILE, _ASIDE = "empty_mat.png", "empty_mat_aside.png"
_EVERY = 0.4  # seconds between two frames that are compared; one takes some milliseconds
_Stamp = tuple[str, int, int, int]


class MatState(StrEnum):
    """How the mat stands; NONE also where its file is no picture."""

    NONE = "none"
    FITS = "fits"
    ASIDE = "aside"


class DeskMat:
    """Of one data folder; may be asked on any thread."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._aside = folder / _FILE, folder / _ASIDE
        self._lock = Lock()
        self._stamp: _Stamp | None = None
        self._mat: Mat | None = None
        self._doubt = MatDoubt()
        self._looked = float("-inf")

    def current(self) -> Mat | None:
        """The mat to find pages with; None where there is none, or none that fits."""
        with self._lock:
            self._read()
            return self._mat if self._is_kept else None

    @property
    def state(self) -> MatState:
        with self._lock:
            self._read()
            if self._mat is None:
                return MatState.NONE
            return MatState.FITS if self._is_kept else MatState.ASIDE

    def take(self, frames: Sequence[Image], printed: bool = False) -> None:
        """Learn the mat anew and keep it. Raises DeviceFault (see empty_mat), ValueError, OSError.

        Readable for the kiosk's account whoever takes it: nothing personal is on an empty mat.
        """
        picture = empty_mat(frames, printed)
        good, coded = cv2.imencode(".png", picture)
        if not good:
            raise ValueError("the picture cannot be coded as PNG")
        with self._lock:
            write_durably(self._kept, coded.tobytes(), 0o644)
            self._aside.unlink(missing_ok=True)

    def saw(self, frame: Frame, found: bool) -> None:
        """Compare what the camera sees with the mat: set it aside, or take it back."""
        with self._lock:
            if 0 <= frame.taken - self._looked < _EVERY:
                return
            self._looked = frame.taken
            self._read()
            if self._mat is None:
                return
            fits = self._doubt.fits(self._mat, frame.image, frame.taken, found)
            if fits is not None and fits is not self._is_kept:
                self._move(fits)

    @property
    def _is_kept(self) -> bool:
        return self._stamp is not None and self._stamp[0] == _FILE

    def _move(self, fits: bool) -> None:
        log.warning("the empty mat %s", "fits again" if fits else "no longer fits; set aside")
        source, target = (self._aside, self._kept) if fits else (self._kept, self._aside)
        with contextlib.suppress(OSError):  # gone meanwhile, or a full disk: asked again soon
            source.replace(target)

    def _read(self) -> None:
        stamp = _stamp(self._kept) or _stamp(self._aside)
        if stamp == self._stamp:
            return
        same = stamp is not None and self._stamp is not None and stamp[1:] == self._stamp[1:]
        self._stamp = stamp
        if same:  # moved only
            return
        self._doubt = MatDoubt()
        self._mat = None if stamp is None else _learned(self._kept.with_name(stamp[0]))


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return path.name, found.st_ino, found.st_mtime_ns, found.st_size


def _learned(path: Path) -> Mat | None:
    try:
        coded = np.frombuffer(path.read_bytes(), np.uint8)
        picture = cv2.imdecode(coded, cv2.IMREAD_COLOR) if len(coded) else None
    except (OSError, cv2.error):
        picture = None
    if picture is None:
        log.warning("%s is no picture of a mat; pages are looked for without", path.name)
        return None
    return Mat.learn([picture])
