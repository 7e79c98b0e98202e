"""A travel document read through a real pcscd from a chip that really encrypts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from devices.cards.smartcard import SmartcardReader
from devices.cards.social_security import SocialSecurityCard
from devices.cards.travel_document import AccessKey, TravelDocument, TrustStore
from devices.errors import DeviceFault
from devices.identity import IdentityDocument
from devices.testbed.cards import make_passport, sample_card
from devices.testbed.faults import CardAct, WireFault
from devices.testbed.passport import (
    COMMON,
    DG1,
    DG2,
    DG11,
    SECURITY,
    State,
    face_file,
    found_state,
    mrz,
    portrait,
    state,
)
from devices.testbed.passport_chip import PassportChip
from devices.testbed.vpcd import SmartcardSlot

LIMIT = 5.0
# SELECT, GET CHALLENGE and EXTERNAL AUTHENTICATE come first.
APDUS_BEFORE_FILES = 3


def person() -> IdentityDocument:
    document = sample_card("kim_passport").document
    assert document is not None
    return document


def chip_of(slot_card: str = "kim_passport") -> PassportChip:
    chip = sample_card(slot_card).chip
    assert isinstance(chip, PassportChip)
    return chip


def reader_of(
    slot: SmartcardSlot, key: str | None = "", issuer: State | None = None
) -> SmartcardReader:
    """key: MRZ lines; "" are the right ones, None is nobody gave any."""
    lines = mrz(person()) if key == "" else key
    trust = TrustStore([(issuer or state()).certificate])
    document = TravelDocument(lambda: AccessKey.from_mrz(lines) if lines else None, trust)
    return SmartcardReader([SocialSecurityCard(), document], slot.reader)


@pytest.fixture
def reader(slot: SmartcardSlot) -> Iterator[SmartcardReader]:
    with closing(reader_of(slot)) as smartcard_reader:
        yield smartcard_reader


def fault_code(reader: SmartcardReader) -> str:
    assert reader.wait_for_card(LIMIT)
    with pytest.raises(DeviceFault) as caught:
        reader.read()
    return caught.value.code


@pytest.mark.parametrize("protocol", [0, 1])
def test_a_passport_is_read_and_verified(
    slot: SmartcardSlot, reader: SmartcardReader, protocol: int
) -> None:
    card = make_passport(person(), protocol=protocol)
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    document = reader.read()
    assert document == card.document
    assert document.photo[:3] == b"\xff\xd8\xff"
    assert document.verified


def test_the_name_in_its_countrys_characters_is_read_and_verified_too(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    card = make_passport(replace(person(), name="김민지"))
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    document = reader.read()
    assert document == card.document
    assert (document.name, document.name_latin) == ("김민지", "KIM, MINJI")


def test_details_the_chip_promises_but_keeps_shut_stop_nobody(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    card = make_passport(replace(person(), name="김민지"))
    assert isinstance(card.chip, PassportChip)
    del card.chip.files[DG11]
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    document = reader.read()
    assert document.name == ""
    assert document.verified


def test_nothing_personal_crosses_the_wire_in_the_clear(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    slot.apdus.clear()
    slot.insert(sample_card("kim_passport"))
    assert reader.wait_for_card(LIMIT)
    reader.read()
    sent = b"".join(slot.apdus)
    assert b"M12345678" not in sent and b"KIM" not in sent
    assert all(apdu[0] == 0x0C for apdu in slot.apdus[APDUS_BEFORE_FILES + 1 :] if len(apdu) > 4)


def test_a_photo_longer_than_an_answer_is_read_in_blocks(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    photo = portrait() + bytes(range(256)) * 80
    slot.insert(make_passport(replace(person(), photo=photo)))
    assert reader.wait_for_card(LIMIT)
    assert reader.read().photo == photo


@pytest.mark.parametrize("rsa_keys", [False, True])
def test_a_passport_of_a_state_not_trusted_here_is_read_but_not_verified(
    slot: SmartcardSlot, reader: SmartcardReader, rsa_keys: bool
) -> None:
    stranger = found_state(rsa_keys=rsa_keys)
    slot.insert(make_passport(person(), issuer=stranger))
    assert reader.wait_for_card(LIMIT)
    assert not reader.read().verified
    with closing(reader_of(slot, issuer=stranger)) as trusting:
        assert trusting.wait_for_card(LIMIT)
        assert trusting.read().verified


def test_a_passport_without_security_object_is_read_but_not_verified(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    card = sample_card("kim_passport")
    assert isinstance(card.chip, PassportChip)
    del card.chip.files[SECURITY]
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    assert not reader.read().verified


@pytest.mark.parametrize("changed", [DG1, DG2])
def test_a_passport_whose_data_were_changed_is_altered(
    slot: SmartcardSlot, reader: SmartcardReader, changed: int
) -> None:
    card = sample_card("kim_passport")
    assert isinstance(card.chip, PassportChip)
    files = card.chip.files
    files[changed] = (
        files[DG1].replace(b"MINJI", b"MINJA") if changed == DG1 else face_file(b"another face")
    )
    slot.insert(card)
    assert fault_code(reader) == "card.altered"


def test_without_its_printed_lines_a_passport_stays_shut(slot: SmartcardSlot) -> None:
    slot.insert(sample_card("kim_passport"))
    with closing(reader_of(slot, key=None)) as reader:
        assert fault_code(reader) == "card.needs_mrz"


def test_the_lines_of_another_passport_do_not_open_it(slot: SmartcardSlot) -> None:
    slot.insert(sample_card("kim_passport"))
    other = mrz(replace(person(), number="M87654321"))
    with closing(reader_of(slot, key=other)) as reader:
        assert fault_code(reader) == "card.wrong_mrz"


def test_a_passport_that_opens_by_pace_only_says_so(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    slot.insert(sample_card("pace_passport"))
    assert fault_code(reader) == "card.needs_pace"


def test_one_reader_serves_social_security_cards_too(
    slot: SmartcardSlot, reader: SmartcardReader
) -> None:
    card = sample_card("wang_social")
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == card.document


def test_a_card_of_neither_kind_is_unknown(slot: SmartcardSlot, reader: SmartcardReader) -> None:
    slot.insert(sample_card("unknown_card"))
    assert fault_code(reader) == "card.unknown"


@pytest.mark.parametrize("after", [0, 2, 3, 4, 6, 15])
@pytest.mark.parametrize("fault", [WireFault.GARBLED, WireFault.TRUNCATED, b"\x69\x88"])
def test_an_answer_spoiled_once_is_read_again_or_named(
    slot: SmartcardSlot, reader: SmartcardReader, fault: WireFault | bytes, after: int
) -> None:
    slot.inject(fault, after=after)
    card = sample_card("kim_passport")
    slot.insert(card)
    assert reader.wait_for_card(LIMIT)
    try:
        outcome = "read" if reader.read() == card.document else "wrong"
    except DeviceFault as named:
        outcome = named.code
    assert outcome in {"read", "card.unknown", "card.wrong_mrz", "card.unreadable"}
    slot.heal()
    assert reader.read() == card.document


@pytest.mark.parametrize("after", [1, 8])
def test_a_passport_lifted_while_it_is_read_is_removed(
    slot: SmartcardSlot, reader: SmartcardReader, after: int
) -> None:
    slot.inject(CardAct.PULLED, after=after)
    slot.insert(sample_card("kim_passport"))
    assert fault_code(reader) == "card.removed"


def test_the_chip_holds_what_the_driver_reads() -> None:
    assert set(chip_of().files) == {COMMON, DG1, DG2, SECURITY}
