"""The kiosk's own memory is damaged: what can be read is saved, and it works on."""

from kiosk.steps import Step
from kiosk.store_care import CHECKED
from offline_store.raw_wal import OUR_PAGE_SIZE
from offline_store.recovery import kept_files
from tests.journeys.resident import Resident, next_visitor
from tests.journeys.telling import sentence


def test_damaged_store_is_put_right_by_a_start_and_what_was_handed_in_gets_through(
    resident_of_own_city: Resident,
) -> None:
    resident = resident_of_own_city
    city = resident.city
    city.hub.stop()
    resident.jumps_to(Step.DONE)
    number, qr = resident.receipt, resident.visit.receipt.qr
    city.close()
    path = city.config.data / "kiosk.db"
    content = path.read_bytes()
    # The first page says what the tables are.
    path.write_bytes(bytes(OUR_PAGE_SIZE) + content[OUR_PAGE_SIZE:])

    city.hub.start()
    later = Resident(city, *city.open())
    assert len(kept_files(path)) == 1
    outbox = later.kiosk.store.outbox
    later.hands.wait_until(lambda: not outbox.waiting(), "the hub's signed receipt")
    assert len(city.case(number)) == 1
    later.shows_code(qr)
    later.hands.wait_until(lambda: not later.visit.status.loading, "an answer")
    assert later.visit.status.number == number


def test_damage_found_while_it_runs_takes_nobody_in_and_the_next_start_mends_it(
    resident: Resident,
) -> None:
    kiosk, city = resident.kiosk, resident.city
    kiosk.store.audit.append("kiosk.test", {"said": "this"})
    kiosk.store.settings.put(CHECKED, None)
    kiosk.store._connections.write(
        lambda connection: connection.execute(
            "UPDATE audit SET data = '{}' WHERE event = 'kiosk.test'"
        )
    )
    kiosk.care.look()
    resident.hands.wait_for(Step.OUT_OF_ORDER)
    assert sentence("store.damaged", "zh") in resident.reads
    guest = next_visitor(city)
    assert guest.kiosk.care.state.recovery is not None
    guest.jumps_to(Step.REVIEW).hands_in()
