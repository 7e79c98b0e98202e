"""The way to the hub: each waiting submission is announced, uploaded and confirmed.

One lane per submission: an item that fails waits for its own next attempt and never holds up the
others; a refusal for good goes to the shelf. Several lanes work at once, each a thread with a line
of its own: while the hub files one submission, the bytes of another use the line. The sealed bytes
are deleted only on the hub's own signed receipt for exactly this id and digest.
"""

import json
import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from kiosk.clock import Clock
from kiosk.contract.messages import SignedReceipt
from kiosk.delivery import Delivery, checked
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from kiosk.rounds import Rounds, stop_together
from kiosk.timings import Timings
from offline_store.outbox import Outbox, OutboxItem

log = logging.getLogger(__name__)


class Sync:
    """Supervised: whatever one submission does, its lane goes on with the next."""

    def __init__(
        self,
        outbox: Outbox,
        lines: Sequence[HubLine],
        identity: Callable[[], DeviceIdentity | None],
        clock: Clock,
        timings: Timings,
        confirmed: Callable[[SignedReceipt], None],
        failed: Callable[[str], None],
        keep_sealed: bool = False,
    ) -> None:
        """lines: one for each lane. `confirmed` (every signed receipt) and `failed` (the fault
        code of an attempt) are called on the lanes' threads. keep_sealed: leave confirmed bytes
        to `HubContact`."""
        self._outbox = outbox
        self._identity = identity
        self._clock = clock
        self._timings = timings
        self._confirmed = confirmed
        self._failed = failed
        self._keep_sealed = keep_sealed
        self._taking = threading.Lock()
        self._taken: set[str] = set()
        """Submissions on their way, each on one lane."""
        self.lanes = [self._lane(number, line) for number, line in enumerate(lines, 1)]
        self.last_fault: str | None = None
        """Why the newest attempt has to be repeated; None after one that was settled."""

    def start(self) -> None:
        for lane in self.lanes:
            lane.start()

    def stop(self) -> None:
        stop_together(*self.lanes)

    def wake(self) -> None:
        """Something was committed, or the line may be back: look now."""
        for lane in self.lanes:
            lane.wake()

    def busy(self) -> bool:
        """A submission is on its way: what only counts things waits meanwhile."""
        return bool(self._taken)

    def _lane(self, number: int, line: HubLine) -> Rounds:
        lane = Rounds(
            f"sync-{number}", lambda: self._round(delivery), lambda: self._timings.sync_idle
        )
        delivery = Delivery(self._outbox, line, self._timings, lane.stopping)
        return lane

    def _round(self, delivery: Delivery) -> float:
        """Try everything that is due once; seconds until the next attempt is due."""
        identity = self._identity()
        if identity is None:
            return self._timings.sync_idle
        next_due = self._timings.sync_idle
        for listed in self._outbox.waiting():
            if delivery.stopping.is_set():
                break
            if (due_in := self._due_in(listed)) > 0:
                next_due = min(next_due, due_in)
                continue
            with self._taken_now(listed.submission_id) as item:
                if item is None or item.state != "waiting" or self._due_in(item) > 0:
                    continue  # another lane has it, or had it since we looked
                self._try(item, identity, delivery)
                if (after := self._outbox.item(item.submission_id)).state == "waiting":
                    next_due = min(next_due, max(0.0, self._due_in(after)))
        return max(0.05, next_due)

    @contextmanager
    def _taken_now(self, submission_id: str) -> Iterator[OutboxItem | None]:
        """The item as it stands now, for this lane alone; None while another one has it."""
        with self._taking:
            free = submission_id not in self._taken
            if free:
                self._taken.add(submission_id)
        try:
            yield self._outbox.item(submission_id) if free else None
        finally:
            if free:
                self._taken.discard(submission_id)

    def _due_in(self, item: OutboxItem) -> float:
        """Seconds until the next attempt; 0 or less: now. No pause is longer than the cap, so a
        longer one means that the clock was set back meanwhile."""
        due_in = item.next_attempt - self._clock.now().timestamp()
        return 0.0 if due_in > self._timings.retry_cap else due_in

    def _try(self, item: OutboxItem, identity: DeviceIdentity, delivery: Delivery) -> None:
        try:
            signed = delivery.deliver(item)
            receipt = checked(signed, item, identity)
        except HubFault as fault:
            self._has_failed(item, fault)
            return
        except Exception as error:  # noqa: BLE001 - whatever one item does, the others go on
            log.error("sync: %s: %s", item.submission_id, type(error).__name__)
            self._has_failed(item, HubFault("unexpected", True, type(error).__name__))
            return
        self.last_fault = None
        self._outbox.confirmed(
            item.submission_id, json.dumps(signed).encode(), receipt.case_number,
            self._keep_sealed,
        )
        log.info("sync: %s confirmed", item.submission_id)
        self._confirmed(receipt)

    def _has_failed(self, item: OutboxItem, fault: HubFault) -> None:
        """Note it in the outbox first: who is told may look there whose attempt it was."""
        if fault.retryable:
            self.last_fault = fault.code
            pause = backoff(item.attempts, self._timings)
            self._outbox.attempted(
                item.submission_id, fault.code, self._clock.now().timestamp() + pause
            )
            log.info("sync: %s: %s, again in %.1f s", item.submission_id, fault.code, pause)
        else:
            self.last_fault = None  # a refusal for good came over a line that works
            self._outbox.shelved(item.submission_id, fault.code)
            log.warning("sync: %s shelved: %s", item.submission_id, fault.code)
        self._failed(fault.code)


def backoff(attempts: int, timings: Timings, jitter: Callable[[], float] = random.random) -> float:
    """Seconds to wait after `attempts` failures: doubled, capped, between half and whole."""
    whole = min(timings.retry_cap, timings.retry_first * 2.0 ** min(attempts, 20))
    return whole * (0.5 + 0.5 * jitter())
