"""Watching the document camera for the printed lines of a passport.

The picture is looked at as for a scan; whenever a page lies still, and now and then anyway, the
text reader gets the newest one. Pictures and lines exist in memory only.
"""

import time
from collections.abc import Callable
from datetime import date

from devices.errors import DeviceFault
from devices.ocr.text_reader import TextReader
from devices.ocr.travel_lines import find_mrz
from devices.vision.pages import flatten_page
from kiosk.desk_mat import DeskMat
from kiosk.printed_lines import SeenLines
from kiosk.scanning import CameraSource, Captured, Scanning, Seen
from kiosk.workers import Workers

PAUSE = 0.7
"""Seconds between two readings: the screen and the camera want the processor as well."""
ANYWAY = 4.0
"""Without a page that lies still, one reading in so many seconds: an open passport is bent, and
its edges are not always found."""


class LineReading:
    """One look through the camera for the lines. On the UI thread; `close` it when leaving."""

    def __init__(
        self,
        camera: CameraSource,
        reader: TextReader,
        workers: Workers,
        today: date,
        found: Callable[[SeenLines], None],
        failed: Callable[[str], None],
        mat: DeskMat | None = None,
    ) -> None:
        """today: for two-digit years. mat: of this kiosk's desk.

        `found` and `failed` (a fault code) are called on the UI thread.
        """
        self._reader, self._workers = reader, workers
        self._today = today
        self._found, self._failed = found, failed
        self._scanning = Scanning(camera, workers, _no_capture, failed, mat)
        reader.warm_up()  # its process takes seconds to start; the person, to open the passport
        self._closed = False
        self._last = time.monotonic()
        self._number = -1
        self.under_way = False
        """A picture is being read now."""
        self.tries = 0
        """Pictures read without finding the lines."""

    @property
    def seen(self) -> Seen | None:
        return self._scanning.seen

    @property
    def camera_gone(self) -> bool:
        return self._scanning.camera_gone

    def tick(self) -> None:
        """Hand the newest picture to the text reader when it is worth it."""
        seen = self.seen
        if self._closed or self.under_way or seen is None or seen.frame.number == self._number:
            return
        still = seen.quad is not None and seen.steady >= 1.0
        if time.monotonic() - self._last < (PAUSE if still else ANYWAY):
            return
        self.under_way, self._number = True, seen.frame.number
        self._workers.submit("ocr", lambda: self._read(seen), self._has_read, self._broken)

    def close(self) -> None:
        """Let go of the camera; what is still being read is dropped."""
        self._closed = True
        self._scanning.close()

    def _read(self, seen: Seen) -> SeenLines | None:
        """On the lane. By turns the page by itself, where the letters stand straight, and the whole
        picture, since the edges of an open passport may have been found wrong."""
        image = seen.frame.image
        if seen.quad is not None and self.tries % 2 == 0:
            image = flatten_page(image, seen.quad)
        lines = find_mrz(self._reader.read(image))
        if lines is None:
            return None
        document = lines.document(self._today)
        return SeenLines(lines.key(), document.birth_date, document.valid_to)

    def _has_read(self, lines: SeenLines | None) -> None:
        self._rest()
        if self._closed:
            return
        if lines is None:
            self.tries += 1
        else:
            self._found(lines)

    def _broken(self, error: Exception) -> None:
        self._rest()
        if not self._closed:
            code = error.code if isinstance(error, DeviceFault) else "unexpected"
            if code in ("text.unreadable", "card.unreadable"):  # the next picture may be better
                self.tries += 1
            else:
                self._failed(code)

    def _rest(self) -> None:
        self.under_way, self._last = False, time.monotonic()


def _no_capture(_: Captured) -> None:
    """Nobody keeps a picture here."""
