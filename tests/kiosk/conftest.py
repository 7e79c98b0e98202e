"""One real hub behind a relay for all tests of the kiosk, a store for each, wires for visits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.testbed.printer import PrinterTcp
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from kiosk.device_identity import DeviceIdentity, enrol
from kiosk.hub_line import HubLine
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import City, HandClock, bundle, new_city
from tests.kiosk.visit.guest import BAUD, Guest, catalog


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubBehindRelay]:
    """A running hub; tests leave it as they found it."""
    process = HubBehindRelay(tmp_path_factory.mktemp("hub") / "data").start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def enrolled(hub: HubBehindRelay, tmp_path_factory: pytest.TempPathFactory) -> DeviceIdentity:
    """A kiosk the hub knows, shared."""
    line = HubLine(hub.url, (2.0, 10.0))
    code = hub.run("enrol-code").strip()
    identity = enrol(tmp_path_factory.mktemp("enrolled"), line, code, "hall")
    line.close()
    return identity


@pytest.fixture
def line(hub: HubBehindRelay, enrolled: DeviceIdentity) -> Iterator[HubLine]:
    """A line of the shared kiosk."""
    line = HubLine(hub.url, (2.0, 5.0))
    line.sign_as(enrolled.kiosk_id, enrolled.private_key)
    yield line
    line.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "kiosk.db") as store:
        yield store


@pytest.fixture
def stocked(store: Store) -> Store:
    """A store that holds the city's catalog."""
    store.catalog.import_bundle(bundle())
    return store


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def city() -> City:
    """Keys of a hub whose private side the test holds."""
    return new_city()


# ---- visits


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the catalog; what tests hand in stays in it."""
    with Store.open(tmp_path_factory.mktemp("shop") / "kiosk.db") as store:
        store.catalog.import_bundle(catalog())
        yield store


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SamvPty]:
    reader = SamvPty(BAUD, link=tmp_path_factory.mktemp("wires") / "id_card")
    yield reader
    reader.close()


@pytest.fixture
def printer_line() -> Iterator[PrinterPty]:
    """On a serial line a receipt is text, so that what it says can be read off the paper."""
    with PrinterPty() as line:
        yield line


@pytest.fixture
def printer(printer_line: PrinterPty) -> PrinterTcp:
    """The paper and the faults of the printer on that line."""
    return printer_line.printer


@pytest.fixture
def guest(
    tmp_path: Path, shop: Store, city: City, reader: SamvPty, printer_line: PrinterPty
) -> Iterator[Guest]:
    """A person in front of a kiosk with card reader and printer, and no line to the city."""
    reader.heal()
    reader.remove()
    guest = Guest(tmp_path, shop, city, reader=reader, printer=printer_line)
    yield guest
    guest.close()
