"""Wires for visits: one store with the catalog, one card reader and one printer a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.testbed.printer import PrinterTcp
from devices.testbed.samv import SamvPty
from offline_store.database import Store
from tests.kiosk.rig import City
from tests.kiosk.visit.guest import BAUD, Guest, catalog


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
def printer() -> Iterator[PrinterTcp]:
    with PrinterTcp() as printer:
        yield printer


@pytest.fixture
def guest(
    tmp_path: Path, shop: Store, city: City, reader: SamvPty, printer: PrinterTcp
) -> Iterator[Guest]:
    """A person in front of a kiosk with card reader and printer, and no line to the city."""
    reader.heal()
    reader.remove()
    guest = Guest(tmp_path, shop, city, reader=reader, printer=printer)
    yield guest
    guest.close()
