"""Working the testbed from outside: a Unix socket, one JSON object a line.

    ask(folder / "control.sock", "card.insert", name="zhang_wei", reader="id_card")

Each request {"do": verb, …} is answered by {"ok": true, …} or {"ok": false, "error": "…"}.
"""

import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any, Self

from devices.short_paths import short_name

Verb = Callable[[Mapping[str, Any]], dict[str, Any]]

_LONGEST_REQUEST = 65_536
_ASK_SECONDS = 15.0


class ControlRefused(RuntimeError):
    """The testbed said no; the text says why."""


class ControlServer:
    """Answers on a Unix socket; one thread a connection, verbs run one after the other there."""

    def __init__(self, path: Path, verbs: Mapping[str, Verb]) -> None:
        self.path = path
        self._verbs = verbs
        self._listener = socket.socket(socket.AF_UNIX)
        path.unlink(missing_ok=True)
        with short_name(path) as name:
            self._listener.bind(name)
        path.chmod(0o600)
        self._listener.listen()
        Thread(target=self._accept, name="testbed-control", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering and take the socket away."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return  # closed
            Thread(target=self._serve, args=(wire,), name="testbed-ask", daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as lines, contextlib.suppress(OSError):
            while line := lines.readline(_LONGEST_REQUEST):
                wire.sendall(json.dumps(self._answer(line)).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            verb = self._verbs.get(str(request["do"]))
        except (ValueError, KeyError, TypeError):
            return {"ok": False, "error": "not a JSON object with a verb in “do”"}
        if verb is None:
            return {"ok": False, "error": f"no such verb: {request['do']}"}
        try:
            return {"ok": True, **verb(request)}
        except (KeyError, ValueError, TypeError, OSError, RuntimeError) as error:
            # What a wrong argument or a missing part raises; the asker reads it and goes on.
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}


def ask(path: Path | str, verb: str, /, **arguments: Any) -> dict[str, Any]:
    """Ask the testbed at `path` and give its answer.

    Raises ControlRefused when it says no, OSError when nobody answers.
    """
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(_ASK_SECONDS)
        with short_name(Path(path)) as name:
            wire.connect(name)
        wire.sendall(json.dumps({"do": verb, **arguments}).encode() + b"\n")
        with wire.makefile("rb") as lines:
            line = lines.readline()
    if not line:
        raise ConnectionError("the testbed closed the connection")
    answer: dict[str, Any] = json.loads(line)
    if not answer.pop("ok", False):
        raise ControlRefused(str(answer.get("error", "refused")))
    return answer
