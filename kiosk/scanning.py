"""Watching the document camera: is there a page, does it lie still, is it good enough to keep.

The pictures are looked at on a thread of its own for as long as the scan screen is open; the UI
reads the newest result and never waits. Pages exist in memory only.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.vision.camera import Frame
from devices.vision.mat import Mat
from devices.vision.page_watch import PageWatch
from devices.vision.pages import assess_page, encode_jpeg, find_page, flatten_page
from devices.vision.quads import Quad
from kiosk.application import KeptPage
from kiosk.desk_mat import DeskMat
from kiosk.workers import Workers

log = logging.getLogger(__name__)

_POLL = 0.01
_AFTER_FAILURE = 1.0
_CAMERA_GONE_AFTER = 2.0
"""Seconds without a new picture before the screen says that the camera does not answer."""


class CameraSource(Protocol):
    """What scanning needs of `devices.vision.camera.Camera`."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def latest(self) -> Frame | None: ...


@dataclass(frozen=True, eq=False)
class Seen:
    """The newest picture and what was found in it."""

    frame: Frame
    quad: Quad | None
    steady: float
    code: str | None
    """Fault code of what keeps the page from being taken: page.absent, page.small …"""


@dataclass(frozen=True, eq=False)
class Captured:
    """A flattened page, H×W×3 uint8 BGR, and what is wrong with it (None: good)."""

    image: NDArray[np.uint8]
    code: str | None


class Scanning:
    """One scan screen's worth of camera. Made on the UI thread; `close` it when leaving."""

    def __init__(
        self,
        camera: CameraSource,
        workers: Workers,
        captured: Callable[[Captured], None],
        failed: Callable[[str], None],
        mat: DeskMat | None = None,
    ) -> None:
        """`captured` and `failed` (a fault code) are called on the UI thread. `mat`: what the
        camera sees when nothing lies there."""
        self._camera = camera
        self._mat = mat
        self._workers = workers
        self._tell_captured = captured
        self._tell_failed = failed
        self._seen: Seen | None = None
        self._last_new = time.monotonic()
        self._paused = threading.Event()
        self._taken = False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanning", daemon=True)
        self._thread.start()

    @property
    def seen(self) -> Seen | None:
        return self._seen

    @property
    def camera_gone(self) -> bool:
        return time.monotonic() - self._last_new > _CAMERA_GONE_AFTER

    def capture(self) -> None:
        """Take the page out of the newest picture (on the "vision" lane)."""
        seen = self._seen
        if seen is None or self._paused.is_set():
            return
        self._paused.set()

        def work() -> Captured | None:
            quad = seen.quad
            if quad is None:
                quad = find_page(seen.frame.image, self._known_mat())
            if quad is None:
                return None
            flat = flatten_page(seen.frame.image, quad)
            return Captured(flat, assess_page(flat).code)

        def done(captured: Captured | None) -> None:
            if self._closed.is_set():
                return
            if captured is None:
                self.resume()
                self._tell_failed("page.absent")
            else:
                self._tell_captured(captured)

        def broken(error: Exception) -> None:
            if not self._closed.is_set():
                self.resume()
                self._tell_failed("unexpected")

        self._workers.submit("vision", work, done, broken)

    def resume(self, next_page: bool = False) -> None:
        """Go on watching, for another try; or for the next page, never the one that was kept."""
        self._seen, self._taken = None, next_page
        self._last_new = time.monotonic()
        self._paused.clear()

    def close(self) -> None:
        """Stop the camera and forget the picture; the thread ends by itself."""
        self._closed.set()
        self._seen = None

    def _run(self) -> None:
        """Supervised: whatever a picture does to the page finder, the screen hears of it."""
        self._camera.start()
        try:
            while not self._closed.is_set():
                try:
                    self._watch()
                except Exception as error:  # noqa: BLE001 - only its kind: no picture in a log
                    log.error("scanning: %s", type(error).__name__)
                    self._workers.post(self._tell_broken)
                    self._closed.wait(_AFTER_FAILURE)
        finally:
            self._camera.stop()

    def _watch(self) -> None:
        watch, last, rested = PageWatch(), -1, False
        while not self._closed.wait(_POLL):
            if self._paused.is_set():
                self._last_new, rested = time.monotonic(), True
                continue
            if rested:
                watch.reset(self._taken)
                rested = False
            frame = self._camera.latest()
            if frame is None or frame.number == last:
                continue
            last = frame.number
            watch.mat = self._known_mat()
            sight = watch.look(frame)
            if self._mat is not None:
                self._mat.saw(frame, sight.quad is not None)
            self._last_new = time.monotonic()
            if not self._closed.is_set() and not self._paused.is_set():
                self._seen = Seen(frame, sight.quad, sight.steady, sight.code)

    def _known_mat(self) -> Mat | None:
        return self._mat.current() if self._mat is not None else None

    def _tell_broken(self) -> None:
        if not self._closed.is_set():
            self._tell_failed("unexpected")


def kept(image: NDArray[np.uint8]) -> KeptPage:
    """The page as it is handed in: JPEG bytes of an H×W×3 uint8 BGR image."""
    height, width = image.shape[:2]
    return KeptPage(encode_jpeg(image), width, height)
