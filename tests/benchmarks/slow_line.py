"""A line of so many Mbit/s upwards: a process that passes bytes on at that pace.

All connections share it, as everything that leaves a hall shares the hall's line.

    python -m tests.benchmarks.slow_line TARGET_PORT BYTES_A_SECOND     # says its own port
"""

from __future__ import annotations

import socket
import socketserver
import subprocess
import sys
import threading
import time
from types import TracebackType

from tests.benchmarks.rows import FOLDER

_PIECE = 8192
_SAVED = 0.02
"""Seconds of an idle line that are made up for: what a sleep overslept, and no more."""


class SlowLine:
    """Use as a context manager; `port` leads to `target` at `mbit` upwards, unpaced downwards."""

    def __init__(self, target: int, mbit: float) -> None:
        pace = str(mbit * 1e6 / 8)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.slow_line", str(target), pace],
            cwd=FOLDER.parents[1], stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def __enter__(self) -> SlowLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()


class _Pace:
    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._lock = threading.Lock()
        self._free = time.monotonic()

    def wait(self, size: int) -> None:
        """Return when the last of `size` bytes has left."""
        with self._lock:
            self._free = max(self._free, time.monotonic() - _SAVED) + size / self._pace
            due = self._free
        time.sleep(max(0.0, due - time.monotonic()))


def main(target: int, bytes_a_second: float) -> None:
    pace = _Pace(bytes_a_second)

    class Passes(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", target)) as onward:
                for end in (self.request, onward):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = (onward, self.request, None)
                threading.Thread(target=_pass, args=back, daemon=True).start()
                _pass(self.request, onward, pace)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Passes) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


def _pass(source: socket.socket, onward: socket.socket, pace: _Pace | None) -> None:
    try:
        while piece := source.recv(_PIECE):
            if pace is not None:
                pace.wait(len(piece))
            onward.sendall(piece)
        onward.shutdown(socket.SHUT_WR)
    except OSError:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
