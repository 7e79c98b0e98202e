"""Work off the UI thread: one thread a lane, results back through one queue.

A lane does one thing after another ("printer", "store", "hub", "vision"), so that a slow
printer never holds up the hub. Results are delivered by `deliver`, which the UI calls once a
frame; nothing else of a worker ever touches UI state.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import TypeAlias, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
_Job = Callable[[], None]
_Lane: TypeAlias = "queue.SimpleQueue[tuple[_Job, bool] | None]"
"""Each job, and whether it must be done whatever happens; None is the end."""


class Workers:
    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._threads: list[threading.Thread] = []
        self._results: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._under_way = 0
        self._stopped = False

    def submit(
        self,
        lane: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        must: bool = False,
    ) -> None:
        """Run `work` on the lane's thread; `done` or `failed` runs on the UI thread later.

        must: not dropped by stop(), as what gives a device back.
        """

        def job() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - the seam: every failure goes to `failed`
                self._finish(lambda error=error: failed(error))  # type: ignore[misc]
            else:
                self._finish(lambda: done(result))

        with self._lock:
            if self._stopped:
                return
            self._under_way += 1
            if lane not in self._lanes:
                self._lanes[lane] = queue.SimpleQueue()
                thread = threading.Thread(
                    target=self._run, args=(self._lanes[lane],), name=f"lane-{lane}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._lanes[lane].put((job, must))

    def post(self, callback: Callable[[], None]) -> None:
        """Have `callback` run on the UI thread; for device events, from any thread."""
        self._results.put(callback)

    def deliver(self) -> int:
        """Run the waiting callbacks on the calling (UI) thread; returns how many there were."""
        count = 0
        while True:
            try:
                callback = self._results.get_nowait()
            except queue.Empty:
                return count
            callback()
            count += 1

    @property
    def idle(self) -> bool:
        """No lane works and no result waits; journeys let time pass only then."""
        with self._lock:
            return self._under_way == 0 and self._results.empty()

    def stop(self, timeout: float = 5.0) -> None:
        """Let every lane finish its present job, drop the rest but what must be done, and join
        the threads."""
        with self._lock:
            self._stopped = True
            for lane in self._lanes.values():
                lane.put(None)
        for thread in self._threads:
            thread.join(timeout)

    def _finish(self, callback: Callable[[], None]) -> None:
        # The result is queued before the count falls, so `idle` never lies in between.
        self._results.put(callback)
        with self._lock:
            self._under_way -= 1

    def _run(self, lane: _Lane) -> None:
        while (following := lane.get()) is not None:
            job, must = following
            if must or not self._stopped:
                job()
