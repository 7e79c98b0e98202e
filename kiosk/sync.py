"""The way to the hub: each waiting submission is announced, uploaded and confirmed.

Runs on one thread of its own. One lane per submission: an item that fails waits for its own next
attempt and never holds up the others; a refusal for good goes to the shelf. The sealed bytes are
deleted only on the hub's own signed receipt for exactly this id and digest.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any

from kiosk.clock import Clock
from kiosk.contract.keys import signing_public_key
from kiosk.contract.messages import Announce, SignedReceipt, UploadOffer
from kiosk.contract.signing import SignatureError, verify_document
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import CHUNK, HubFault, HubLine, receipt_of
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
    ) -> None:
        """`confirmed` (every signed receipt) and `failed` (the fault code of an attempt) are
        called on the sync thread."""
        self._outbox = outbox
        self._line = line
        self._identity = identity
        self._clock = clock
        self._timings = timings
        self._confirmed = confirmed
        self._failed = failed
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
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
        try:
            signed = self.deliver(item)
            receipt = self._check(signed, item, identity)
        except HubFault as fault:
            self._has_failed(item, fault)
            return
        except Exception as error:  # noqa: BLE001 - whatever one item does, the others go on
            log.error("sync: %s: %s", item.submission_id, type(error).__name__)
            self._has_failed(item, HubFault("unexpected", True, type(error).__name__))
            return
        self.last_fault = None
        self._outbox.confirmed(
            item.submission_id, json.dumps(signed).encode(), receipt.case_number
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

    def deliver(self, item: OutboxItem) -> dict[str, Any]:
        """Announce, upload what is missing, wait for the signed receipt. Raises HubFault."""
        answer = self._line.announce(
            Announce(
                submission_id=item.submission_id,
                digest=item.digest,
                size=item.size,
                receipt_number=item.receipt_number,
            )
        )
        if not isinstance(answer, UploadOffer):
            return answer
        self._outbox.announced(item.submission_id, answer.upload_url, answer.expires.timestamp())
        offset = answer.offset
        if not 0 <= offset <= item.size:
            raise HubFault("hub.unreachable", True, "an offset outside the submission")
        while offset < item.size:
            if self._stopping.is_set():
                raise HubFault("hub.unreachable", True, "this kiosk is stopping")
            chunk = self._outbox.read(item.submission_id, offset, CHUNK)
            if self._line.upload_chunk(answer.upload_url, offset, chunk) != offset + len(chunk):
                raise HubFault("hub.unreachable", True, "an upload that does not move on")
            offset += len(chunk)
        return self._wait_for_receipt(item.submission_id)

    def _wait_for_receipt(self, submission_id: str) -> dict[str, Any]:
        limit = time.monotonic() + self._timings.hub_timeout[1]
        while (signed := self._ask_receipt(submission_id)) is None:
            if time.monotonic() > limit or self._stopping.wait(self._timings.hub_poll):
                raise HubFault("hub.unreachable", True, "no receipt yet")
        return signed

    def _ask_receipt(self, submission_id: str) -> dict[str, Any] | None:
        try:
            return self._line.receipt(submission_id)
        except HubFault as fault:
            if fault.code != "hub.not_found":
                raise
            # It does not know (any more) what was just uploaded: announce it again.
            raise HubFault("hub.upload_gone", True, "no such submission") from fault

    @staticmethod
    def _check(
        signed: dict[str, Any], item: OutboxItem, identity: DeviceIdentity
    ) -> SignedReceipt:
        """Only the hub's signature over exactly this id and digest counts."""
        try:
            document = verify_document(signed, signing_public_key(identity.hub.signing), "receipt")
        except SignatureError as error:
            raise HubFault("hub.unreachable", True, "a receipt not signed by our hub") from error
        receipt = receipt_of(document)
        if (receipt.submission_id, receipt.digest) != (item.submission_id, item.digest):
            raise HubFault("hub.unreachable", True, "a receipt of something else")
        return receipt


def backoff(attempts: int, timings: Timings, jitter: Callable[[], float] = random.random) -> float:
    """Seconds to wait after `attempts` failures: doubled, capped, between half and whole."""
    whole = min(timings.retry_cap, timings.retry_first * 2.0 ** min(attempts, 20))
    return whole * (0.5 + 0.5 * jitter())
