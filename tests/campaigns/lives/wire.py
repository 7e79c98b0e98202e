"""A wire of JSON lines between a campaign and one life."""

from __future__ import annotations

import json
import select
import socket
from pathlib import Path
from typing import Any


class Wire:
    """The life's end. Messages wait until somebody takes them; none is lost by a slow reader."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        # Not before the campaign holds on to us: a life may be over at once.
        self._socket.recv(1)
        self._buffer = b""

    def tell(self, what: str, **more: Any) -> None:
        """Say that something has happened; it had happened before."""
        self._socket.sendall(json.dumps({"what": what, **more}).encode() + b"\n")

    def told(self, seconds: float | None) -> list[dict[str, Any]]:
        """What was said to us, waiting at most so long; None: until something comes."""
        ready, _, _ = select.select([self._socket], [], [], seconds)
        if ready:
            piece = self._socket.recv(65536)
            if not piece:
                raise EOFError("the campaign is over")
            self._buffer += piece
        *lines, self._buffer = self._buffer.split(b"\n")
        return [json.loads(line) for line in lines]
