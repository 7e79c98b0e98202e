"""The way to the hub: each waiting submission is announced, uploaded and confirmed.

Runs on one thread of its own. One lane per submission: an item that fails waits for its own next
attempt and never holds up the others; a refusal for good goes to the shelf. The sealed bytes are
deleted only on the hub's own signed receipt for exactly this id and digest.
"""

import json
import logging
import random
import threading
from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.contract.messages import SignedReceipt
from kiosk.delivery import Delivery, checked
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from kiosk.timings import Timings
from offline_store.outbox import Outbox, OutboxItem

log = logging.getLogger(__name__)

STOP_SECONDS = 1.0
"""Longest wait for a thread that is on the line. It may be cut off at any moment: what it did
not confirm is done again, and the next visit must not wait for a hub that hangs."""


class Sync:
    """Supervised: whatever one submission does, the thread goes on with the next."""

    def __init__(
        self,
        outbox: Outbox,
        line: HubLine,
        identity: Callable[[], DeviceIdentity | None],
        clock: Clock,
        timings: Timings,
        confirmed: Callable[[SignedReceipt], None],
        failed: Callable[[str], None],
        keep_sealed: bool = False,
    ) -> None:
        """`confirmed` (every signed receipt) and `failed` (the fault code of an attempt) are
        called on the sync thread. keep_sealed: leave confirmed bytes to `HubContact`."""
        self._outbox = outbox
        self._line = line
        self._identity = identity
        self._clock = clock
        self._timings = timings
        self._confirmed = confirmed
        self._failed = failed
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._keep_sealed = keep_sealed
        self._delivery = Delivery(outbox, line, timings, self._stopping)
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self.busy = threading.Event()
        """Set while a submission is on its way: what only counts things waits meanwhile."""
        self.last_fault: str | None = None
        """Why the newest attempt has to be repeated; None after one that was settled."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def wake(self) -> None:
        """Something was committed, or the line may be back: look now."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            pause = self._timings.sync_idle
            try:
                pause = self._round()
            except Exception as error:  # noqa: BLE001 - supervisor: the outbox must go on emptying
                log.error("sync: %s", type(error).__name__)
            self._wake.wait(pause)

    def _round(self) -> float:
        """Try everything that is due once; seconds until the next attempt is due."""
        identity = self._identity()
        if identity is None:
            return self._timings.sync_idle
        next_due = self._timings.sync_idle
        for item in self._outbox.waiting():
            if self._stopping.is_set():
                break
            if (due_in := self._due_in(item)) > 0:
                next_due = min(next_due, due_in)
                continue
            self._attempt(item, identity)
            if (after := self._outbox.item(item.submission_id)).state == "waiting":
                next_due = min(next_due, max(0.0, self._due_in(after)))
        return max(0.05, next_due)

    def _due_in(self, item: OutboxItem) -> float:
        """Seconds until the next attempt; 0 or less: now. No pause is longer than the cap, so a
        longer one means that the clock was set back meanwhile."""
        due_in = item.next_attempt - self._clock.now().timestamp()
        return 0.0 if due_in > self._timings.retry_cap else due_in

    def _attempt(self, item: OutboxItem, identity: DeviceIdentity) -> None:
        self.busy.set()
        try:
            self._try(item, identity)
        finally:
            self.busy.clear()

    def _try(self, item: OutboxItem, identity: DeviceIdentity) -> None:
        try:
            signed = self._delivery.deliver(item)
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
