"""Waiting for a card and knowing who laid it down; readers are read only while somebody asks."""

from collections.abc import Callable, Sequence

from devices.cards.events import (
    CardEvent,
    CardFault,
    CardGone,
    CardRead,
    CardReader,
    CardSeen,
    ReaderState,
)
from devices.cards.travel_document import AccessKey
from devices.cards.watch import CardWatch
from kiosk.clock import Clock
from kiosk.person import Person
from kiosk.timings import Timings
from kiosk.views import IdentifyState
from kiosk.workers import Workers

KeySource = Callable[[], AccessKey | None]
"""The key of a passport's chip, None while its printed lines are not known; from any thread."""
_OF_PASSPORTS = frozenset({"card.needs_mrz", "card.wrong_mrz", "card.needs_pace"})


class Identification:
    """One try to identify, from opening the readers to a person. Lives on the UI thread."""

    def __init__(
        self,
        readers: Callable[[KeySource], Sequence[CardReader]],
        workers: Workers,
        clock: Clock,
        timings: Timings,
        purpose: str,
        accept: Callable[[Person], str | None],
        changed: Callable[[], None],
        *,
        key: KeySource = lambda: None,
        passports: bool = True,
    ) -> None:
        """`accept` says what is wrong with a person (a fault code) or None when they may go on.

        passports: False where a passport would not do, so that nobody has to open its chip first.
        """
        self.purpose = purpose
        self.state = IdentifyState.WAITING
        self.fault_code: str | None = None
        self.readers: dict[str, bool] = {}
        self.person: Person | None = None
        self._accept = accept
        self._changed = changed
        self._workers = workers
        self._clock = clock
        self._timings = timings
        self._since = clock.monotonic()
        self._closed = False
        self._readers = readers
        self._key, self._passports = key, passports
        self._watch = self._new_watch()

    @property
    def recognised(self) -> bool:
        """A person was read, and their name stood on the screen long enough to be seen."""
        return (
            self.state is IdentifyState.RECOGNISED
            and self._clock.monotonic() - self._since >= self._timings.recognised
        )

    @property
    def busy(self) -> bool:
        return self.state is IdentifyState.READING

    def tick(self) -> None:
        """Explain how to lay the card when none came for a while."""
        if (
            self.state is IdentifyState.WAITING
            and self.fault_code is None
            and self._clock.monotonic() - self._since > self._timings.card_wait_hint
        ):
            self.fault_code = "card.absent"
            self._changed()

    def retry(self) -> None:
        """Look at the readers afresh: the card may be lying there still."""
        if self._closed or self.state in (IdentifyState.READING, IdentifyState.RECOGNISED):
            return
        self._workers.submit("cards", self._watch.stop, lambda _: None, self._broken, must=True)
        self._watch = self._new_watch()
        self._set(IdentifyState.WAITING, None)

    def calm(self) -> None:
        """Forget a fault that has been dealt with; the readers go on."""
        if self.state is IdentifyState.FAULT or self.fault_code is not None:
            self._set(IdentifyState.WAITING, None)

    def close(self) -> None:
        """Stop reading; events still under way are dropped."""
        if not self._closed:
            self._closed = True
            self._workers.submit("cards", self._watch.stop, lambda _: None, self._broken, must=True)

    def _new_watch(self) -> CardWatch:
        """Opens after the one before has closed: both jobs run on the same lane."""
        readers = self._readers(self._key)
        self._expected = len(readers)
        watch = CardWatch(
            readers,
            lambda event: self._workers.post(lambda: self._heard(watch, event)),
        )
        self._workers.submit("cards", watch.start, lambda _: None, self._broken)
        return watch

    def _heard(self, watch: CardWatch, event: CardEvent) -> None:
        if watch is self._watch:  # of one given up meanwhile nobody wants to hear
            self._happened(event)

    def _happened(self, event: CardEvent) -> None:
        if self._closed or self.state is IdentifyState.RECOGNISED:
            return
        match event:
            case ReaderState(reader=reader, present=present):
                self.readers[reader] = present
                heard_of_all = len(self.readers) == self._expected
                if heard_of_all and not any(self.readers.values()):
                    self._set(IdentifyState.FAULT, "reader.gone")
                elif self.fault_code == "reader.gone":
                    self._set(IdentifyState.WAITING, None)
                else:
                    self._changed()
            case CardSeen():
                self._set(IdentifyState.READING, None)
            case CardFault(code=code):
                if code in _OF_PASSPORTS and not self._passports:
                    code = "document.not_for_this_service"
                if code != "reader.gone":
                    self._set(IdentifyState.FAULT, code)
            case CardRead(document=document):
                person = Person(document)
                problem = self._accept(person)
                if problem is not None:
                    self._set(IdentifyState.FAULT, problem)
                    return
                self.person = person
                self._set(IdentifyState.RECOGNISED, None)
            case CardGone():
                # A message must outlive the card it is about (facts: errors that vanish when
                # the card is pulled early), so a fault stays until the next card or a touch.
                if self.state is IdentifyState.READING:
                    self._set(IdentifyState.FAULT, "card.removed")

    def _set(self, state: IdentifyState, fault_code: str | None) -> None:
        self.state, self.fault_code = state, fault_code
        self._since = self._clock.monotonic()
        self._changed()

    def _broken(self, error: Exception) -> None:
        if not self._closed:
            self._set(IdentifyState.FAULT, "reader.gone")
