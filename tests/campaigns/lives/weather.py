"""Bad weather between a kiosk and its hub: a relay that passes requests on, or does what lines,
portals and proxies do to them.

    with Relay(hub_port) as relay:
        relay.weather = Weather("answer lost", Random(7), share=0.5)
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Self

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_HUNG_SECONDS = 4.0
"""A request that is lost is answered by nobody; the kiosk gives up long before."""
_PAGE = b"<!doctype html><title>Welcome</title><p>Please accept the terms of this network."
_STATUSES = (400, 401, 403, 404, 405, 408, 409, 410, 413, 421, 429, 451,
             500, 501, 502, 503, 504, 511, 599)  # fmt: skip
_TYPES = ("text/html", "application/json", "text/plain", "")

KINDS = (
    "latency", "loss", "reset at once", "reset mid-chunk", "answer cut", "answer lost",
    "request doubled", "answers out of order", "captive page", "storm of errors",
)  # fmt: skip


@dataclass
class Weather:
    """One kind of trouble, for the first request and this share of the others, until it has struck
    `most` times."""

    kind: str
    chance: Random
    share: float = 0.5
    most: int = 6
    struck: int = 0

    def strikes(self) -> bool:
        if self.struck >= self.most or (self.struck and self.chance.random() >= self.share):
            return False
        self.struck += 1
        return True


@dataclass
class _Request:
    method: str
    path: str
    head: bytes
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def raw(self, method: str) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Of The Line"]
        lines += [f"{name}: {value}" for name, value in self.headers
                  if name.lower() not in ("content-length", "connection", "transfer-encoding")]
        lines += [f"Content-Length: {len(self.body)}", "Connection: close", "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        return head if method == "HEAD" else head + self.body


class Relay:
    """`url` is the hub's public address."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.weather: Weather | None = None
        self.struck: Counter[str] = Counter()
        self._earlier: dict[str, _Answer] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        wire.settimeout(30)
        with wire, contextlib.suppress(OSError, http.client.HTTPException):
            request = _read(wire)
            if request is None:
                return
            with self._lock:
                weather = self.weather
                kind = weather.kind if weather is not None and weather.strikes() else ""
                chance = Random(weather.chance.random()) if weather is not None else Random(0)
                if kind:
                    self.struck[kind] += 1
            self._treat(wire, request, kind, chance)

    def _treat(self, wire: socket.socket, request: _Request, kind: str, chance: Random) -> None:
        method = request.method
        match kind:
            case "loss":
                time.sleep(_HUNG_SECONDS)
            case "reset at once":
                _reset(wire)
            case "reset mid-chunk":
                self._break_off(request, chance)
                _reset(wire)
            case "answer lost":
                self._ask(request)
                _reset(wire)
            case "answer cut":
                raw = self._ask(request).raw(method)
                wire.sendall(raw[: chance.randrange(len(raw))])
                _reset(wire)
            case "request doubled":
                first, second = self._ask(request), self._ask(request)
                wire.sendall(chance.choice((first, second)).raw(method))
            case "answers out of order":
                with self._lock:
                    earlier = self._earlier.get(method)
                answer = self._ask(request)
                wire.sendall((earlier or answer).raw(method))
            case "captive page":
                wire.sendall(_portal(chance).raw(method))
            case "storm of errors":
                told = [("Content-Type", chance.choice(_TYPES)), ("Retry-After", "120")]
                wire.sendall(_Answer(chance.choice(_STATUSES), told, _PAGE).raw(method))
            case _:
                if kind == "latency":
                    time.sleep(chance.uniform(0.05, 0.9))
                wire.sendall(self._ask(request).raw(method))

    def _ask(self, request: _Request) -> _Answer:
        hub = http.client.HTTPConnection("127.0.0.1", self._target, timeout=20)
        with contextlib.closing(hub):
            hub.request(request.method, request.path, request.body, request.headers)
            reply = hub.getresponse()
            answer = _Answer(reply.status, reply.getheaders(), reply.read())
        with self._lock:
            self._earlier[request.method] = answer
        return answer

    def _break_off(self, request: _Request, chance: Random) -> None:
        """The hub gets the head and a part of the body, then the line is reset."""
        with socket.create_connection(("127.0.0.1", self._target), timeout=20) as hub:
            hub.sendall(request.head + request.body[: chance.randrange(len(request.body) + 1)])
            time.sleep(chance.uniform(0, 0.05))  # what arrived may be on the disk, or not yet
            _reset(hub)


def _portal(chance: Random) -> _Answer:
    html = [("Content-Type", "text/html")]
    return chance.choice((
        _Answer(200, html, _PAGE),
        _Answer(201, html, _PAGE),
        _Answer(204, [], b""),
        _Answer(200, [("Content-Type", "application/json")], b'{"login": "required"}'),
        _Answer(201, [("Content-Type", "application/json")], b"[]"),
        _Answer(302, [("Location", "http://portal.invalid/"), *html], _PAGE),
        _Answer(511, html, _PAGE),
    ))  # fmt: skip


def _read(wire: socket.socket) -> _Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = wire.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int({name.lower(): value for name, value in headers.items()}.get("content-length", 0))
    while len(body) < length:
        piece = wire.recv(1 << 20)
        if not piece:
            return None
        body += piece
    method, path, _ = first.split(" ", 2)
    return _Request(method, path, head + b"\r\n\r\n", body, headers)


def _reset(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        wire.close()
