"""The driver of the social security card through a real pcscd and vpcd."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.cards.social_security import SocialSecurityReader
from devices.errors import FAULT_CODES, DeviceFault
from devices.testbed.cards import make_card, sample_card
from devices.testbed.faults import CardAct, WireFault
from devices.testbed.pcsc import Pcscd
from devices.testbed.vpcd import SmartcardSlot

LIMIT = 5.0


@pytest.fixture
def reader(slot: SmartcardSlot) -> Iterator[SocialSecurityReader]:
    smartcard_reader = SocialSecurityReader(slot.reader)
    yield smartcard_reader
    smartcard_reader.close()


def fault_code(reader: SocialSecurityReader) -> str:
    with pytest.raises(DeviceFault) as caught:
        reader.read()
    return caught.value.code


@pytest.mark.parametrize(
    ("version", "protocol", "answers"),
    [
        ("1.00", 0, "get-response"),
        ("2.00", 0, "get-response"),
        ("2.00", 0, "exact-length"),
        ("2.00", 1, "get-response"),
    ],
)
def test_a_card_of_any_version_and_protocol_is_read(
    slot: SmartcardSlot, reader: SocialSecurityReader, version: str, protocol: int, answers: str
) -> None:
    document = sample_card("wang_social").document
    assert document is not None
    slot.insert(make_card(document, version=version, protocol=protocol, answers=answers))
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == document


def test_a_long_name_is_joined_from_its_extension(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    card = sample_card("long_social")
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == card.document


def test_a_card_of_version_3_needs_a_psam(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("psam_social"))
    assert reader.wait_for_card(LIMIT)
    assert fault_code(reader) == "card.needs_psam"


@pytest.mark.parametrize("name", ["unknown_card", "zhang_wei"])
def test_a_card_that_is_none_of_ours_is_unknown(
    slot: SmartcardSlot, reader: SocialSecurityReader, name: str
) -> None:
    slot.insert(sample_card(name))
    assert reader.wait_for_card(LIMIT)
    assert fault_code(reader) == "card.unknown"


@pytest.mark.parametrize("after", [0, 7])
def test_a_card_pulled_while_it_is_read_is_removed(
    slot: SmartcardSlot, reader: SocialSecurityReader, after: int
) -> None:
    slot.insert(sample_card("wang_social"))
    slot.inject(CardAct.PULLED, after=after)
    assert reader.wait_for_card(LIMIT)
    assert fault_code(reader) == "card.removed"
    assert reader.wait_for_removal(LIMIT)


def test_an_answer_spoilt_once_is_asked_for_again_and_spoilt_always_is_unreadable(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("wang_social"))
    assert reader.wait_for_card(LIMIT)
    for fault in (WireFault.GARBLED, WireFault.TRUNCATED, b"\x6f\x00", b"\x90"):
        slot.inject(fault, after=4)
        assert reader.read() == sample_card("wang_social").document
        slot.inject(fault, after=4, times=None)
        assert fault_code(reader) == "card.unreadable"
        slot.heal()
    assert reader.read() == sample_card("wang_social").document


def test_any_answers_of_a_card_give_a_document_or_a_named_fault(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("wang_social"))
    assert reader.wait_for_card(LIMIT)
    codes: set[str] = set()

    # Ends that make the driver go on, besides any at all.
    statuses = st.sampled_from([b"\x90\x00", b"\x61\x05", b"\x6c\x02", b"\x6a\x83"])

    @settings(max_examples=60, deadline=None)
    @given(st.binary(min_size=1, max_size=64), statuses | st.just(b""), st.integers(0, 11))
    def read_with_answer(answer: bytes, status: bytes, after: int) -> None:
        slot.inject(answer + status, after=after, times=None)
        try:
            reader.read()
        except DeviceFault as fault:
            codes.add(fault.code)
        slot.heal()

    read_with_answer()
    assert {"card.unknown", "card.unreadable"} <= codes <= FAULT_CODES - {"reader.gone"}
    assert reader.read() == sample_card("wang_social").document


def test_a_card_that_falls_silent_ends_when_it_is_lifted(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("wang_social"))
    slot.inject(WireFault.STALLED, after=3)
    assert reader.wait_for_card(LIMIT)
    lift = threading.Timer(0.2, slot.remove)
    lift.start()
    assert fault_code(reader) == "card.removed"
    lift.join()


def test_a_card_left_lying_is_there_until_lifted_and_seen_again_when_put_back(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("wang_social"))
    assert reader.wait_for_card(LIMIT)
    reader.read()
    assert not reader.wait_for_removal(0.1)
    slot.remove()
    assert reader.wait_for_removal(LIMIT)
    slot.insert(sample_card("wang_social"))
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == sample_card("wang_social").document


def test_a_card_exchanged_while_nobody_looked_counts_as_removed(
    slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("wang_social"))
    assert reader.wait_for_card(LIMIT)
    reader.read()
    slot.insert(sample_card("long_social"))
    other = SocialSecurityReader(slot.reader)
    assert other.wait_for_card(LIMIT)
    other.close()
    assert reader.wait_for_removal(LIMIT)
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == sample_card("long_social").document


def test_whichever_reader_a_card_lies_in_is_found_by_itself(
    session_slots: tuple[SmartcardSlot, ...], pcscd: Pcscd
) -> None:
    reader = SocialSecurityReader()
    while reader.wait_for_card(0):
        assert reader.wait_for_removal(LIMIT)
    for slot in session_slots:
        slot.insert(sample_card("wang_social"))
        assert reader.wait_for_card(LIMIT)
        assert reader.read() == sample_card("wang_social").document
        slot.remove()
        assert reader.wait_for_removal(LIMIT)
    reader.close()


def test_a_prefix_that_no_reader_has_is_a_lost_reader(pcscd: Pcscd) -> None:
    reader = SocialSecurityReader("ACS ACR39U")
    with pytest.raises(DeviceFault) as caught:
        reader.wait_for_card(0)
    assert caught.value.code == "reader.gone"
    reader.close()


def test_a_stopped_pcscd_is_a_lost_reader_that_comes_back_with_the_card_in_it(
    pcscd: Pcscd, slot: SmartcardSlot, reader: SocialSecurityReader
) -> None:
    slot.insert(sample_card("wang_social"))
    assert reader.wait_for_card(LIMIT)
    pcscd.stop()
    assert fault_code(reader) == "reader.gone"
    reader.close()
    with pytest.raises(DeviceFault, match="establish context"):
        reader.wait_for_card(0)
    pcscd.start()
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == sample_card("wang_social").document
