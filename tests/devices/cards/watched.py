"""A watch over readers whose events tests take one at a time."""

import time
from queue import Queue

from devices.cards import CardEvent, CardReader, CardWatch
from devices.identity import IdentityDocument
from devices.testbed.cards import sample_card

LIMIT = 8.0
"""Seconds an event may take to come."""


def document_of(name: str) -> IdentityDocument:
    document = sample_card(name).document
    assert document is not None
    return document


class Watched:
    """A CardWatch whose events come one at a time, with the time they came."""

    def __init__(self, *readers: CardReader) -> None:
        self._events: Queue[tuple[float, CardEvent]] = Queue()
        self.watch = CardWatch(
            readers, lambda event: self._events.put((time.monotonic(), event))
        )
        self.came_at = 0.0
        self.watch.start()

    def next(self) -> CardEvent:
        self.came_at, event = self._events.get(timeout=LIMIT)
        return event

    def expect(self, *events: CardEvent) -> None:
        for event in events:
            assert self.next() == event
