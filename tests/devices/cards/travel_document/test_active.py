"""A chip that holds a key of its own proves that it is no copy."""

from __future__ import annotations

import os
from contextlib import closing
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.smartcard import SmartcardReader
from devices.cards.travel_document import AccessKey, TravelDocument, TrustStore
from devices.cards.travel_document.active import ChipKey
from devices.errors import DeviceFault
from devices.identity import IdentityDocument
from devices.testbed.cards import SampleCard, sample_card
from devices.testbed.passport import DG14, DG15, Key, mrz, state
from devices.testbed.passport_chip import PassportChip, internal_authenticate
from devices.testbed.vpcd import SmartcardSlot

LIMIT = 5.0
KINDS = ("p256", "p521", "rsa1024", "rsa1536")


def new_key(kind: str) -> Key:
    if kind.startswith("rsa"):
        # The lengths that chips have; nothing of worth is signed with them here.
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(ec.SECP256R1() if kind == "p256" else ec.SECP521R1())


@cache
def key(kind: str) -> Key:
    return new_key(kind)


def person() -> IdentityDocument:
    document = sample_card("kim_passport").document
    assert document is not None
    return document


def card(signed: Key, held: Key | None) -> SampleCard:
    """signed: its public half stands on the chip. held: what the chip signs with."""
    whole = sample_card("kim_passport")
    assert isinstance(whole.chip, PassportChip)
    document = person()
    files = state().passport(document, signed)
    return SampleCard("passport", document, PassportChip(files, whole.chip.information,
                                                         chip_key=held))


def chip_key(kind: str) -> ChipKey:
    files = state().passport(person(), key(kind))
    return ChipKey(files[DG15], files.get(DG14, b""))


def read(slot: SmartcardSlot, laid: SampleCard) -> IdentityDocument:
    access = AccessKey.from_mrz(mrz(person()))
    document = TravelDocument(lambda: access, TrustStore([state().certificate]))
    slot.insert(laid)
    with closing(SmartcardReader([document], slot.reader)) as reader:
        assert reader.wait_for_card(LIMIT)
        return reader.read()


@pytest.mark.parametrize("kind", KINDS)
def test_the_chip_the_state_made_is_verified(slot: SmartcardSlot, kind: str) -> None:
    found = read(slot, card(key(kind), key(kind)))
    assert found.verified
    assert found.number == person().number


@pytest.mark.parametrize("kind", ["p256", "rsa1024"])
def test_a_copy_that_signs_with_another_key_is_altered(slot: SmartcardSlot, kind: str) -> None:
    with pytest.raises(DeviceFault) as caught:
        read(slot, card(key(kind), new_key(kind)))
    assert caught.value.code == "card.altered"


def test_a_copy_that_cannot_sign_is_read_but_not_verified(slot: SmartcardSlot) -> None:
    assert not read(slot, card(key("p256"), None)).verified


def test_a_copy_that_hides_its_key_is_altered(slot: SmartcardSlot) -> None:
    laid = card(key("p256"), None)
    assert isinstance(laid.chip, PassportChip)
    del laid.chip.files[DG15]
    with pytest.raises(DeviceFault) as caught:
        read(slot, laid)
    assert caught.value.code == "card.altered"


def test_an_answer_too_long_for_us_is_not_asked_for(slot: SmartcardSlot) -> None:
    long = rsa.generate_private_key(65537, 2048)
    assert read(slot, card(long, None)).verified


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_holds_for_its_challenge_only(kind: str) -> None:
    challenge = os.urandom(8)
    signature = internal_authenticate(key(kind), challenge)
    assert chip_key(kind).can_be_asked
    assert chip_key(kind).signed(signature, challenge)
    assert not chip_key(kind).signed(signature, os.urandom(8))
    assert not chip_key(kind).signed(signature[:-1] + bytes([signature[-1] ^ 1]), challenge)


@given(kind=st.sampled_from(KINDS), answer=st.binary(max_size=260))
def test_no_invented_answer_passes(kind: str, answer: bytes) -> None:
    assert not chip_key(kind).signed(answer, bytes(8))


@given(file=st.binary(max_size=80), options=st.binary(max_size=40))
def test_files_of_any_kind_are_a_key_or_a_named_fault(file: bytes, options: bytes) -> None:
    try:
        found = ChipKey(file, options)
    except DeviceFault as fault:
        assert fault.code == "card.unreadable"
    else:
        assert not found.can_be_asked
