"""The disk is full when somebody hands in: nothing half is kept, the application is not lost."""

from kiosk.steps import Step
from offline_store.database import Store
from tests.journeys.resident import Resident


def test_full_store_is_told_and_handing_in_works_when_there_is_room(resident: Resident) -> None:
    store = resident.kiosk.store
    resident.jumps_to(Step.REVIEW)
    jobs = len(resident.city.bench.printer.jobs)
    limit_pages(store, spare=4)
    resident.touches("review.submit").arrives_at(Step.SENDING).is_told("store.full")
    assert not store.outbox.waiting()
    assert not store.outbox.receipts_owed()
    assert len(resident.city.bench.printer.jobs) == jobs
    limit_pages(store, spare=100_000)
    resident.touches("fault.retry").arrives_at(Step.REVIEW).hands_in()
    assert resident.receipt in resident.reads


def limit_pages(store: Store, spare: int) -> None:
    """SQLite's own limit on the real file: so many pages more than it has now."""
    store._connections.write(
        lambda connection: connection.execute(
            "PRAGMA max_page_count = "
            f"{connection.execute('PRAGMA page_count').fetchone()[0] + spare}"
        ).fetchone()
    )
