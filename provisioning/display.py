"""A virtual screen, and real pointer events and pictures on it (X11, XTest)."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from Xlib import X
from Xlib.display import Display as XDisplay
from Xlib.ext import xtest

from provisioning.processes import Children, NotReady


@contextmanager
def virtual_screen(children: Children, width: int, height: int) -> Iterator[str]:
    """An Xvfb of this size (pixels, 24 bit) on a free display number; yields its name."""
    read_end, write_end = os.pipe()
    command = [
        "Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24",
        "-nolisten", "tcp", "-noreset", "+extension", "GLX",
    ]
    log = children.log("xvfb")
    with log.open("ab") as output:
        try:
            process = subprocess.Popen(
                command, pass_fds=(write_end,), stdout=output, stderr=output
            )
        except FileNotFoundError as error:
            raise NotReady("Xvfb is not installed (Debian package xvfb).") from error
        finally:
            os.close(write_end)
    try:
        with os.fdopen(read_end) as number:
            text = number.readline().strip()
        if not text:
            raise NotReady(f"Xvfb did not start:\n{log.read_text(errors='replace')[-800:]}")
        yield f":{text}"
    finally:
        process.terminate()
        process.wait()


class Hand:
    """A finger on the panel: presses, drags, and what the eye sees, all through the X server."""

    def __init__(self, display: str) -> None:
        self._display = XDisplay(display)
        self._root = self._display.screen().root
        if not self._display.has_extension("XTEST"):
            raise NotReady(f"display {display} has no XTEST extension")

    def tap(self, x: float, y: float, hold: float = 0.06) -> None:
        self._move(x, y)
        self._button(X.ButtonPress)
        time.sleep(hold)
        self._button(X.ButtonRelease)

    def stroke(self, points: Sequence[tuple[float, float]], pace: float = 0.03) -> None:
        """Press at the first point, move through all, let go: one pen stroke."""
        self._move(*points[0])
        self._button(X.ButtonPress)
        for x, y in points[1:]:
            time.sleep(pace)
            self._move(x, y)
        time.sleep(pace)
        self._button(X.ButtonRelease)

    def picture(self, path: Path) -> None:
        """What stands on the whole screen, as PNG."""
        size = self._root.get_geometry()
        raw = self._root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        image = Image.frombytes("RGB", (size.width, size.height), raw.data, "raw", "BGRX")
        image.save(path, compress_level=6)

    def close(self) -> None:
        self._display.close()

    def _move(self, x: float, y: float) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=round(x), y=round(y))
        self._display.sync()

    def _button(self, kind: int) -> None:
        xtest.fake_input(self._display, kind, 1)
        self._display.sync()
