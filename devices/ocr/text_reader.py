"""Reading text in pictures, by a process that is there only while somebody needs it."""

import json
import logging
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceFault
from devices.ocr.lines import TextLine

log = logging.getLogger(__name__)

IDLE_SECONDS = 20.0
"""Unused for so long, the process is ended: it holds some 500 MB."""
START_SECONDS = 40.0
ANSWER_SECONDS = 30.0
"""Limits for starting and for one picture; both take about a second on a machine with nothing
else to do, and the engine gives way to everything else."""
_MOST_PIXELS = 40_000_000
_MOST_ANSWER = 4_000_000  # bytes
_THREADS = max(1, (os.cpu_count() or 1) // 2)
_ROOT = Path(__file__).parents[2]
_NOTHING = np.zeros((0, 0, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class _Job:
    verb: str
    image: NDArray[np.uint8]
    answer: "Future[Mapping[str, Any]]"


class TextReader:
    """Owns the engine's process: started on first need, ended when idle and by `close`.

    Pictures go to it over a socket pair, nothing touches the disk. Every method may be called
    from any thread; pictures are read one after another.
    """

    def __init__(self, idle: float = IDLE_SECONDS, limit: float = ANSWER_SECONDS) -> None:
        """idle, limit: seconds, see IDLE_SECONDS and ANSWER_SECONDS. Costs nothing until used."""
        self._idle, self._limit = idle, limit
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._engine: _EngineProcess | None = None

    @property
    def pid(self) -> int | None:
        """The engine's process, None while there is none."""
        engine = self._engine
        return engine.pid if engine is not None and engine.alive else None

    def read(self, image: NDArray[np.uint8]) -> tuple[TextLine, ...]:
        """Every line of text in a picture (BGR, H×W×3 uint8), in no particular order; blocks.

        Raises DeviceFault "text.unreadable" (no picture, or one that the engine gives up on) and
        "text.engine_gone" (it died, hangs or cannot start; the next call starts it again).
        """
        answer = self._ask("read", image)
        return tuple(
            TextLine(text, tuple((x, y) for x, y in corners), confidence)  # type: ignore[arg-type]
            for text, corners, confidence in answer["lines"]
        )

    def turned(self, image: NDArray[np.uint8]) -> int | None:
        """How the most of the text stands: 0 upright, 180 upside down, None when there is too
        little text, or too little agreement, to tell. Raises as `read`."""
        turned = self._ask("turned", image)["turned"]
        return None if turned is None else int(turned)

    def warm_up(self) -> None:
        """Start the engine in the background: somebody will need it in a moment."""
        with self._lock:
            if not self._closed:
                self._start()
                self._jobs.put(_Job("", _NOTHING, Future()))

    def rest(self) -> None:
        """End the process now and give its memory back; the next call starts it again."""
        engine = self._engine
        if engine is not None:
            engine.kill()

    def close(self) -> None:
        """End the process for good; what is under way ends with "text.engine_gone"."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self._jobs.put(None)
        self.rest()
        if thread is not None:
            thread.join(5.0)

    def _ask(self, verb: str, image: NDArray[np.uint8]) -> Mapping[str, Any]:
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise DeviceFault("text.unreadable", "not a BGR picture")
        if not 0 < image.shape[0] * image.shape[1] <= _MOST_PIXELS:
            raise DeviceFault("text.unreadable", "a picture of no size or too large")
        job = _Job(verb, np.ascontiguousarray(image), Future())
        with self._lock:
            if self._closed:
                raise DeviceFault("text.engine_gone", "closed")
            self._start()
            self._jobs.put(job)
        answer = job.answer.result()
        if "fault" in answer:
            raise DeviceFault("text.unreadable", str(answer["fault"]))
        return answer

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="text-reader", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        """The engine's one master: the kernel ends a child when the *thread* that started it ends
        (PR_SET_PDEATHSIG), so none of the callers' threads may do it."""
        while (job := self._next()) is not None:
            try:
                engine = self._running()
                job.answer.set_result(engine.ask(job, self._limit) if job.verb else {})
            except DeviceFault as fault:
                self._end()
                job.answer.set_exception(fault)
            except Exception as error:  # noqa: BLE001 - the thread lives on, the caller hears of it
                self._end()
                log.error("text reader: %s", type(error).__name__)
                job.answer.set_exception(DeviceFault("text.engine_gone", type(error).__name__))
        self._end()
        while not self._jobs.empty():
            left = self._jobs.get()
            if left is not None:
                left.answer.set_exception(DeviceFault("text.engine_gone", "closed"))

    def _running(self) -> "_EngineProcess":
        """The engine, started where there is none. Raises DeviceFault "text.engine_gone"."""
        engine = self._engine
        if engine is None or not engine.alive:
            self._end()
            engine = self._engine = _EngineProcess()
            if self._closed:
                raise DeviceFault("text.engine_gone", "closed")
            engine.wait_until_ready(START_SECONDS)
        return engine

    def _next(self) -> _Job | None:
        if self._engine is not None:
            try:
                return self._jobs.get(timeout=self._idle)
            except queue.Empty:
                self._end()
        return self._jobs.get()

    def _end(self) -> None:
        if self._engine is not None:
            self._engine.end()
            self._engine = None  # only now: `pid` is None when the process is truly gone


class _EngineProcess:
    """One run of `devices.ocr.engine` and the wire to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._wire = ours
        command = [sys.executable, "-B", "-m", "devices.ocr.engine", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(os.getpid()), str(_THREADS)],
                pass_fds=(theirs.fileno(),),
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def wait_until_ready(self, limit: float) -> None:
        """The models are loaded. Raises DeviceFault "text.engine_gone"."""
        self._receive(time.monotonic() + limit)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: _Job, limit: float) -> Mapping[str, Any]:
        until = time.monotonic() + limit
        high, wide = job.image.shape[:2]
        head = json.dumps({"do": job.verb, "height": high, "width": wide}) + "\n"
        try:
            self._wire.settimeout(limit)
            self._wire.sendall(head.encode())
            self._wire.sendall(job.image.data.cast("B"))
        except OSError as error:
            raise DeviceFault("text.engine_gone", type(error).__name__) from None
        return self._receive(until)

    def _receive(self, until: float) -> Mapping[str, Any]:
        got = bytearray()
        try:
            while not got.endswith(b"\n"):
                self._wire.settimeout(max(0.001, until - time.monotonic()))
                part = self._wire.recv(65536)
                if not part or len(got) > _MOST_ANSWER:
                    raise DeviceFault("text.engine_gone", "the wire ended")
                got += part
            answer: Mapping[str, Any] = json.loads(got)
        except (OSError, ValueError) as error:
            raise DeviceFault("text.engine_gone", type(error).__name__) from None
        finally:
            got[:] = bytes(len(got))
        return answer

    def kill(self) -> None:
        """At once; whoever waits for an answer hears that the wire ended."""
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._wire.close()
