"""One spooler with its printer for all tests of pages; each test finds it healed and empty."""

from collections.abc import Iterator

import pytest

from devices.printers.page_printer import PagePrinter
from devices.testbed.page_printer import PagePrinterRig


@pytest.fixture(scope="session")
def session_rig() -> Iterator[PagePrinterRig]:
    with PagePrinterRig() as rig:
        yield rig


@pytest.fixture
def rig(session_rig: PagePrinterRig) -> Iterator[PagePrinterRig]:
    yield session_rig
    session_rig.start_spooler()
    session_rig.plug()
    PagePrinter(session_rig.queue).clear()
    session_rig.heal()
