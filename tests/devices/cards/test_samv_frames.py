from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.samv_frames import (
    LONGEST_FRAME_BYTES,
    STATUS_FAULTS,
    Command,
    base_parts,
    decode_reply,
    encode,
    fault_of,
    find_frame,
    request,
    sam_id_text,
)
from devices.errors import FAULT_CODES, DeviceFault

NO_FAULT = ""

bodies = st.binary(min_size=2, max_size=600)


def base_reply(text: bytes = bytes(256), photo: bytes = bytes(1024)) -> bytearray:
    lengths = len(text).to_bytes(2, "big") + len(photo).to_bytes(2, "big")
    return encode(b"\0\0\x90" + lengths + text + photo)


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (Command.FIND, "AAAAAA96690003200122"),
        (Command.SELECT, "AAAAAA96690003200221"),
        (Command.READ_BASE, "AAAAAA96690003300132"),
        (Command.STATUS, "AAAAAA9669000311FFED"),
    ],
)
def test_requests_are_the_published_bytes(command: Command, frame: str) -> None:
    assert request(command).hex().upper() == frame


def test_the_published_answer_to_find_is_understood() -> None:
    frame = bytearray.fromhex("AAAAAA9669000800009F0000000097")
    reply = decode_reply(frame, len(frame))
    assert reply is not None
    assert (reply.status, frame[reply.start : reply.end]) == (0x9F, bytearray(4))


def test_a_base_frame_is_1295_bytes_and_gives_text_and_photo() -> None:
    frame = base_reply(b"t" * 256, b"p" * 1024)
    reply = decode_reply(frame, len(frame))
    assert len(frame) == 1295
    assert reply is not None
    parts = base_parts(frame, reply)
    assert frame[parts.text] == b"t" * 256
    assert frame[parts.photo] == b"p" * 1024
    assert frame[parts.fingerprint] == b""


def test_a_frame_with_fingerprint_is_2321_bytes_and_gives_its_parts() -> None:
    lengths = bytes.fromhex("010004000400")
    frame = encode(b"\0\0\x90" + lengths + b"t" * 256 + b"p" * 1024 + b"f" * 1024)
    reply = decode_reply(frame, len(frame))
    assert len(frame) == LONGEST_FRAME_BYTES
    assert reply is not None
    parts = base_parts(frame, reply, fingerprint=True)
    assert frame[parts.text] == b"t" * 256
    assert frame[parts.photo] == b"p" * 1024
    assert frame[parts.fingerprint] == b"f" * 1024


def test_the_number_of_a_module_is_written_as_it_is_printed() -> None:
    data = bytes.fromhex("05000100DC2A34010100000002000000")
    assert sam_id_text(data) == "05.01-20196060-0000000001-0000000002"


@given(st.binary(max_size=20))
def test_any_module_number_is_a_text_or_unreadable(data: bytes) -> None:
    try:
        text = sam_id_text(data)
    except DeviceFault as fault:
        text = ""
        assert fault.code == "card.unreadable"
    assert (len(data) == 16) == bool(text)


@given(bodies)
def test_a_frame_gives_its_body_back(body: bytes) -> None:
    frame = encode(body)
    span = find_frame(frame, len(frame))
    assert span is not None
    assert span.checksum_right
    assert frame[span.start : span.end] == body


@given(bodies, st.data())
def test_a_frame_is_waited_for_while_bytes_are_missing(body: bytes, data: st.DataObject) -> None:
    frame = encode(body.replace(b"\xaa", b"\xab"))
    received = data.draw(st.integers(0, len(frame) - 1))
    assert find_frame(frame, received) is None


@given(st.binary(max_size=80), bodies)
def test_a_frame_is_found_behind_any_noise_that_holds_no_preamble(
    noise: bytes, body: bytes
) -> None:
    noise = noise.replace(b"\x96", b"\x95")
    buffer = bytearray(noise) + encode(body)
    span = find_frame(buffer, len(buffer))
    assert span is not None
    assert buffer[span.start : span.end] == body


def test_a_frame_is_found_behind_a_broken_off_one() -> None:
    broken = base_reply()[:600]
    whole = encode(b"\0\0\x9f\0\0\0\0")
    buffer = broken + whole
    reply = decode_reply(buffer, len(buffer))
    assert reply is not None
    assert reply.status == 0x9F


@given(st.integers(0, 1294), st.integers(1, 255))
def test_one_changed_byte_never_gives_base_data(at: int, change: int) -> None:
    frame = base_reply(bytes(range(256)))
    frame[at] ^= change
    try:
        reply = decode_reply(frame, len(frame))
    except DeviceFault as fault:
        code = fault.code
    else:
        code = NO_FAULT
        assert reply is None
    assert code in {NO_FAULT, "card.unreadable"}


@given(st.binary(max_size=LONGEST_FRAME_BYTES + 50), st.booleans())
def test_any_bytes_give_a_reply_or_a_named_fault(noise: bytes, fingerprint: bool) -> None:
    buffer = bytearray(b"\xaa\xaa\xaa\x96\x69" + noise)
    code = NO_FAULT
    try:
        reply = decode_reply(buffer, len(buffer))
        if reply is not None:
            base_parts(buffer, reply, fingerprint=fingerprint)
    except DeviceFault as fault:
        code = fault.code
    assert code in {NO_FAULT, *FAULT_CODES}


@given(st.binary(max_size=1400))
def test_any_well_framed_base_data_give_their_parts_or_a_named_fault(content: bytes) -> None:
    frame = encode(b"\0\0\x90" + content)
    reply = decode_reply(frame, len(frame))
    assert reply is not None
    try:
        parts = base_parts(frame, reply)
    except DeviceFault as fault:
        code = fault.code
    else:
        code = NO_FAULT
        assert (parts.text.stop - parts.text.start, parts.photo.stop) == (256, reply.end)
    assert code in {NO_FAULT, "card.unreadable"}


@given(st.integers(0, 255))
def test_every_status_byte_is_a_named_fault(status: int) -> None:
    fault = fault_of(status)
    assert fault.code in FAULT_CODES
    assert (status in STATUS_FAULTS) == ("not in GA/T 467" not in str(fault))


def test_a_wrong_card_is_unknown_and_not_unreadable() -> None:
    assert fault_of(0x40).code == "card.unknown"
