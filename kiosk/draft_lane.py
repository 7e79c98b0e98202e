"""Drafts on their way: uploaded so that other kiosks find them, deleted at the hub when done.

On a thread and a line of its own, behind what people handed in: while a submission is on its way,
drafts wait. Each draft has its own next attempt.
"""

import logging
from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.contract.drafts import MEDIA_TYPE
from kiosk.device_identity import DeviceIdentity
from kiosk.drafts import hub_state, read_state
from kiosk.hub_line import HubFault, HubLine
from kiosk.rounds import Rounds
from kiosk.sync import backoff
from kiosk.timings import Timings
from offline_store.drafts import DraftRow, Drafts

log = logging.getLogger(__name__)

_NO_LINE = frozenset({"hub.unreachable", "hub.captive_portal"})


class DraftLane:
    """Supervised: whatever one draft does, the thread goes on with the next."""

    def __init__(
        self,
        drafts: Drafts,
        line: HubLine,
        identity: Callable[[], DeviceIdentity | None],
        clock: Clock,
        timings: Timings,
        busy: Callable[[], bool],
    ) -> None:
        """`busy`: a submission is on its way."""
        self._drafts = drafts
        self._line = line
        self._identity = identity
        self._clock = clock
        self._timings = timings
        self._busy = busy
        self.rounds = Rounds("drafts", self._round, lambda: timings.sync_idle)

    def start(self) -> None:
        self.rounds.start()

    def stop(self) -> None:
        self.rounds.stop()

    def wake(self) -> None:
        """A draft was kept or dropped: look now."""
        self.rounds.wake()

    def _round(self) -> float:
        """Delete what has expired, try what is due once; seconds until something is due."""
        self._drafts.expire(self._clock.now().timestamp())
        identity, next_due = self._identity(), self._timings.sync_idle
        if identity is None:
            return next_due
        for row in self._drafts.under_way():
            if self.rounds.stopping.is_set() or self._busy():
                break
            due_in = self._due_in(row)
            if due_in > 0:
                next_due = min(next_due, due_in)
            elif not self._attempt(row, identity):
                break  # no line for this one, none for the others
        return max(0.05, next_due)

    def _due_in(self, row: DraftRow) -> float:
        """Seconds until the next attempt; 0 or less: now. No pause is longer than the longest, so
        a longer one means that the clock was set back meanwhile."""
        due_in = row.next_attempt - self._clock.now().timestamp()
        longest = max(self._timings.draft_check, self._timings.retry_cap)
        return 0.0 if due_in > longest else due_in

    def _attempt(self, row: DraftRow, identity: DeviceIdentity) -> bool:
        """False when the hub cannot be reached."""
        now = self._clock.now().timestamp()
        try:
            if row.state == "gone":
                self._finish(row, identity)
            elif row.at_hub:
                self._ask(row, identity, now)
            else:
                self._upload(row, identity, now)
        except HubFault as fault:
            # What was refused for good stays here, opens here, and expires here.
            pause = (
                backoff(row.attempts, self._timings) if fault.retryable
                else self._timings.draft_check
            )
            self._drafts.attempted(row.draft_id, fault.code, now + pause)
            log.info("drafts: %s, again in %.1f s", fault.code, pause)
            return fault.code not in _NO_LINE
        return True

    def _upload(self, row: DraftRow, identity: DeviceIdentity, now: float) -> None:
        sealed = self._drafts.read(row.draft_id)
        if sealed is None:  # dropped or expired since we looked
            return
        try:
            answer = self._line.put(f"/v1/drafts/{row.draft_id}", sealed, MEDIA_TYPE)
        except HubFault as fault:
            if fault.code != "draft.finished":
                raise
            self._ask(row, identity, now)  # the refusal is not signed, this answer is
            return
        if read_state(answer, row.draft_id, identity) == "held":
            self._drafts.uploaded(row.draft_id, now + self._timings.draft_check)

    def _ask(self, row: DraftRow, identity: DeviceIdentity, now: float) -> None:
        """Whether it was handed in elsewhere, or the hub forgot it (restored from a backup)."""
        state = hub_state(row.draft_id, self._line, identity)
        if state == "finished":
            self._drafts.finished_elsewhere(row.draft_id)
        elif state == "unknown":
            self._drafts.lost_at_hub(row.draft_id)
        else:
            self._drafts.uploaded(row.draft_id, now + self._timings.draft_check)

    def _finish(self, row: DraftRow, identity: DeviceIdentity) -> None:
        answer = self._line.delete(f"/v1/drafts/{row.draft_id}")
        if read_state(answer, row.draft_id, identity) != "held":
            self._drafts.settled(row.draft_id)
