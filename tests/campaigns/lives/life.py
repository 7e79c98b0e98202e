"""The campaign's side of one life: how it is born, spoken to, killed, and seen to be gone."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[3]
BIRTH_SECONDS = 30.0


class TooLong(Exception):
    """Something that had to happen did not, in time."""


class Warm:
    """The warm process. `with Warm(folder) as warm: life = warm.bear("hub", …)`"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        # One thread for linear algebra: a fork has only the thread that forked.
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.lives.warm"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        if self._answer() != 0:
            raise TooLong("the warm process did not start")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise TooLong(f"the warm process ended with {self._process.wait()}")
        return int(line)

    def bear(self, kind: str, log: Path, **given: Any) -> Life:
        """A new life of this kind; it may not yet be ready."""
        self._count += 1
        wire = self._folder / f"{self._count}.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(wire))
            listener.listen(1)
            listener.settimeout(BIRTH_SECONDS)
            assert self._process.stdin is not None
            line = {"life": kind, "wire": str(wire), "log": str(log), **given}
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()
            pid = self._answer()
            descriptor = os.pidfd_open(pid)
            end, _ = listener.accept()
            end.sendall(b"\n")
        wire.unlink()
        return Life(descriptor, end)


class Life:
    """One running kiosk or hub. `said` grows on a thread; look at it with `until`."""

    def __init__(self, descriptor: int, wire: socket.socket) -> None:
        self._descriptor = descriptor
        self._wire = wire
        self._change = threading.Condition()
        self._said: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def order(self, what: str, **more: Any) -> None:
        """Tell it to do something. One that is gone does nothing."""
        try:
            self._wire.sendall(json.dumps({"what": what, **more}).encode() + b"\n")
        except OSError:
            return

    @property
    def said(self) -> list[dict[str, Any]]:
        with self._change:
            return list(self._said)

    def last(self, what: str) -> dict[str, Any] | None:
        return next((line for line in reversed(self.said) if line["what"] == what), None)

    @property
    def gone(self) -> bool:
        """Ended: its files and locks are free."""
        return bool(select.select([self._descriptor], [], [], 0)[0])

    def until(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait for what it says. Raises TooLong, also when it ends instead."""
        limit = time.monotonic() + seconds
        with self._change:
            while not condition():
                if self.gone:
                    raise TooLong(f"it ended before {what}")
                if not self._change.wait(0.01) and time.monotonic() > limit:
                    raise TooLong(f"{what}: not within {seconds:.0f} s")

    def until_gone(self, seconds: float) -> bool:
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def kill(self) -> None:
        """SIGKILL, and wait until nothing of it is left."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        select.select([self._descriptor], [], [])
        # What it said before is still on the wire.
        self._thread.join(5)

    def bury(self) -> None:
        """Let go of its wire; it must be gone."""
        self._wire.close()
        os.close(self._descriptor)

    def _listen(self) -> None:
        try:
            with self._wire.makefile("r") as lines:
                for line in lines:
                    with self._change:
                        self._said.append(json.loads(line))
                        self._change.notify_all()
        except (OSError, ValueError):
            return
