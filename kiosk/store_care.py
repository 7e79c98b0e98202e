"""Looks after the store while the kiosk runs: room on the disk, what was deleted, damage.

A thread of its own. What it finds closes the kiosk to new visits (`closed`); a visit that is under
way goes on, and what it hands in gets through on the store's reserve.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.clock import Clock
from kiosk.contract.options import StoreLimits
from kiosk.rounds import Rounds
from offline_store.checks import Findings
from offline_store.database import Store
from offline_store.errors import DAMAGED, FULL, StoreError
from offline_store.recovery import Recovery
from offline_store.space import MIB, Room

log = logging.getLogger(__name__)

CHECKED = "checked.store"
"""Setting: when the whole file was last looked through (ISO 8601); null: it is due."""
NIGHT = range(1, 5)
"""Hours of local time in which the whole file is looked through, once a night."""
_LONGEST = timedelta(days=7)
"""A kiosk that is switched off at night is looked through in the day at last."""
_STOP_SECONDS = 2.0


@dataclass(frozen=True)
class StoreState:
    """What staff are told."""

    room: Room | None = None
    """None: not yet looked at."""
    recovery: Recovery | None = None
    """What this start had to mend."""
    findings: Findings = field(default_factory=Findings)


class StoreCare:
    def __init__(
        self,
        store: Store,
        limits: StoreLimits,
        clock: Clock,
        recovery: Recovery | None,
        every: float,
        changed: Callable[[], None],
    ) -> None:
        """`every`: seconds between two looks at the disk. `changed` is called on this thread when
        `closed` says something else."""
        self._store = store
        self._limits = limits
        self._clock = clock
        self._every = every
        self._changed = changed
        self.state = StoreState(recovery=recovery)
        self._untidy = threading.Event()
        self._rounds = Rounds("store-care", self._round, lambda: every, _STOP_SECONDS)

    def start(self) -> None:
        # Before the first visitor: whether anybody may come in.
        self._look()
        if self._store.ended_badly:
            self._store.settings.put(CHECKED, None)
        # What the last process deleted may not have been tidied away.
        self._untidy.set()
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()

    def deleted(self) -> None:
        """Sealed bytes were deleted: give their room back and leave no trace of them, soon."""
        self._untidy.set()
        self._rounds.wake()

    def look(self) -> None:
        """Somebody may have made room: look now."""
        self._rounds.wake()

    def closed(self) -> str | None:
        """Why no new visit may begin ("store.full", "store.damaged"); None while all is well."""
        if self.state.findings.damage:
            return DAMAGED
        return FULL if self.state.room is not None and not self.state.room.enough else None

    # ---- on the thread

    def _round(self) -> float:
        try:
            self._look_after()
        except StoreError as error:
            log.warning("store care: %s", error)
        return self._every

    def _look_after(self) -> None:
        self._look()
        if self._untidy.is_set() or self._store.free_bytes > 0:
            self._untidy.clear()
            if not self._store.tidy():
                self._untidy.set()  # somebody reads what the WAL holds
        if self._check_is_due():
            self._check()

    def _look(self) -> None:
        limits = self._limits
        room = self._store.space.look(limits.reserve_mb * MIB, limits.least_mb * MIB)
        self._tell(StoreState(room, self.state.recovery, self.state.findings))

    def _check_is_due(self) -> bool:
        said = self._store.settings.get(CHECKED)
        if not isinstance(said, str):
            return True
        now = self._clock.now().astimezone()
        age = now - datetime.fromisoformat(said)
        return age > _LONGEST or (now.hour in NIGHT and age > timedelta(hours=len(NIGHT) + 1))

    def _check(self) -> None:
        findings = self._store.check(self._rounds.stopping.is_set)
        if findings is None:
            return
        if findings.damage:
            log.error("store care: damage (%s; %d submissions): the next start recovers it",
                      findings.trees or findings.audit, len(findings.submissions))
            self._store.recover_next_time()
        else:
            self._store.settings.put(CHECKED, self._clock.now().isoformat())
            if findings.audit:
                log.error("store care: the audit trail: %s", findings.audit)
        self._tell(StoreState(self.state.room, self.state.recovery, findings))

    def _tell(self, state: StoreState) -> None:
        before = self.closed()
        self.state = state
        if self.closed() != before:
            log.warning("store care: %s", self.closed() or "room again")
            self._changed()
