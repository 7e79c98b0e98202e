"""What the campaigns' tests share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaigns.lives.life import Warm


@pytest.fixture
def scratch() -> Iterator[Path]:
    """In memory; and short, since the path of a Unix socket has 107 characters at most."""
    with tempfile.TemporaryDirectory(
        prefix="yimen-", dir="/dev/shm", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """The process that gives birth to kiosks and hubs; it takes a while until it is warm."""
    folder = tempfile.TemporaryDirectory(prefix="yimen-", dir="/dev/shm")
    with folder as place, Warm(Path(place)) as process:
        yield process
