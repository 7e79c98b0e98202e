"""The real other ends of the wires, for all tests of devices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest

from devices.cards.social_security import SocialSecurityReader
from devices.testbed.code_reader import CodeReaderPty
from devices.testbed.pcsc import SLOTS, Pcscd
from devices.testbed.samv import SamvPty
from devices.testbed.vpcd import SmartcardSlot


@pytest.fixture
def pcscd(session_pcscd: Pcscd) -> Pcscd:
    """A running pcscd, also after a test that stopped it."""
    session_pcscd.start()
    return session_pcscd


@pytest.fixture(scope="session")
def session_slots(session_pcscd: Pcscd) -> Iterator[tuple[SmartcardSlot, ...]]:
    slots = tuple(SmartcardSlot(session_pcscd.port, index) for index in range(SLOTS))
    yield slots
    for smartcard_slot in slots:
        smartcard_slot.close()


@pytest.fixture(scope="session")
def slots_in_turn(session_slots: tuple[SmartcardSlot, ...]) -> Iterator[SmartcardSlot]:
    return cycle(session_slots)


@pytest.fixture
def slot(pcscd: Pcscd, slots_in_turn: Iterator[SmartcardSlot]) -> Iterator[SmartcardSlot]:
    """An empty slot; the tests take turns, since pcscd needs a moment to notice a lifted card."""
    smartcard_slot = next(slots_in_turn)
    reader = SocialSecurityReader(smartcard_slot.reader)
    while reader.wait_for_card(0):
        reader.wait_for_removal(5)
    reader.close()
    yield smartcard_slot
    smartcard_slot.heal()
    smartcard_slot.remove()


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
