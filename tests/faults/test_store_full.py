"""The disk is full when somebody hands in: nothing half is kept, the application is not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.contract.options import StoreLimits
from kiosk.steps import Step
from offline_store.database import Store
from tests.journeys.city import City, eventually
from tests.journeys.resident import Resident
from tests.journeys.telling import sentence
from tests.journeys.test_staff import CARD, Member, invite
from tests.small_disk import MIB, SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """What the kiosk of `own_city` keeps lies on a disk of its own; mounted before it opens."""
    with small_disk(tmp_path / "kiosk", 32 * MIB) as made:
        yield made


def test_visit_under_way_gets_through_and_then_only_staff_are_let_in_until_there_is_room(
    disk: SmallDisk, own_city: City
) -> None:
    city = own_city
    limits = StoreLimits(reserve_mb=8, least_mb=2)
    city.config = city.config.model_copy(update={"store": limits})
    resident = Resident(city, *city.open())
    resident.jumps_to(Step.REVIEW)
    disk.fill()
    resident.hands_in()
    assert resident.receipt in resident.reads
    resident.leaves()
    city.close()

    later = Resident(city, *city.open_out_of_order())
    assert sentence("store.full", "zh") in later.reads
    eventually(lambda: city.report["closed"] == "store.full", "the hub knows")
    assert city.report["free_mb"] <= limits.reserve_mb + limits.least_mb
    technician = Member(later)
    _, code = invite(city, "technician")
    later.touches("bar.help").touches("help.staff").arrives_at(Step.IDENTIFY)
    later.lays(CARD).arrives_at(Step.STAFF_SIGN_IN).takes_the_card()
    technician.binds(code).is_in().sees("store", sentence("store.full", "zh"))
    technician.signs_out("staff.restart")
    city.close()

    later = Resident(city, *city.open_out_of_order())
    disk.make_room()
    later.kiosk.care.look()
    later.hands.wait_for(Step.ATTRACT)


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
