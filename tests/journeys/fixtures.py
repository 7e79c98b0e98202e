"""One hub and one testbed for all journeys and faults; each test has a fresh kiosk.

Both are processes of their own: whatever holds this one's interpreter for a moment must not look
like a device that does not answer.

Registered by tests/conftest.py for both folders. What needs Kivy or a hub is imported only when a
test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.testbed_process import TestbedProcess

if TYPE_CHECKING:
    from devices.testbed.pcsc import Pcscd
    from devices.testbed.remote import RemoteTestbed
    from tests.hub.rig import HubProcess
    from tests.journeys.city import City
    from tests.journeys.resident import Resident


@pytest.fixture(scope="session")
def bench(
    tmp_path_factory: pytest.TempPathFactory, session_pcscd: Pcscd
) -> Iterator[RemoteTestbed]:
    """One process for all tests of this one; each test leaves it reset (City.clear)."""
    session_pcscd.start()
    with TestbedProcess(tmp_path_factory.mktemp("testbed"), session_pcscd.port) as testbed:
        yield testbed.remote


@pytest.fixture(scope="session")
def shared_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    from tests.hub.rig import HubProcess

    process = HubProcess(tmp_path_factory.mktemp("hub") / "data").start()
    yield process
    process.stop()


@pytest.fixture
def city(tmp_path: Path, shared_hub: HubProcess, bench: RemoteTestbed) -> Iterator[City]:
    """A city whose hub stays up; see own_city for one that may be harmed."""
    from tests.journeys.city import City

    place = City(tmp_path, shared_hub, bench)
    yield place
    place.close()
    place.clear()


@pytest.fixture
def own_city(tmp_path: Path, bench: RemoteTestbed) -> Iterator[City]:
    """A city with a hub of its own, to stop, kill or revoke."""
    from tests.hub.rig import HubProcess
    from tests.journeys.city import City

    hub = HubProcess(tmp_path / "hub" / "data")
    hub.data.parent.mkdir()
    hub.start()
    place = City(tmp_path, hub, bench)
    yield place
    place.close()
    place.clear()
    hub.stop()


@pytest.fixture
def resident(city: City) -> Resident:
    """Somebody in front of a kiosk that works."""
    from tests.journeys.resident import Resident

    return Resident(city, *city.open())


@pytest.fixture
def resident_of_own_city(own_city: City) -> Resident:
    """Somebody in front of a kiosk whose hub may be harmed."""
    from tests.journeys.resident import Resident

    return Resident(own_city, *own_city.open())
