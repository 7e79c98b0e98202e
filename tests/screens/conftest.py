"""Fonts for the screens, and one window for all tests of this folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from provisioning.fonts import build_fonts

if TYPE_CHECKING:
    from tests.screens.desk import Desk

FONTS = Path(__file__).parents[2] / ".venv" / "share" / "yimen" / "fonts"


@pytest.fixture(scope="session", autouse=True)
def screen_fonts() -> Path:
    """Where the launcher put the fonts; cut here when nobody has."""
    folder = Path(os.environ.setdefault("YIMEN_FONTS", str(FONTS)))
    build_fonts(folder, say=lambda line: None)
    return folder


@pytest.fixture
def desk(screen_fonts: Path) -> "Iterator[Desk]":
    """The real app around a sample visit, and hands in front of it."""
    # Only when a test wants it: this opens the window.
    from tests.screens.desk import Desk

    with Desk() as desk:
        yield desk
