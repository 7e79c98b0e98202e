"""The simulated smart card's end of vpcd's wire, with the test in vpcd's place."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from devices.testbed.cards import sample_card
from devices.testbed.faults import CardAct
from devices.testbed.vpcd import SmartcardSlot

SELECT = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")


class Vpcd:
    """A vpcd with one slot."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(5)
        self.port: int = self.listener.getsockname()[1]
        self.card: socket.socket | None = None

    def accept(self) -> None:
        self.card, _ = self.listener.accept()
        self.card.settimeout(5)

    def tell(self, body: bytes) -> None:
        assert self.card is not None
        self.card.sendall(len(body).to_bytes(2, "big") + body)

    def ask(self, body: bytes) -> str:
        self.tell(body)
        assert self.card is not None
        length = int.from_bytes(self.card.recv(2, socket.MSG_WAITALL), "big")
        return self.card.recv(length, socket.MSG_WAITALL).hex().upper()

    def lifted(self) -> bool:
        assert self.card is not None
        return self.card.recv(1) == b""

    def close(self) -> None:
        self.listener.close()
        if self.card is not None:
            self.card.close()


@pytest.fixture
def vpcd() -> Iterator[Vpcd]:
    server = Vpcd()
    yield server
    server.close()


@pytest.fixture
def card_slot(vpcd: Vpcd) -> Iterator[SmartcardSlot]:
    slot = SmartcardSlot(vpcd.port)
    yield slot
    slot.close()


def test_a_card_tells_its_atr_and_answers_apdus(vpcd: Vpcd, card_slot: SmartcardSlot) -> None:
    card_slot.insert(sample_card("wang_social"))
    vpcd.accept()
    vpcd.tell(b"\x01")
    assert vpcd.ask(b"\x04") == "3B00"
    assert vpcd.ask(SELECT) == "6113"
    assert vpcd.ask(bytes.fromhex("00C0000013")).endswith("C9E7BBE1B1A3D5CF9000")
    assert vpcd.ask(bytes.fromhex("00A4020002EF06")) == "9000"
    assert vpcd.ask(bytes.fromhex("00B20A0003")) == "0A01329000"
    assert vpcd.ask(bytes.fromhex("00B2770000")) == "6A83"


def test_a_reset_card_has_forgotten_what_was_selected(vpcd: Vpcd, card_slot: SmartcardSlot) -> None:
    card_slot.insert(sample_card("wang_social_t1"))
    vpcd.accept()
    assert vpcd.ask(b"\x04") == "3B80800101"
    assert vpcd.ask(SELECT).endswith("9000")
    vpcd.tell(b"\x02")
    assert vpcd.ask(bytes.fromhex("00A4020002EF06")) == "6A82"


def test_a_lifted_card_hangs_up(vpcd: Vpcd, card_slot: SmartcardSlot) -> None:
    card_slot.insert(sample_card("wang_social"))
    vpcd.accept()
    card_slot.remove()
    assert vpcd.lifted()
    assert card_slot.card is None


def test_a_card_pulled_instead_of_its_second_answer_hangs_up(
    vpcd: Vpcd, card_slot: SmartcardSlot
) -> None:
    card_slot.inject(CardAct.PULLED, after=1)
    card_slot.insert(sample_card("wang_social"))
    vpcd.accept()
    vpcd.ask(SELECT)
    vpcd.tell(bytes.fromhex("00A4020002EF06"))
    assert vpcd.lifted()


def test_a_card_that_lies_there_connects_again_after_vpcd_hung_up(
    vpcd: Vpcd, card_slot: SmartcardSlot
) -> None:
    card_slot.insert(sample_card("wang_social"))
    vpcd.accept()
    assert vpcd.card is not None
    vpcd.card.close()
    vpcd.accept()
    assert vpcd.ask(b"\x04") == "3B00"


def test_without_a_vpcd_a_card_cannot_be_inserted(
    vpcd: Vpcd, card_slot: SmartcardSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.testbed.vpcd.INSERT_LIMIT_SECONDS", 0.2)
    vpcd.listener.close()
    with pytest.raises(ConnectionError):
        card_slot.insert(sample_card("wang_social"))
    assert card_slot.card is None
