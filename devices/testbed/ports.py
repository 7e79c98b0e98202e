"""Ports for services that are stopped and started again on the same one."""

import random
import socket
from contextlib import ExitStack

OWN_PORTS = range(20000, 32000)
"""Below net.ipv4.ip_local_port_range, which begins at 32768: the system hands none of these out by
itself. Of the others, whoever asks for any port could be given one between two starts."""


def free_ports(count: int = 1, address: str = "127.0.0.1") -> int:
    """The first of `count` neighbouring TCP ports that are all free at this address."""
    while True:
        first = random.choice(OWN_PORTS)
        with ExitStack() as bound:
            try:
                for port in range(first, first + count):
                    bound.enter_context(socket.socket()).bind((address, port))
            except OSError:
                continue
        return first
