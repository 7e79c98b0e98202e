"""What a running hub does by itself once a day: retention, and old sealing keys."""

import logging
import threading

from hub import drafts, key_rotation, retention
from hub.city import City

log = logging.getLogger("hub")

DAY = 86400.0


class Daily:
    """A thread that works shortly after the start and then every `every` seconds."""

    def __init__(self, city: City, every: float = DAY, first: float = 60.0) -> None:
        self._city = city
        self._every = every
        self._first = first
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daily", daemon=True)

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
                once(self._city)
            except Exception as error:  # noqa: BLE001 - supervisor: tomorrow is another day
                log.error("daily: %s", type(error).__name__)


def once(city: City) -> None:
    """Do the day's work now."""
    drafts.purge(city)
    done = retention.run(city, retention.read_rules(city.folders.root))
    log.info("retention: %s", done)
    with city.database.transaction() as session:
        kept = key_rotation.prune(session, city.folders.root, city.folders.keys)
    for key, whom in kept.items():
        log.info("old sealing key %s is still needed by %s", key, ", ".join(whom[:20]))
