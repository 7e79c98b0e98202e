"""Commit, print, send: each stage ends one way or the other, and never in the wrong order."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from devices.printers.layout import Cut, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed.printer import PrinterTcp
from kiosk.contract.messages import SignedReceipt
from kiosk.printing import Printing, PrintJob
from kiosk.sending import Sending
from kiosk.submission import Committed
from kiosk.timings import Timings
from kiosk.views import StageState
from kiosk.workers import Workers
from offline_store.database import Store
from offline_store.errors import FULL, StoreError
from tests.kiosk.rig import City, HandClock, hand_in, identity_for, wait_until

TIMINGS = Timings()


class Desk:
    """One Sending over a real store and a real printer wire."""

    def __init__(self, store: Store, city: City, printer: PrinterTcp) -> None:
        self.store, self.city, self.printer = store, city, printer
        self.clock, self.workers = HandClock(), Workers()
        self.woken = 0
        self.order: list[str] = []

    def send(
        self, commit: Callable[[], Committed] | None = None, visit: str = "v1", job_of: str = "v1"
    ) -> Sending:
        def committed() -> None:
            self.woken += 1

        def ours() -> Committed:
            done = hand_in(self.store, identity_for(self.city))
            self.order.append(f"committed with {len(self.printer.jobs)} prints")
            return done

        return Sending(
            commit=commit or ours,
            paper=lambda done: PrintJob(job_of, done.receipt_number,
                                        (Text(done.receipt_number), Cut())),
            visit_id=visit, print_wanted=True, outbox=self.store.outbox,
            printing=Printing(ReceiptPrinter(self.printer.address)), workers=self.workers,
            clock=self.clock, timings=TIMINGS, committed=committed, changed=lambda: None,
        )

    def until(self, condition: Callable[[], bool], what: str) -> None:
        def deliver() -> bool:
            self.workers.deliver()
            return condition()

        wait_until(deliver, what)

    def printed(self, sending: Sending) -> None:
        self.until(lambda: sending.states["printing"] in (StageState.DONE, StageState.FAILED),
                   "printed or not")


@pytest.fixture
def desk(store: Store, city: City) -> Iterator[Desk]:
    with PrinterTcp() as printer:
        desk = Desk(store, city, printer)
        yield desk
        desk.workers.stop()


def _receipt(submission_id: str) -> SignedReceipt:
    return SignedReceipt(submission_id=submission_id, digest="0" * 64, receipt_number="n",
                         case_number="1", received_at=datetime.now(UTC))


def test_commit_comes_before_the_first_byte_on_paper(desk: Desk) -> None:
    sending = desk.send()
    desk.printed(sending)
    assert desk.order == ["committed with 0 prints"]
    assert sending.printed
    assert desk.woken == 1
    assert desk.store.outbox.receipts_owed() == []


def test_full_store_prints_nothing_and_says_why(desk: Desk) -> None:
    def full() -> Committed:
        raise StoreError(FULL, "disk")

    sending = desk.send(full)
    desk.until(lambda: sending.fault_code is not None, "failed")
    assert sending.fault_code == "store.full"
    assert not sending.busy
    assert not sending.finished
    assert desk.woken == 0
    assert desk.printer.jobs == []


def test_job_of_another_visit_stays_unprinted_and_owed(desk: Desk) -> None:
    sending = desk.send(visit="v2", job_of="v1")
    desk.printed(sending)
    assert not sending.printed
    assert desk.printer.jobs == []
    assert len(desk.store.outbox.receipts_owed()) == 1


def test_receipt_of_the_hub_ends_the_wait_only_when_it_is_ours(desk: Desk) -> None:
    sending = desk.send()
    desk.printed(sending)
    assert sending.committed is not None
    sending.receipt_came(_receipt("f" * 32))
    assert not sending.finished
    sending.receipt_came(_receipt(sending.committed.submission_id))
    assert sending.finished
    assert sending.confirmed


def test_wait_for_the_hub_ends_after_its_time_and_a_late_receipt_still_counts(desk: Desk) -> None:
    sending = desk.send()
    desk.printed(sending)
    desk.clock.pass_by(TIMINGS.confirm_wait - 0.1)
    sending.tick()
    assert sending.busy
    desk.clock.pass_by(0.2)
    sending.tick()
    assert sending.finished
    assert not sending.confirmed
    assert sending.committed is not None
    sending.receipt_came(_receipt(sending.committed.submission_id))
    assert sending.confirmed


def test_only_trouble_of_this_submission_is_told_to_this_person(desk: Desk) -> None:
    other = hand_in(desk.store, identity_for(desk.city))
    sending = desk.send()
    desk.printed(sending)
    assert sending.committed is not None
    desk.store.outbox.shelved(other.submission_id, "hub.digest_conflict")
    sending.sync_failed("hub.digest_conflict")
    desk.until(lambda: desk.workers.idle, "looked")
    assert sending.states["sending"] is StageState.ACTIVE
    assert sending.hub_fault is None
    desk.store.outbox.attempted(sending.committed.submission_id, "hub.busy", 0)
    sending.sync_failed("hub.busy")
    desk.until(lambda: sending.finished, "told")
    assert sending.hub_fault == "hub.busy"


def test_slow_store_keeps_the_person_waiting_and_nothing_is_lost(desk: Desk) -> None:
    go = threading.Event()

    def slow() -> Committed:
        go.wait()
        return hand_in(desk.store, identity_for(desk.city))

    sending = desk.send(slow)
    desk.clock.pass_by(1000)
    sending.tick()
    assert sending.busy
    go.set()
    desk.printed(sending)
    assert sending.printed
