"""Envelopes: what goes in comes out, and nothing else passes."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract import keys, sealing
from kiosk.contract.sealing import (
    DamagedSeal,
    EnvelopeHeader,
    ForgedEnvelope,
    MalformedEnvelope,
    SealError,
    UnknownKey,
    UnknownSuite,
)

KIOSK = keys.new_signing_key()
HUB = keys.new_sealing_key()
RING = {keys.key_id(HUB.public_key()): HUB}
HEADER = EnvelopeHeader("s" * 24, "service", "v" * 64, "K0417", "2026-11-23T08:00:00+00:00")
NAMES = st.text(st.characters(codec="utf-8"), max_size=60)


def seal(plain: bytes = "张伟 220102199003071235".encode()) -> bytes:
    """Seal something from our kiosk to our hub."""
    return sealing.seal(plain, HEADER, HUB.public_key(), KIOSK)


@given(st.binary(max_size=4096), NAMES, NAMES)
def test_envelope_opens_to_what_was_sealed(plain: bytes, service: str, created: str) -> None:
    header = EnvelopeHeader("s" * 24, service, "v", "K0417", created)
    envelope = sealing.seal(plain, header, HUB.public_key(), KIOSK)
    opened, inside = sealing.open_envelope(envelope, RING, KIOSK.public_key())
    assert inside == plain
    assert (opened.service_code, opened.created) == (service, created)
    assert opened.hub_key_id == keys.key_id(HUB.public_key())
    assert sealing.read_header(envelope) == opened


def test_envelope_shows_nothing_of_its_inside() -> None:
    plain = "张伟 220102199003071235".encode()
    assert seal(plain) != seal(plain)
    for piece in ("张伟", "220102"):
        assert piece.encode() not in seal(plain)


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    envelope = bytearray(seal())
    place = data.draw(st.integers(0, len(envelope) - 1))
    envelope[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((MalformedEnvelope, ForgedEnvelope)):
        sealing.open_envelope(bytes(envelope), RING, KIOSK.public_key())


@given(st.data())
def test_cut_envelope_is_noticed(data: st.DataObject) -> None:
    envelope = seal()
    with pytest.raises((MalformedEnvelope, ForgedEnvelope)):
        sealing.open_envelope(
            envelope[: data.draw(st.integers(0, len(envelope) - 1))], RING, KIOSK.public_key()
        )


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda b: b"YMN1" + b))
def test_any_bytes_are_refused_by_a_seal_error(data: bytes) -> None:
    with pytest.raises(SealError):
        sealing.open_envelope(data, RING, KIOSK.public_key())


def test_envelope_of_another_kiosk_is_forged() -> None:
    with pytest.raises(ForgedEnvelope):
        sealing.open_envelope(seal(), RING, keys.new_signing_key().public_key())


def test_envelope_to_another_key_says_so() -> None:
    with pytest.raises(UnknownKey):
        sealing.open_envelope(seal(), {}, KIOSK.public_key())


def test_old_key_still_opens_after_rotation() -> None:
    newer = keys.new_sealing_key()
    ring = RING | {keys.key_id(newer.public_key()): newer}
    assert sealing.open_envelope(seal(b"x"), ring, KIOSK.public_key())[1] == b"x"


def test_ciphertext_under_another_header_does_not_open() -> None:
    envelope = seal()
    changed = envelope.replace(b"K0417", b"K0418")[: -sealing.SIGNATURE_LENGTH]
    resigned = changed + KIOSK.sign(sealing._signed_digest(changed))
    with pytest.raises(DamagedSeal):
        sealing.open_envelope(resigned, RING, KIOSK.public_key())


def test_unknown_suite_is_refused_on_both_sides() -> None:
    header = EnvelopeHeader("s" * 24, "", "", "K1", "", suite="rot13")
    with pytest.raises(UnknownSuite):
        sealing.seal(b"", header, HUB.public_key(), KIOSK)
    known = seal()[: -sealing.SIGNATURE_LENGTH]
    swapped = known.replace(sealing.SUITE.encode(), b"x" * len(sealing.SUITE))
    with pytest.raises(UnknownSuite):
        sealing.open_envelope(
            swapped + KIOSK.sign(sealing._signed_digest(swapped)), RING, KIOSK.public_key()
        )


def test_header_has_one_spelling_only() -> None:
    envelope = seal()
    (length,) = struct.unpack_from(">I", envelope, 4)
    spaced = envelope[8 : 8 + length].replace(b'":"', b'": "', 1)
    changed = b"YMN1" + struct.pack(">I", len(spaced)) + spaced + envelope[8 + length :]
    with pytest.raises(MalformedEnvelope):
        sealing.read_header(changed)


@given(st.binary(max_size=500))
def test_message_opens_only_with_its_purpose_and_key(plain: bytes) -> None:
    sealed = sealing.seal_message(plain, HUB.public_key(), "question")
    assert sealing.open_message(sealed, HUB, "question") == plain
    for key, purpose in ((HUB, "answer"), (keys.new_sealing_key(), "question")):
        with pytest.raises(DamagedSeal):
            sealing.open_message(sealed, key, purpose)
