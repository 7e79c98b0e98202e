"""The optional decoder of card photos, installed as real packages are."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from devices.cards.photo import PhotoDecoder

PHOTO = b"WLT" + bytes(1021)


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> str:
    """A package with this source that offers its `decode`; returns the group it is in."""
    name = f"decoder_{folder.name.replace('-', '_')}"
    group = f"yimen.test_{name}"
    (folder / f"{name}.py").write_text(source)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\nwlt = {name}:decode\n")
    monkeypatch.syspath_prepend(str(folder))
    return group


def test_no_decoder_gives_no_picture() -> None:
    assert PhotoDecoder("yimen.nobody").decode(PHOTO) is None


def test_an_installed_decoder_gives_its_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    group = install(monkeypatch, tmp_path, "def decode(photo): return b'BM' + photo[:3]")
    assert PhotoDecoder(group).decode(PHOTO) == b"BMWLT"


@pytest.mark.parametrize(
    "source",
    [
        "def decode(photo): raise OSError(photo)",
        "def decode(photo): return 'text'",
        "raise SystemError('library missing')",
        "decode = 3",
    ],
)
def test_a_decoder_that_fails_gives_no_picture_and_logs_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, source: str
) -> None:
    group = install(monkeypatch, tmp_path, source)
    assert PhotoDecoder(group).decode(PHOTO) is None
    assert "photo decoder failed" in caplog.text
    assert "WLT" not in caplog.text


def test_a_decoder_that_hangs_blocks_nobody_and_is_asked_again_once_it_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    group = install(
        monkeypatch,
        tmp_path,
        "import threading\ngo = threading.Event()\n"
        "def decode(photo):\n    go.wait(20)\n    return b'BM'\n",
    )
    decoder = PhotoDecoder(group, limit=0.1)
    begin = time.monotonic()
    assert decoder.decode(PHOTO) is None
    assert decoder.decode(PHOTO) is None
    assert time.monotonic() - begin < 2.0
    go = __import__(f"decoder_{tmp_path.name.replace('-', '_')}").go
    assert isinstance(go, threading.Event)
    go.set()
    limit = time.monotonic() + 5
    while (picture := decoder.decode(PHOTO)) is None and time.monotonic() < limit:
        pass
    assert picture == b"BM"


def test_a_card_without_photo_asks_no_decoder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    group = install(monkeypatch, tmp_path, "def decode(photo): return b'BM'")
    assert PhotoDecoder(group).decode(b"") is None
