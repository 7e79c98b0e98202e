"""One hub that publishes one thing after the other; each test has a kiosk of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.published.stand import Stand


@pytest.fixture(scope="session")
def publishing_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubBehindRelay]:
    process = HubBehindRelay(tmp_path_factory.mktemp("publishing") / "data").start()
    yield process
    process.stop()


@pytest.fixture
def stand(tmp_path: Path, publishing_hub: HubBehindRelay) -> Iterator[Stand]:
    """A kiosk that has fetched and taken in what is published."""
    made = Stand(tmp_path, publishing_hub)
    assert made.look() == ""
    assert made.version
    yield made
    made.close()
