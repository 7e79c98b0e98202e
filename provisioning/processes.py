"""Child processes of the `yimen` command: started, waited for by condition, stopped in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent


class NotReady(Exception):
    """A process did not become ready; the text says which, why, and shows its last lines."""


class Child:
    """One process of ours, its output in a log file."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def tail(self, lines: int = 15) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def stop(self, timeout: float = 8.0) -> None:
        if self.alive:
            self.process.terminate()
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self) -> None:
        """As a power cut would: no chance to tidy up."""
        if self.alive:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Children:
    """Started in order, stopped in reverse. `with Children(folder) as children: …`"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: list[Child] = []

    def __enter__(self) -> "Children":
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in reversed(self._all):
            child.stop()

    def log(self, name: str) -> Path:
        """Where the output of a process goes."""
        return self._folder / f"{name}.log"

    def start(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> Child:
        log = self.log(name)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            )
        child = Child(name, process, log)
        self._all.append(child)
        return child

    def python(
        self, name: str, *arguments: str | Path, environment: Mapping[str, str] | None = None
    ) -> Child:
        return self.start(name, [sys.executable, *arguments], environment)


def wait_until(
    ready: Callable[[], bool], child: Child, what: str, seconds: float = 30.0
) -> None:
    """Wait for a condition; raises NotReady when the process ends or the time is up."""
    limit = time.monotonic() + seconds
    while not ready():
        if not child.alive:
            raise NotReady(f"{child.name} ended before {what}:\n{child.tail()}")
        if time.monotonic() > limit:
            raise NotReady(f"{child.name}: no {what} after {seconds:.0f} s:\n{child.tail()}")
        time.sleep(0.02)
