"""Lines to the hub that a test can break: a relay, and servers that answer as nobody should."""

import http.client
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests import shipped_catalog
from tests.hub.rig import HubProcess
from tests.kiosk.rig import ROOT, wait_until


class HubBehindRelay(HubProcess):
    """A real hub whose public address is a relay, so that a test can break the line."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.relay = Relay(0)

    @property
    def url(self) -> str:
        return self.relay.url

    def start(self, crash_at: str = "") -> "HubBehindRelay":
        ready = self.data.with_name("ready.json")
        ready.unlink(missing_ok=True)
        # Held while the hub starts: with SO_REUSEADDR it may bind the same free port, others not.
        reserved = socket.socket()
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", self.port))
        self.port = self.relay.target = reserved.getsockname()[1]
        with self.log.open("ab") as log:
            process = self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "--data", str(self.data), "--port", str(self.port),
                 "--ready-file", str(ready), "--public-url", self.relay.url,
                 "--catalog", str(shipped_catalog.written(self.data.parent))],
                cwd=ROOT, env=os.environ | {"YIMEN_HUB_CRASH_AT": crash_at}, stdout=log, stderr=log,
            )
        wait_until(lambda: ready.exists() or process.poll() is not None, "hub", 30)
        reserved.close()
        assert ready.exists(), self.log.read_text()
        return self

    def stop(self) -> None:
        super().stop()
        self.relay.close()


class Relay:
    """An HTTP relay on one port: passes everything on, or does what lines do on bad days."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.log: list[tuple[str, str, int]] = []
        """(method, path, status) of what was passed on."""
        self.portal_hits = 0
        self._swallow: list[tuple[str, str]] = []
        self._page: tuple[str, bytes] | None = None
        self.instead: dict[str, bytes] = {}
        """By path: what somebody on the line answers, in the hub's own content type."""
        self.endless: set[str] = set()
        """Paths that are answered without an end."""
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body go as two pieces: the second would wait 40 ms for the first's ACK.
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                relay._pass_on(self)

            do_GET = do_POST = do_HEAD = do_PATCH = do_OPTIONS = do_PUT = do_DELETE = handle_any

            def log_message(self, format: str, *args: object) -> None:
                """Silence: the relay keeps its own log."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A kiosk that hung up is what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def swallow_answer(self, method: str, path: str) -> None:
        """Once: the hub gets the next request that begins so, the kiosk never gets the answer."""
        self._swallow.append((method, path))

    def portal(self, content_type: str = "", page: bytes = b"") -> None:
        """Answer everything 200 with this page, as a captive portal does; nothing: back to duty."""
        self._page = (content_type, page) if content_type else None

    def heal(self) -> None:
        """Back to duty."""
        self._page = None
        self._swallow.clear()
        self.instead.clear()
        self.endless.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        if self._page is not None:
            self.portal_hits += 1
            _answer(handler, 200, [("Content-Type", self._page[0])], self._page[1])
            return
        upstream = http.client.HTTPConnection("127.0.0.1", self.target, timeout=10)
        try:
            upstream.request(handler.command, handler.path, body, dict(handler.headers))
            answer = upstream.getresponse()
            data = answer.read()
        except OSError:
            handler.close_connection = True
            return
        finally:
            upstream.close()
        self.log.append((handler.command, handler.path, answer.status))
        for wanted in self._swallow:
            if wanted[0] == handler.command and handler.path.startswith(wanted[1]):
                self._swallow.remove(wanted)
                handler.close_connection = True
                return
        data = self.instead.get(handler.path, data)
        if handler.path in self.endless:
            _answer_without_end(handler, answer.getheaders())
            return
        _answer(handler, answer.status, answer.getheaders(), data)


def _answer(
    handler: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        if name.lower() not in ("content-length", "connection", "transfer-encoding"):
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def _answer_without_end(
    handler: BaseHTTPRequestHandler, headers: list[tuple[str, str]]
) -> None:
    handler.send_response_only(200)
    for name, value in headers:
        if name.lower() == "content-type":
            handler.send_header(name, value)
    handler.end_headers()
    handler.close_connection = True
    while True:  # until the kiosk hangs up, which is an OSError here
        handler.wfile.write(b" " * (1 << 16))


class RawServer:
    """A plain TCP server that reads a request and answers with exactly these bytes, or hangs."""

    def __init__(self, answer: bytes | None) -> None:
        """None: take the request and say nothing."""
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._wires: list[socket.socket] = []
        self.asked = 0
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for wire in self._wires:
            wire.close()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            self._wires.append(wire)
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        try:
            wire.recv(65536)
            self.asked += 1
            if self._answer is not None:
                wire.sendall(self._answer)
                wire.shutdown(socket.SHUT_WR)
                wire.close()
        except OSError:
            pass  # the kiosk hung up first


def http_answer(status: str, content_type: str, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}",
             f"Content-Length: {len(body)}", "Connection: close",
             *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
