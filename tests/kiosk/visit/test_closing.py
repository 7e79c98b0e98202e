"""A kiosk that takes nobody in, and the technician it needs: let in where that can be."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devices.testbed.samv import SamvPty
from kiosk.device_identity import DeviceIdentity
from kiosk.steps import Step
from kiosk.visit import WrongStep
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import City
from tests.kiosk.visit.guest import Guest, catalog
from tests.kiosk.visit.staff_member import PIN, invite


@pytest.fixture
def technician(
    tmp_path: Path, store: Store, city: City, reader: SamvPty, hub: HubBehindRelay,
    enrolled: DeviceIdentity,
) -> Iterator[Guest]:
    """Somebody with the staff card before a kiosk whose store is full."""
    reader.heal()
    reader.remove()
    store.catalog.import_bundle(catalog())
    guest = Guest(tmp_path, store, city, reader=reader, url=hub.url)
    guest.place.hub._become(enrolled)
    closed_by(guest, "store.full")
    yield guest
    guest.close()


def closed_by(guest: Guest, code: str | None) -> None:
    guest.place.rooms = replace(guest.place.rooms, closed=lambda: code)
    guest.new_visit()


def test_technician_signs_in_at_a_kiosk_that_takes_nobody_in_and_starts_it_afresh(
    technician: Guest, hub: HubBehindRelay
) -> None:
    visit = technician.visit
    technician.at(Step.OUT_OF_ORDER)
    assert visit.closed is not None
    assert (visit.closed.code, visit.closed.door) == ("store.full", "")
    _, code = invite(hub, "technician")
    visit.open_staff()
    technician.lay("staff_liu")
    technician.recognised()
    technician.at(Step.STAFF_SIGN_IN)
    assert visit.closed is None
    visit.staff_first_time()
    for digits in (code, PIN, PIN):
        visit.staff_digits(digits)
    technician.on(Step.STAFF_HOME)
    assert visit.staff_home.may_restart
    visit.staff_restart()
    technician.until(lambda: technician.over == 1, "a fresh start")


def test_door_of_a_closed_kiosk_leads_back_to_where_it_was_and_into_no_visit(
    technician: Guest,
) -> None:
    visit = technician.visit
    for leave in (visit.back, visit.home):
        visit.open_staff()
        technician.at(Step.IDENTIFY)
        leave()
        technician.at(Step.OUT_OF_ORDER)
    visit.open_staff()
    technician.wait(200)  # nobody lays a card: the question, and the end
    technician.at(Step.GOODBYE)
    closed_by(technician, None)
    technician.visit.start()
    technician.visit.choose_language("zh")
    technician.visit.open_staff()
    technician.visit.back()
    technician.at(Step.HOME)


def test_door_tried_while_closed_is_no_way_back_once_the_kiosk_is_open(
    technician: Guest,
) -> None:
    visit = technician.visit
    visit.open_staff()
    visit.back()
    visit._rooms = replace(visit._rooms, closed=lambda: None)
    technician.frame()
    technician.at(Step.ATTRACT)
    technician.to_home()
    visit.open_search()
    visit.home()
    technician.at(Step.HOME)


def test_kiosk_that_knows_nobody_says_what_is_to_be_done_and_starts_afresh_when_asked(
    technician: Guest,
) -> None:
    technician.place.hub.identity = None
    closed_by(technician, None)
    visit = technician.visit
    technician.at(Step.OUT_OF_ORDER)
    assert not visit.can_open_staff
    visit.open_staff()
    technician.at(Step.OUT_OF_ORDER)
    assert visit.closed is not None
    assert visit.closed.code == "kiosk.not_enrolled"
    assert visit.closed.todo
    assert visit.closed.door
    visit.restart_closed()
    visit.restart_closed()
    assert technician.over == 1


def test_restart_without_signing_in_is_only_for_a_kiosk_that_knows_nobody(
    technician: Guest,
) -> None:
    technician.visit.restart_closed()
    assert technician.over == 0
    closed_by(technician, None)
    with pytest.raises(WrongStep):
        technician.visit.restart_closed()
