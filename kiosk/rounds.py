"""What a kiosk does again and again in the background: a thread of its own, never given up."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

STOP_SECONDS = 1.0
"""Longest wait for a thread that is on the line. It may be cut off at any moment: what it did
not confirm is done again, and the next visit must not wait for a hub that hangs."""


class Rounds:
    """Calls `work` on a thread of its own, again when its pause is over or somebody wakes it."""

    def __init__(
        self,
        name: str,
        work: Callable[[], float],
        rest: Callable[[], float],
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """`work` returns the seconds until the next round; `rest` says them after an error that
        it did not expect. Of such an error only the type is logged: its text may quote anything.
        """
        self._name = name
        self._work = work
        self._rest = rest
        self._stop_seconds = stop_seconds
        self._woken = threading.Event()
        self.stopping = threading.Event()
        """Set at the end: long work looks at it in between."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something changed: look now, or once more after the round that is under way."""
        self._woken.set()

    def stop(self) -> None:
        """End, and wait for the thread for a moment at most. Also without a start."""
        stop_together(self)

    def _end(self) -> None:
        self.stopping.set()
        self._woken.set()

    def _join(self, since: float) -> None:
        if self._thread.is_alive():
            self._thread.join(max(0.0, since + self._stop_seconds - time.monotonic()))

    def _run(self) -> None:
        while True:
            self._woken.clear()
            if self.stopping.is_set():  # looked at after clearing: its wake may be gone with it
                return
            try:
                pause = self._work()
            except Exception as error:  # noqa: BLE001 - supervisor: the next round comes anyway
                log.error("%s: %s", self._name, type(error).__name__)
                pause = self._rest()
            self._woken.wait(pause)


def stop_together(*rounds: Rounds) -> None:
    """End them all, and wait no longer than for the slowest."""
    since = time.monotonic()
    for each in rounds:
        each._end()
    for each in rounds:
        each._join(since)
