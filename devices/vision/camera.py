"""A document camera: an MJPEG address or a video device, always its newest picture.

A reader thread keeps taking frames, because a slow consumer of a video stream lags by seconds.
Open and read have time-outs; when the camera goes, the thread keeps trying to get it back.
"""

import logging
import time
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Protocol

import cv2
import numpy as np

from devices.vision.mjpeg import MjpegStream, StreamLost
from devices.vision.quads import Image

_log = logging.getLogger(__name__)

OPEN_SECONDS = 3.0
READ_SECONDS = 2.0
STALE_SECONDS = 2.5  # a picture older than this shows a desk that may have changed
_RETRY_SECONDS = 0.5
_WIDTH, _HEIGHT, _FRAMES_A_SECOND = 1920, 1080, 15


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture: `image` H×W×3 uint8 BGR, `number` counts up, `taken` by time.monotonic()."""

    image: Image
    number: int
    taken: float


class Capture(Protocol):
    """An open source of pictures."""

    def read(self) -> Image | None:
        """The newest picture; None when the source is lost."""

    def release(self) -> None:
        """Give the source back."""


class Camera:
    """source: "http://…/camera.mjpeg", "/dev/video0" or an index such as "0"."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lock = Lock()
        self._newest: Frame | None = None
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin taking pictures, on a thread of its own; a second call does nothing."""
        if self._thread is None:
            # An own event each time: a thread still waiting for a dead camera must stay stopped.
            self._stop = Event()
            self._thread = Thread(target=self._run, args=(self._stop,), name="camera", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Give the camera back and forget the last picture. Takes at most the read time-out."""
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread is not None:
            thread.join(OPEN_SECONDS + READ_SECONDS)
        self._keep(None)

    def latest(self) -> Frame | None:
        """The newest picture, None when there is none or it is older than STALE_SECONDS."""
        with self._lock:
            frame = self._newest
        if frame is None or time.monotonic() - frame.taken > STALE_SECONDS:
            return None
        return frame

    @property
    def alive(self) -> bool:
        """Whether pictures are coming."""
        return self.latest() is not None

    def _keep(self, frame: Frame | None) -> None:
        with self._lock:
            self._newest = frame

    def _run(self, stop: Event) -> None:
        number = 0
        lost = False
        while not stop.is_set():
            capture = _open(self.source)
            if capture is None and not lost:
                lost = True
                _log.warning("camera does not open")
            while not stop.is_set() and capture is not None:
                image = capture.read()
                if image is None:
                    if not lost:
                        _log.warning("camera gives no picture; opening it again")
                    lost = True
                    break
                if lost:
                    lost = False
                    _log.info("camera is back")
                number += 1
                self._keep(Frame(image, number, time.monotonic()))
            if capture is not None:
                capture.release()
            if not stop.is_set():
                self._keep(None)
            stop.wait(_RETRY_SECONDS)


def _open(source: str) -> Capture | None:
    if source.startswith(("http://", "https://")):
        try:
            return _Mjpeg(source)
        except StreamLost:
            return None
    capture = _Video(source)
    return capture if capture.opened else None


class _Mjpeg:
    def __init__(self, address: str) -> None:
        self._stream = MjpegStream(address, OPEN_SECONDS, READ_SECONDS)

    def read(self) -> Image | None:
        limit = time.monotonic() + READ_SECONDS
        while time.monotonic() < limit:
            try:
                coded = np.frombuffer(self._stream.newest(), np.uint8)
            except StreamLost:
                return None
            image = cv2.imdecode(coded, cv2.IMREAD_COLOR)
            if image is not None:
                return np.asarray(image, np.uint8)
        return None  # pictures come, but none that can be decoded

    def release(self) -> None:
        self._stream.close()


class _Video:
    """A video device, or a stream of another kind (RTSP), through OpenCV."""

    def __init__(self, source: str) -> None:
        if "://" in source:
            limits = [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                int(OPEN_SECONDS * 1000),
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                int(READ_SECONDS * 1000),
            ]
            # One decoding thread: a document camera is slow enough, and more add latency.
            self._capture = cv2.VideoCapture(
                source, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1]
            )
            return
        device: int | str = int(source) if source.isdecimal() else source
        self._capture = capture = cv2.VideoCapture()
        # V4L2 has no open time-out: a missing device fails at once. set() may refuse; that is fine.
        capture.open(device, cv2.CAP_V4L2)
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDTH)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT)
        capture.set(cv2.CAP_PROP_FPS, _FRAMES_A_SECOND)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    @property
    def opened(self) -> bool:
        return self._capture.isOpened()

    def read(self) -> Image | None:
        good, image = self._capture.read()
        return np.asarray(image, np.uint8) if good and image is not None else None

    def release(self) -> None:
        self._capture.release()
