from collections.abc import Iterator
from pathlib import Path

import pytest

from offline_store import Store
from tests.shipped_catalog import whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with every service of the shipped catalog. Only to be read."""
    path = tmp_path_factory.mktemp("city") / "kiosk.sqlite3"
    with Store.open(path) as opened:
        opened.catalog.import_bundle(whole())
    return path


@pytest.fixture(scope="session")
def city(city_file: Path) -> Iterator[Store]:
    """That store. Only to be read."""
    with Store.open(city_file) as opened:
        yield opened
