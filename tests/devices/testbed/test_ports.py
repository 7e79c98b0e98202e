"""Ports for services that start again."""

import socket
from pathlib import Path

import pytest

from devices.testbed import ports


def test_they_can_be_bound_and_lie_outside_what_the_system_hands_out() -> None:
    first = ports.free_ports(3)
    handed_out = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in range(first, first + 3):
        assert port < handed_out
        with socket.socket() as one:
            one.bind(("127.0.0.1", port))


def test_one_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ports.free_ports(2)
    picks = iter((first, first + 1, ports.free_ports()))
    monkeypatch.setattr("random.choice", lambda _: next(picks))
    with socket.create_server(("127.0.0.1", first + 1)):
        assert ports.free_ports(2) not in (first, first + 1)
