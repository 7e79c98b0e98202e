"""The real other ends of the wires, for all tests of devices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.cards.social_security import SocialSecurityReader
from devices.testbed.code_reader import CodeReaderPty
from devices.testbed.pcsc import Pcscd, start_pcscd
from devices.testbed.samv import SamvPty
from devices.testbed.vpcd import SmartcardSlot


@pytest.fixture(scope="session")
def session_pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd]:
    daemon = start_pcscd(tmp_path_factory.mktemp("pcscd"))
    yield daemon
    daemon.stop()


@pytest.fixture
def pcscd(session_pcscd: Pcscd) -> Pcscd:
    """A running pcscd, also after a test that stopped it."""
    if not session_pcscd.alive:
        session_pcscd.start()
    return session_pcscd


@pytest.fixture(scope="session")
def session_slot(session_pcscd: Pcscd) -> Iterator[SmartcardSlot]:
    smartcard_slot = SmartcardSlot(session_pcscd.port)
    yield smartcard_slot
    smartcard_slot.close()


@pytest.fixture
def slot(pcscd: Pcscd, session_slot: SmartcardSlot) -> Iterator[SmartcardSlot]:
    """The first slot, empty. One object for all tests: it knows when its last card was lifted."""
    yield session_slot
    session_slot.heal()
    session_slot.remove()
    if pcscd.alive:
        # pcscd takes a moment to notice; the next test must not meet this one's card.
        reader = SocialSecurityReader()
        while reader.wait_for_card(0):
            reader.wait_for_removal(5)
        reader.close()


@pytest.fixture
def samv() -> Iterator[SamvPty]:
    reader = SamvPty()
    yield reader
    reader.close()


@pytest.fixture
def code_pty() -> Iterator[CodeReaderPty]:
    reader = CodeReaderPty(115200)
    yield reader
    reader.close()
