"""Emptying the outbox to the hub, beside uploading the same bytes to a server that does nothing.

The hub is a process of its own; so is the peer's server, which reads and forgets. Over a line the
bytes are what takes time, and the goal stands there. Over the loopback an upload that nobody keeps
costs next to nothing, so no hub that syncs what it promises to have could come near it: that
figure, without a goal, stands beside writing and syncing the same bytes once.
"""

from __future__ import annotations

import os
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
from kiosk.device_identity import DeviceIdentity
from kiosk.submission import commit
from kiosk.timings import Timings
from offline_store import Store
from tests.benchmarks.rows import Row
from tests.benchmarks.slow_line import SlowLine
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import CERTIFICATE, STROKES, consent, filled, place, wait_until

SUITE = "store"
COUNT = 12
SHARE = 0.70
LINES_MBIT = (20.0, 100.0)
"""Upwards: a hall's line, and one of a hall with fibre."""
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
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        ours, bodies = _drained(Path(folder), None)
        disk = _on_the_disk(Path(folder), bodies)
    size = sum(map(len, bodies))
    yield Row(
        "outbox drain, loopback", size / ours / 1e6, "MB/s", "write and fsync the same bytes",
        size / disk / 1e6, "", None, f"{disk / ours:.0%}; {_amount(bodies)}",
    )
    for mbit in LINES_MBIT:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            ours, bodies = _drained(Path(folder), mbit)
        peer = _uploaded(bodies, mbit)
        size = sum(map(len, bodies))
        yield Row(
            f"outbox drain, line of {mbit:.0f} Mbit/s", size / ours / 1e6, "MB/s",
            "requests to a server that does nothing", size / peer / 1e6,
            f"at least {SHARE:.0%} of it", peer / ours >= SHARE,
            f"{peer / ours:.0%}; {_amount(bodies)}",
        )


def _drained(folder: Path, mbit: float | None) -> tuple[float, list[bytes]]:
    """Seconds from a kiosk's start until its outbox is empty, and what was in it."""
    hub = HubBehindRelay(folder / "hub").start()
    timings = Timings(sync_idle=60.0, upkeep=60.0)
    try:
        with Store.open(folder / "kiosk.db") as store, ExitStack() as stack:
            code = hub.run("enrol-code").strip()
            first = place(folder / "kiosk", store, url=hub.url, code=code, timings=timings)
            first.hub.start()
            wait_until(lambda: first.hub.last_contact is not None, "enrolled, with a catalog", 30)
            first.hub.stop()
            identity = first.hub.identity
            assert identity is not None
            _hand_in(store, identity)
            waiting = store.outbox.waiting()
            assert len(waiting) == COUNT
            bodies = [store.outbox.read(item.submission_id, 0, item.size) for item in waiting]
            if mbit is not None:
                hub.relay.target = stack.enter_context(SlowLine(hub.port, mbit)).port
            opened = place(folder / "kiosk", store, url=hub.url, timings=timings)
            begin = time.perf_counter()
            opened.hub.start()
            try:
                wait_until(lambda: not store.outbox.waiting(), "the outbox empty", 120)
                taken = time.perf_counter() - begin
            finally:
                opened.hub.stop()
            assert not store.outbox.shelf()
    finally:
        hub.stop()
    return taken, bodies


def _hand_in(store: Store, identity: DeviceIdentity) -> None:
    """With no hub side at work: nothing leaves before all is here."""
    page = _page()
    for _ in range(COUNT):
        application = filled(CERTIFICATE)
        application.keep_page(next(iter(application.pages)), page)
        application.sign(STROKES, ("I declare it.",))
        commit(application, consent(), "zh", datetime.now(UTC), identity, store.outbox)


def _amount(bodies: list[bytes]) -> str:
    return f"{len(bodies)} submissions of {sum(map(len, bodies)) / len(bodies) / 1e6:.1f} MB"


def _page() -> KeptPage:
    """A page as hard to compress as paper gets: noise, about 2 MB."""
    noise = np.random.default_rng(7).integers(0, 255, (_HEIGHT, _WIDTH), np.uint8)
    done, jpeg = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 60])
    assert done
    return KeptPage(jpeg.tobytes(), _WIDTH, _HEIGHT)


def _on_the_disk(folder: Path, bodies: list[bytes]) -> float:
    """Seconds to write and sync each of them once: what anybody who promises to keep them pays."""
    begin = time.perf_counter()
    for number, body in enumerate(bodies):
        with (folder / f"{number}.bin").open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - begin


def _uploaded(bodies: list[bytes], mbit: float) -> float:
    with subprocess.Popen([sys.executable, "-c", _NOTHING], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with requests.Session() as session, ExitStack() as stack:
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
