"""What a running hub does by itself, now and then, on threads of their own."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("hub")


class Chore:
    """Supervised: whatever goes wrong once, the next time comes."""

    def __init__(
        self, name: str, work: Callable[[], object], every: float, first: float = 0.0
    ) -> None:
        """`work` is done `first` seconds after the start and then every `every` seconds."""
        self._name = name
        self._work = work
        self._every = every
        self._first = first
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is under way is finished first."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause = self._first
        while not self._stopping.wait(pause):
            pause = self._every
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 - supervisor, see the class
                log.error("%s: %s", self._name, type(error).__name__)
