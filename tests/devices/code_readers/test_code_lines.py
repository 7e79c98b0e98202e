from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.code_readers.code_lines import LONGEST_CODE_BYTES, CodeLines, decode_text
from devices.code_readers.events import CodeFault, CodeScanned
from devices.errors import FAULT_CODES

codes = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)


def events_of(*parts: bytes) -> list[CodeScanned | CodeFault]:
    lines = CodeLines()
    return [event for part in parts for event in lines.feed(part)]


@given(st.lists(codes, max_size=4), st.sampled_from([b"\r", b"\n", b"\r\n"]), st.integers(1, 40))
def test_codes_come_out_one_a_line_however_the_bytes_are_cut(
    texts: list[str], end: bytes, size: int
) -> None:
    stream = b"".join(text.encode() + end for text in texts)
    parts = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert events_of(*parts) == [CodeScanned(text) for text in texts]


def test_a_code_in_gb18030_is_read() -> None:
    assert events_of("居住证申领".encode("gb18030") + b"\r\n") == [CodeScanned("居住证申领")]


def test_the_longest_qr_code_is_read_and_one_byte_more_is_a_fault_and_the_next_is_read() -> None:
    longest = b"7" * LONGEST_CODE_BYTES
    assert events_of(longest + b"\r") == [CodeScanned(longest.decode())]
    assert events_of(longest, b"7\rYM1\r") == [CodeFault("code.unreadable"), CodeScanned("YM1")]


@pytest.mark.parametrize("noise", [b"\x00\x01\x02", b"\xff\xff", b"  ", b"YM\x1b[2J"])
def test_noise_is_a_named_fault(noise: bytes) -> None:
    assert events_of(noise + b"\n") == [CodeFault("code.unreadable")]


def test_empty_lines_are_nothing() -> None:
    assert events_of(b"\r\n\r\n\n") == []


def test_a_line_forgotten_does_not_hang_on_to_the_next() -> None:
    lines = CodeLines()
    assert list(lines.feed(b"half")) == []
    lines.forget()
    assert list(lines.feed(b"whole\n")) == [CodeScanned("whole")]


@given(st.binary(max_size=200))
def test_any_bytes_give_printable_text_or_a_named_fault(noise: bytes) -> None:
    for event in events_of(noise + b"\n"):
        if isinstance(event, CodeFault):
            assert event.code in FAULT_CODES
        else:
            assert event.text.replace("\t", "").isprintable()


@given(codes)
def test_any_text_survives_utf_8(text: str) -> None:
    assert decode_text(text.encode()) == text


def test_repr_does_not_show_the_text_of_a_code() -> None:
    assert "220102" not in repr(CodeScanned("220102199208250447"))
