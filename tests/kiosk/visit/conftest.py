"""A member of staff before a kiosk that the running hub knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.device_identity import DeviceIdentity
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import City
from tests.kiosk.visit.guest import Guest, catalog


@pytest.fixture
def member(
    tmp_path: Path, store: Store, city: City, reader: SamvPty, printer_line: PrinterPty,
    hub: HubBehindRelay, enrolled: DeviceIdentity,
) -> Iterator[Guest]:
    """Somebody with the staff card before a kiosk that the running hub knows."""
    reader.heal()
    reader.remove()
    store.catalog.import_bundle(catalog())
    guest = Guest(tmp_path, store, city, reader=reader, printer=printer_line, url=hub.url)
    guest.place.hub._become(enrolled)
    guest.visit = guest.new_visit()
    yield guest
    guest.close()
