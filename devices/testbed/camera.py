"""A document camera as an MJPEG stream on HTTP: 1080p, a desk, and whatever lies on it.

with CameraHttp() as camera:
    camera.lay("rental_contract")
    Camera(camera.address).start()
"""

import contextlib
import random
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Lock, Thread
from typing import Any, Self

import cv2
from PIL import Image

from devices.testbed import desk, papers
from devices.testbed.faults import Wire, WireFault, refuse_missing

PATH = "/camera.mjpeg"
_BOUNDARY = "frame"
_BLUR_SIGMA = 6.0
_SLOW_FRAMES_A_SECOND = 1.0
_VARIANTS = 2  # pictures that differ by noise only, sent in turn


_View = tuple[str | Image.Image | None, desk.Desk, int, bool]


class CameraHttp:
    """The camera; `address` is what Camera takes. Every change shows in the next frame."""

    def __init__(
        self, port: int = 0, frames_a_second: float = 12.0, surface: desk.Desk = "mat"
    ) -> None:
        self.port = port
        self.frames_a_second = frames_a_second
        self.surface: desk.Desk = surface
        self._change = Condition()
        self._plugging = Lock()
        self._paper: str | Image.Image | None = None
        self._seed = 3
        self._blurred = self._stalled = self._garbled = self._stopped = False
        self._slow = self._refusing = False
        self._breaks_off: int | None = None  # bytes of each picture that come
        self._cut_after: int | None = None  # bytes of one picture, then the cable is pulled
        self._pictures: list[bytes] = []
        self._cabinet: dict[_View, list[bytes]] = {}
        self._server: ThreadingHTTPServer | None = None
        self._wires: set[socket.socket] = set()
        self._develop()
        self._listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """The stream's address."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    def lay(self, paper: str | Image.Image, seed: int = 3) -> None:
        """Lay a paper under the camera: a name of papers.names(), or a picture of a sheet.

        Raises KeyError for an unknown name.
        """
        if isinstance(paper, str):
            papers.paper(paper)
        self._paper, self._seed = paper, seed
        self._develop()

    def take(self) -> None:
        """Take the paper away."""
        self._paper = None
        self._develop()

    def blur(self, on: bool = True) -> None:
        """The lens loses its focus, or finds it again."""
        self._blurred = on
        self._develop()

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """See devices.testbed.faults."""
        refuse_missing(Wire.CAMERA, kind)
        self.heal()
        count = len(self.picture()) // 2 if after is None else after
        match kind:
            case WireFault.ABSENT:
                self.gone()
            case WireFault.SLOW:
                self._slow = True
            case WireFault.STALLED:
                self.stall()
            case WireFault.GARBLED:
                self.garble()
            case WireFault.TRUNCATED:
                self._breaks_off = count
            case WireFault.UNPLUGGED:
                self._cut_after = count
            case WireFault.WRONG_STATUS:
                self._refusing = True
                self._drop_wires()

    def heal(self) -> None:
        """The wire is as it should be; paper and lens stay as they are."""
        self._slow = self._refusing = False
        self._breaks_off = self._cut_after = None
        if self._stalled:
            self.stall(False)
        if self._garbled:
            self.garble(False)
        self.gone(False)

    def reset(self) -> None:
        """Healed, focused, nothing on the desk."""
        self.heal()
        self._blurred = False
        self.take()

    def stall(self, on: bool = True) -> None:
        """No more frames, while the connection stays."""
        with self._change:
            self._stalled = on
            self._change.notify_all()

    def garble(self, on: bool = True) -> None:
        """Bytes get lost in every frame."""
        self._garbled = on
        self._develop()

    def gone(self, on: bool = True) -> None:
        """Pull the cable (connections reset, new ones refused), or plug it in."""
        if on:
            self._unplug()
        else:
            with self._plugging:
                if self._server is None:
                    self._listen()

    def state(self) -> dict[str, Any]:
        """What the panel shows."""
        name = self._paper if isinstance(self._paper, str) else "picture" if self._paper else None
        return {
            "paper": name,
            "blurred": self._blurred,
            "stalled": self._stalled,
            "garbled": self._garbled,
            "gone": self._server is None,
        }

    def close(self) -> None:
        """Stop for good."""
        with self._change:
            self._stopped = True
            self._change.notify_all()
        self._unplug()

    def picture(self) -> bytes:
        """The JPEG bytes shown now."""
        with self._change:
            return self._pictures[0]

    def _develop(self) -> None:
        """Make the JPEG bytes once for each distinct picture; the stream repeats them."""
        view = (self._paper, self.surface, self._seed, self._blurred)
        if isinstance(self._paper, Image.Image):
            pictures = _developed(*view)  # a picture may be drawn on again; names stay the same
        else:
            if view not in self._cabinet:
                self._cabinet[view] = _developed(*view)
            pictures = self._cabinet[view]
        if self._garbled:
            pictures = [_garbled(picture) for picture in pictures]
        with self._change:
            self._pictures = pictures
            self._change.notify_all()

    def _listen(self) -> None:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                if self.path.split("?")[0] != PATH:
                    self.send_error(404)
                    return
                if camera._refusing:
                    self.send_error(503)
                    return
                self.send_response(200)
                kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
                self.send_header("Content-Type", kind)
                self.end_headers()
                camera._stream(self.connection)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: a stream is no news."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Nothing: a viewer that goes away is no fault of the camera."""

        server = Server(("127.0.0.1", self.port), Handler)
        self.port = server.server_address[1]
        self._server = server
        Thread(target=server.serve_forever, args=(0.05,), name="camera-http", daemon=True).start()

    def _unplug(self) -> None:
        with self._plugging:
            server, self._server = self._server, None
            if server is not None:
                server.shutdown()
                server.server_close()
        self._drop_wires()

    def _drop_wires(self) -> None:
        with self._change:
            wires, self._wires = self._wires, set()
        for wire in wires:
            with contextlib.suppress(OSError):
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                wire.shutdown(socket.SHUT_RDWR)

    def _stream(self, wire: socket.socket) -> None:
        with self._change:
            self._wires.add(wire)
        number = 0
        try:
            while True:
                started = time.monotonic()
                with self._change:
                    self._change.wait_for(lambda: not self._stalled or self._stopped)
                    if self._stopped or wire not in self._wires:
                        return
                    picture = self._pictures[number % len(self._pictures)]
                number += 1
                cut = self._cut_after
                if cut is not None:
                    picture = picture[:cut]
                elif self._breaks_off is not None:
                    picture = picture[: self._breaks_off]
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                head += f"Content-Length: {len(picture)}\r\n\r\n"
                if cut is not None:
                    wire.sendall(head.encode() + picture)
                    Thread(target=self._unplug, name="camera-unplug", daemon=True).start()
                    return
                wire.sendall(head.encode() + picture + b"\r\n")
                rate = _SLOW_FRAMES_A_SECOND if self._slow else self.frames_a_second
                pause = 1 / rate - (time.monotonic() - started)
                if pause > 0:
                    time.sleep(pause)
        except OSError:
            return  # the viewer went, or the cable was pulled
        finally:
            with self._change:
                self._wires.discard(wire)


def _developed(
    paper: str | Image.Image | None, surface: desk.Desk, seed: int, blurred: bool
) -> list[bytes]:
    sheet = papers.paper(paper) if isinstance(paper, str) else paper
    scene = desk.lay(sheet, surface, seed, _BLUR_SIGMA if blurred else 0.0)
    images = [scene.image, *(desk.again(scene.image, n) for n in range(1, _VARIANTS))]
    return [_jpeg(image) for image in images]


def _jpeg(image: desk.Picture) -> bytes:
    good, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 88])
    if not good:
        raise ValueError("the picture cannot be coded as JPEG")
    return coded.tobytes()


def _garbled(picture: bytes) -> bytes:
    """Rubbish over the front and here and there: no decoder takes this for a picture."""
    chance = random.Random(len(picture))
    broken = bytearray(picture)
    broken[: min(700, len(broken))] = chance.randbytes(min(700, len(broken)))
    for _ in range(200):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)
