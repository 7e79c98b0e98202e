"""One hub process for the tests that do not harm it; kiosks enrol as they like."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.rig import HubProcess, KioskSide, enrolled
from tests.hub.staff_corner import Corner


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """A running hub, shared."""
    process = HubProcess(tmp_path_factory.mktemp("hub") / "data").start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def kiosk(hub: HubProcess) -> KioskSide:
    """An enrolled kiosk, shared."""
    return enrolled(hub)


@pytest.fixture
def corner(kiosk: KioskSide) -> Corner:
    """The shared kiosk's staff corner."""
    return Corner(kiosk)


@pytest.fixture
def own_hub(tmp_path: Path) -> Iterator[HubProcess]:
    """A hub for one test, not yet started, that may be killed."""
    process = HubProcess(tmp_path / "data")
    yield process
    process.stop()
