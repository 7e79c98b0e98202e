"""A card watch whose events carry the moment they came, for figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, Queue

from devices.cards import CardEvent, CardReader, CardWatch

LIMIT_SECONDS = 20.0


@dataclass(frozen=True)
class Timed:
    """at: seconds of time.monotonic(). mark: what `mark` said at that moment."""

    at: float
    mark: int
    event: CardEvent


class Events:
    """What a watch delivered, in order."""

    def __init__(self) -> None:
        self.queue: Queue[Timed] = Queue()

    def until(self, kind: type[CardEvent], *, present: bool | None = None) -> Timed:
        """The next event of that kind; those before it are dropped.

        present: for a ReaderState, which. Raises TimeoutError.
        """
        while True:
            try:
                timed = self.queue.get(timeout=LIMIT_SECONDS)
            except Empty:
                raise TimeoutError(f"no {kind.__name__} came") from None
            if isinstance(timed.event, kind) and present in (
                None, getattr(timed.event, "present", None)
            ):
                return timed


@contextmanager
def watching(reader: CardReader, mark: Callable[[], int] = lambda: 0) -> Iterator[Events]:
    events = Events()
    watch = CardWatch(
        [reader], lambda event: events.queue.put(Timed(time.monotonic(), mark(), event))
    )
    watch.start()
    try:
        yield events
    finally:
        watch.stop()
