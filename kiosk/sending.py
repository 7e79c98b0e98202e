"""Commit first, print second, send third (decision 5); each stage says how it stands."""

from collections.abc import Callable

from devices.errors import DeviceFault
from kiosk.clock import Clock
from kiosk.contract.messages import SignedReceipt
from kiosk.printing import Printing, PrintJob
from kiosk.submission import Committed
from kiosk.timings import Timings
from kiosk.views import StageState
from kiosk.workers import Workers
from offline_store.errors import StoreError
from offline_store.outbox import Outbox

STAGES = ("committing", "printing", "sending")


class Sending:
    """The last stretch of an application. Lives on the UI thread; the work runs on lanes."""

    def __init__(
        self,
        commit: Callable[[], Committed],
        paper: Callable[[Committed], PrintJob],
        visit_id: str,
        print_wanted: bool,
        outbox: Outbox,
        printing: Printing,
        workers: Workers,
        clock: Clock,
        timings: Timings,
        committed: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        """`committed` is called once the store synced: the sync may start."""
        self.states = dict.fromkeys(STAGES, StageState.PENDING)
        self.committed: Committed | None = None
        self.fault_code: str | None = None
        """Why nothing was committed; the application is untouched and may be sent again."""
        self.print_fault: str | None = None
        self.printed = False
        self.confirmed = False
        self.hub_fault: str | None = None
        self._paper = paper
        self._visit_id = visit_id
        self._print_wanted = print_wanted
        self._outbox = outbox
        self._printing = printing
        self._workers = workers
        self._clock = clock
        self._timings = timings
        self._tell_committed = committed
        self._changed = changed
        self._sending_since = 0.0
        self._start(commit)

    @property
    def busy(self) -> bool:
        return not self.finished and self.fault_code is None

    @property
    def finished(self) -> bool:
        """Every stage has ended, one way or the other, and something was committed."""
        return self.committed is not None and all(
            state in (StageState.DONE, StageState.FAILED) for state in self.states.values()
        )

    def tick(self) -> None:
        """Stop waiting for the hub after a while; the outbox goes on by itself."""
        if (
            self.states["sending"] is StageState.ACTIVE
            and self.states["printing"] is not StageState.ACTIVE
            and self._clock.monotonic() - self._sending_since > self._timings.confirm_wait
        ):
            self._set("sending", StageState.FAILED)

    def receipt_came(self, receipt: SignedReceipt) -> None:
        """The sync got a signed receipt; ours or another's."""
        if self.committed and receipt.submission_id == self.committed.submission_id:
            self.confirmed = True
            self._set("sending", StageState.DONE)

    def sync_failed(self, _: str) -> None:
        """Some attempt to reach the hub failed. If it was ours: no need to keep the person
        waiting. Another's trouble is none of theirs."""
        committed = self.committed
        if committed is None or self.states["sending"] is not StageState.ACTIVE:
            return

        def looked_at(last_error: str | None) -> None:
            if last_error is not None and self.states["sending"] is StageState.ACTIVE:
                self.hub_fault = last_error
                self._set("sending", StageState.FAILED)

        self._workers.submit(
            "store",
            lambda: self._outbox.item(committed.submission_id).last_error,
            looked_at,
            lambda _: None,  # then the wait ends by time
        )

    # ---- stages

    def _start(self, commit: Callable[[], Committed]) -> None:
        # Handed on and not kept: it holds the person's application.
        self._set("committing", StageState.ACTIVE)
        self._workers.submit("store", commit, self._is_committed, self._not_committed)

    def _is_committed(self, committed: Committed) -> None:
        self.committed = committed
        self.states["committing"] = StageState.DONE
        self._sending_since = self._clock.monotonic()
        self.states["sending"] = StageState.ACTIVE
        self._tell_committed()
        if not self._print_wanted:
            self._set("printing", StageState.FAILED)
            return
        self._set("printing", StageState.ACTIVE)
        job = self._paper(committed)
        self._workers.submit(
            "printer",
            lambda: self._printing.print(job, self._visit_id),
            lambda _: self._is_printed(committed),
            self._not_printed,
        )

    def _not_committed(self, error: Exception) -> None:
        self.states["committing"] = StageState.FAILED
        self.fault_code = error.code if isinstance(error, StoreError) else "unexpected"
        self._changed()

    def _is_printed(self, committed: Committed) -> None:
        self.printed = True
        # Only now is the receipt no longer owed; a crash before this line owes it still.
        self._workers.submit(
            "store",
            lambda: self._outbox.receipt_printed(committed.receipt_number),
            lambda _: self._set("printing", StageState.DONE),
            lambda _: self._set("printing", StageState.DONE),
        )

    def _not_printed(self, error: Exception) -> None:
        self.print_fault = error.code if isinstance(error, DeviceFault) else "printer.error"
        self._set("printing", StageState.FAILED)

    def _set(self, stage: str, state: StageState) -> None:
        self.states[stage] = state
        self._changed()

