from __future__ import annotations

import socket
from pathlib import Path

import pytest

from devices.short_paths import fits_a_socket, runtime_folder, short_name


def test_a_runtime_folder_is_short_private_and_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    deep = tmp_path / ("x" * 200)
    folder = runtime_folder(deep)
    assert folder == runtime_folder(deep)
    assert folder != runtime_folder(tmp_path)
    assert fits_a_socket(folder / "pcscd" / "pcscd.comm")
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    runtime_folder(tmp_path).rmdir()


def test_a_runtime_folder_that_others_can_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/dev/shm")
    folder = runtime_folder(tmp_path)
    folder.chmod(0o777)
    with pytest.raises(PermissionError):
        runtime_folder(tmp_path)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        runtime_folder(tmp_path)
    folder.unlink()


def test_a_socket_in_a_deep_folder_is_bound_and_found_by_its_short_name(tmp_path: Path) -> None:
    path = tmp_path / ("deep" * 30) / "one.sock"
    path.parent.mkdir()
    assert not fits_a_socket(path)
    with (
        socket.socket(socket.AF_UNIX) as server,
        socket.socket(socket.AF_UNIX) as client,
        short_name(path) as name,
    ):
        server.bind(name)
        server.listen()
        client.connect(name)
    assert path.is_socket()
