from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from devices.short_paths import fits_a_socket
from devices.testbed.cards import sample_card
from devices.testbed.pcsc import SOCKET_VARIABLE, Pcscd, start_pcscd
from devices.testbed.ports import free_ports
from devices.testbed.vpcd import SmartcardSlot

READ_A_CARD = """
from devices.cards.social_security import SocialSecurityReader
reader = SocialSecurityReader()
assert reader.wait_for_card(10)
print(reader.read().kind)
reader.close()
"""


@pytest.fixture(autouse=True)
def _socket_variable_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOCKET_VARIABLE, os.environ.get(SOCKET_VARIABLE, ""))


def test_another_process_reads_a_card_through_a_private_pcscd_beside_the_first(
    pcscd: Pcscd, tmp_path: Path
) -> None:
    second = start_pcscd(tmp_path)
    assert second.socket != pcscd.socket
    slot = SmartcardSlot(second.port)
    slot.insert(sample_card("wang_social"))
    read = subprocess.run(
        [sys.executable, "-c", READ_A_CARD],
        env={**os.environ, SOCKET_VARIABLE: str(second.socket)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert read.stdout.strip() == "social_security_card"
    slot.close()
    second.stop()


def test_a_pcscd_takes_the_place_of_one_that_answers_no_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    left_behind = tmp_path / "first" / "pcscd" / "pcscd.comm"
    monkeypatch.setenv(SOCKET_VARIABLE, str(left_behind))
    daemon = start_pcscd(tmp_path / "second")
    assert daemon.socket == left_behind
    daemon.stop()


def test_a_stopped_pcscd_leaves_no_socket_and_starts_again_on_the_same_port(
    tmp_path: Path,
) -> None:
    daemon = Pcscd(tmp_path, free_ports(2))
    daemon.start()
    port = daemon.port
    daemon.stop()
    assert not daemon.socket.exists()
    assert not daemon.alive
    daemon.start()
    assert daemon.alive
    assert daemon.port == port
    daemon.stop()


def test_in_a_folder_too_deep_for_a_socket_it_takes_a_short_private_one(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    daemon = Pcscd(deep, free_ports(2))
    assert fits_a_socket(daemon.socket)
    assert daemon.socket.parents[1].stat().st_mode & 0o077 == 0
    daemon.start()
    assert daemon.alive
    daemon.stop()
    assert not daemon.socket.parents[1].exists()


def test_what_somebody_else_listens_to_is_not_taken_for_the_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.testbed.pcsc.START_LIMIT_SECONDS", 1.0)
    daemon = Pcscd(tmp_path, free_ports(2))
    with (
        socket.create_server(("0.0.0.0", daemon.port)),
        socket.create_server(("0.0.0.0", daemon.port + 1)),
        pytest.raises(RuntimeError, match="did not start"),
    ):
        daemon.start()
    daemon.start()  # the ports are free again
    daemon.stop()
