"""A line of so many Mbit/s upwards: a process that passes bytes on at that pace.

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


def main(target: int, pace: float) -> None:
    class Passes(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", target)) as onward:
                for end in (self.request, onward):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = (onward, self.request, 0.0)
                threading.Thread(target=_pass, args=back, daemon=True).start()
                _pass(self.request, onward, pace)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Passes) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


def _pass(source: socket.socket, onward: socket.socket, pace: float) -> None:
    due = time.monotonic()
    try:
        while piece := source.recv(_PIECE):
            if pace:
                # What was idle is not saved up.
                due = max(due, time.monotonic()) + len(piece) / pace
                time.sleep(max(0.0, due - time.monotonic()))
            onward.sendall(piece)
        onward.shutdown(socket.SHUT_WR)
    except OSError:
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
