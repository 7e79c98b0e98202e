"""Emptying the outbox to the hub, beside uploading the same bytes to a server that does nothing.

The hub is a process of its own; so is the peer's server, which reads and forgets. Over the
loopback the hub's own work (synced bytes, digest, signature, opening, case, signed receipt) stands
in full beside an upload that costs next to nothing; over a hall's line of 20 Mbit/s upwards the
bytes are what takes time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import requests

from kiosk.application import KeptPage
from kiosk.submission import commit
from kiosk.timings import Timings
from offline_store import Store
from tests.benchmarks.rows import Row
from tests.benchmarks.slow_line import SlowLine
from tests.kiosk.rig import (
    CERTIFICATE,
    STROKES,
    HubBehindRelay,
    consent,
    filled,
    place,
    wait_until,
)

SUITE = "store"
COUNT = 12
SHARE = 0.70
LINE_MBIT = 20.0
_WIDTH, _HEIGHT = 1654, 2339  # A4 at 200 dots an inch

_NOTHING = """
import socketserver
class Reads(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline():
            length = 0
            while line not in (b"\\r\\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                line = self.rfile.readline()
            while length > 0:
                length -= len(self.rfile.read(min(length, 1 << 18)))
            self.wfile.write(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
server = Server(("127.0.0.1", 0), Reads)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def rows() -> Iterator[Row]:
    for name, mbit in (("loopback", None), (f"line of {LINE_MBIT:.0f} Mbit/s", LINE_MBIT)):
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            hub = HubBehindRelay(Path(folder) / "hub").start()
            try:
                ours, peer, size = _measure(Path(folder), hub, mbit)
            finally:
                hub.stop()
        yield Row(
            f"outbox drain, {name}", size / ours / 1e6, "MB/s",
            "requests to a server that does nothing", size / peer / 1e6,
            f"at least {SHARE:.0%} of it", peer / ours >= SHARE,
            f"{peer / ours:.0%}; {COUNT} submissions of {size / COUNT / 1e6:.1f} MB",
        )


def _measure(
    folder: Path, hub: HubBehindRelay, mbit: float | None
) -> tuple[float, float, int]:
    """Seconds of our drain and of the peer's upload, and how many bytes each sent."""
    with Store.open(folder / "kiosk.db") as store:
        opened = place(folder / "kiosk", store, url=hub.url, code=hub.run("enrol-code").strip(),
                       timings=Timings(sync_idle=60.0, upkeep=60.0))
        opened.hub.start()
        try:
            wait_until(lambda: opened.hub.identity is not None, "enrolled", 20)
            identity = opened.hub.identity
            assert identity is not None
            page = _page()
            for number in range(COUNT):
                application = filled(CERTIFICATE)
                application.keep_page(next(iter(application.pages)), page)
                application.sign(STROKES, ("I declare it.",))
                now = datetime.now(UTC)
                commit(application, consent(), "zh", now, identity, store.outbox)
                assert len(store.outbox.waiting()) == number + 1
            waiting = store.outbox.waiting()
            bodies = [store.outbox.read(i.submission_id, 0, i.size) for i in waiting]
            peer = _upload(bodies, mbit)
            with ExitStack() as stack:
                if mbit is not None:
                    hub.relay.target = stack.enter_context(SlowLine(hub.port, mbit)).port
                begin = time.perf_counter()
                opened.hub.sync.wake()
                wait_until(lambda: not store.outbox.waiting(), "the outbox empty", 120)
                ours = time.perf_counter() - begin
            assert not store.outbox.shelf()
        finally:
            opened.hub.stop()
    return ours, peer, sum(map(len, bodies))


def _page() -> KeptPage:
    """A page as hard to compress as paper gets: noise, about 2 MB."""
    noise = np.random.default_rng(7).integers(0, 255, (_HEIGHT, _WIDTH), np.uint8)
    done, jpeg = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 60])
    assert done
    return KeptPage(jpeg.tobytes(), _WIDTH, _HEIGHT)


def _upload(bodies: list[bytes], mbit: float | None) -> float:
    with subprocess.Popen([sys.executable, "-c", _NOTHING], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with requests.Session() as session, ExitStack() as stack:
            if mbit is not None:
                port = stack.enter_context(SlowLine(port, mbit)).port
            url = f"http://127.0.0.1:{port}/"
            session.trust_env = False
            session.post(url, data=b"warm").raise_for_status()
            begin = time.perf_counter()
            for body in bodies:
                session.post(url, data=body).raise_for_status()
            taken = time.perf_counter() - begin
        server.kill()
    return taken
