"""A Unix socket beside the running app, for the command line and the tour.

One JSON object a line in, one a line out: {"do": "search", "query": "…"} → {"ok": true, …} or
{"ok": false, "error": "…"}. Only the user who runs the kiosk may connect (folder mode 0700).
"""

import contextlib
import json
import logging
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from devices.short_paths import short_name

log = logging.getLogger(__name__)

Answer = dict[str, Any]
Verb = Callable[[Mapping[str, Any]], Answer]
_LONGEST = 64 * 1024


class LocalSocket:
    """Serves `verbs` (called on socket threads) until closed."""

    def __init__(self, path: Path, verbs: Mapping[str, Verb]) -> None:
        self._path = path
        path.unlink(missing_ok=True)

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):  # who asked may hang up at any moment
                    while line := self.rfile.readline(_LONGEST):
                        self.wfile.write(json.dumps(_answer(line, verbs)).encode() + b"\n")

        with short_name(path) as name:
            self._server = _Server(name, Handler)
        path.chmod(0o600)
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True,
                         name="local-socket").start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


def ask(path: Path, verb: str, timeout: float = 5.0, **arguments: Any) -> Answer:
    """Ask a running app. Raises OSError when none listens, ValueError for a broken answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        with short_name(path) as name:
            connection.connect(name)
        connection.sendall(json.dumps({"do": verb, **arguments}).encode() + b"\n")
        with connection.makefile("rb") as lines:
            answer = json.loads(lines.readline() or b"null")
    if not isinstance(answer, dict):
        raise ValueError("the app hung up")
    return answer


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    allow_reuse_address = True


def _answer(line: bytes, verbs: Mapping[str, Verb]) -> Answer:
    try:
        request = json.loads(line)
        verb = verbs[request["do"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"ok": False, "error": f"ask for one of: {', '.join(sorted(verbs))}"}
    try:
        return {"ok": True, **verb(request)}
    except Exception as error:  # noqa: BLE001 - one bad question must not end the socket
        log.error("local socket: %s", type(error).__name__)
        return {"ok": False, "error": type(error).__name__}
