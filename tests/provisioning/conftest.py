"""A short scratch folder: Unix sockets in it may not exceed 107 characters."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.fonts import build_fonts
from tests.screens.conftest import FONTS


@pytest.fixture
def short_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    build_fonts(FONTS, say=lambda line: None)
    monkeypatch.setenv("YIMEN_FONTS", str(FONTS))
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:
        yield Path(folder)
