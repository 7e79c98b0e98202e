"""Key presses as texts; the key codes are compared with the kernel's own header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.code_readers.code_lines import LONGEST_CODE_BYTES
from devices.code_readers.events import CodeFault, CodeScanned
from devices.code_readers.key_codes import KEYPAD, KEYS, PAUSE_SECONDS, RECORD, KeyLines
from devices.errors import FAULT_CODES
from devices.testbed.wedge import (
    KEY_ENTER,
    KEY_TAB,
    PRESSED,
    RELEASED,
    Stroke,
    records_of,
    strokes_of,
    with_alt,
)

HEADER = Path("/usr/include/linux/input-event-codes.h")
ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
UNREADABLE = CodeFault("code.unreadable")
LEFT_CTRL, RIGHT_SHIFT, CAPS_LOCK, NUM_LOCK, F1 = 29, 54, 58, 69, 59

texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)


def tap(code: int) -> list[Stroke]:
    return [(code, PRESSED), (code, RELEASED)]


def typed(text: str, encoding: str = "gb18030", end: int = KEY_ENTER) -> list[Stroke]:
    return [stroke for c in text for stroke in strokes_of(c, encoding)] + tap(end)


def recorded(strokes: Iterable[Stroke], gap: float = 0.001, begin: float = 1e9) -> bytes:
    """Records with so many seconds between two strokes."""
    return b"".join(records_of([stroke], begin + at * gap) for at, stroke in enumerate(strokes))


def events_of(data: bytes, lines: KeyLines | None = None) -> list[CodeScanned | CodeFault]:
    return list((lines or KeyLines()).feed(data))


def test_key_codes_are_the_kernels() -> None:
    names = dict(re.findall(r"^#define\s+KEY_(\w+)\s+(\d+)", HEADER.read_text(), re.MULTILINE))
    for code, (plain, _) in KEYS.items():
        sign = {
            "-": "MINUS", "=": "EQUAL", "[": "LEFTBRACE", "]": "RIGHTBRACE", ";": "SEMICOLON",
            "'": "APOSTROPHE", "`": "GRAVE", "\\": "BACKSLASH", ",": "COMMA", ".": "DOT",
            "/": "SLASH", " ": "SPACE",
        }.get(plain, plain.upper())
        assert str(code) == names["102ND" if code == 86 else sign]
    assert {names[f"KP{digit}"]: digit for digit in "0123456789"} == {
        str(code): digit for code, digit in KEYPAD.items()
    }


def test_every_ascii_character_comes_out() -> None:
    assert events_of(recorded(typed(f"<{ASCII[1:]}>"))) == [CodeScanned(f"<{ASCII[1:]}>")]


@given(st.lists(texts, max_size=4), st.sampled_from([KEY_ENTER, KEY_TAB]), st.integers(1, 99))
def test_texts_come_out_one_a_line_however_the_records_are_cut(
    scans: list[str], end: int, size: int
) -> None:
    stream = recorded([stroke for text in scans for stroke in typed(text, end=end)])
    lines = KeyLines()
    parts = [stream[at : at + size] for at in range(0, len(stream), size)]
    found = [event for part in parts for event in lines.feed(part)]
    assert found == [CodeScanned(text) for text in scans]


@given(texts)
def test_bytes_of_utf_8_after_alt_come_out(text: str) -> None:
    assert events_of(recorded(typed(text, "utf-8"))) == [CodeScanned(text)]


def test_a_whole_character_after_alt_is_gbk_or_unicode_as_the_reader_is_set() -> None:
    gbk = recorded([*with_alt(int.from_bytes("门".encode("gbk"), "big")), *tap(KEY_ENTER)])
    unicode = recorded([*with_alt(ord("门")), *tap(KEY_ENTER)])
    assert events_of(gbk) == [CodeScanned("门")]
    assert events_of(unicode, KeyLines("unicode")) == [CodeScanned("门")]


@pytest.mark.parametrize("number", [0, 0xD800, 65536, 999_999])
def test_a_number_that_is_no_character_is_a_fault_and_the_next_code_is_read(number: int) -> None:
    for lines in (KeyLines(), KeyLines("unicode")):
        stream = recorded([*with_alt(number), *tap(KEY_ENTER), *typed("YM1")])
        found = events_of(stream, lines)
        assert found[-1] == CodeScanned("YM1") and len(found) == 2
        assert found[0] == UNREADABLE or number == 65536


def test_what_is_typed_by_hand_is_dropped_and_the_next_scan_is_read() -> None:
    by_hand = recorded(typed("hello"), gap=1.5 * PAUSE_SECONDS)
    assert events_of(by_hand + recorded(typed("YM1"), begin=2e9)) == [CodeScanned("YM1")]


def test_a_hand_that_pauses_once_in_a_line_does_not_make_a_scan_of_its_own() -> None:
    first, then = recorded(typed("12")[:-2]), recorded(typed("345"), begin=1e9 + 5)
    assert events_of(first + then) == [CodeScanned("345")]


def test_a_scan_cut_off_does_not_hang_on_to_the_next() -> None:
    cut = recorded(typed("YIMEN1:half")[:-2])
    assert events_of(cut + recorded(typed("YM2"), begin=1e9 + 3)) == [CodeScanned("YM2")]


def test_capitals_by_either_shift_or_caps_lock() -> None:
    shifted = [(RIGHT_SHIFT, PRESSED), *tap(30), (RIGHT_SHIFT, RELEASED), *tap(30)]
    locked = [*tap(CAPS_LOCK), *tap(30), *tap(2), *tap(CAPS_LOCK), *tap(30), *tap(KEY_ENTER)]
    assert events_of(recorded(shifted + locked)) == [CodeScanned("AaA1a")]


def test_the_keypad_types_digits_and_ctrl_j_ends_a_line() -> None:
    ended = [*tap(NUM_LOCK), *tap(79), *tap(83), *tap(82), (LEFT_CTRL, PRESSED), *tap(36)]
    assert events_of(recorded([*ended, (LEFT_CTRL, RELEASED)])) == [CodeScanned("1.0")]


@pytest.mark.parametrize("spoilt", [tap(F1), [(LEFT_CTRL, PRESSED), *tap(27), (LEFT_CTRL, 0)]])
def test_a_key_that_types_nothing_makes_a_fault_and_the_next_code_is_read(
    spoilt: list[Stroke],
) -> None:
    stream = recorded([*typed("YM")[:-2], *spoilt, *tap(KEY_ENTER), *typed("YM2")])
    assert events_of(stream) == [UNREADABLE, CodeScanned("YM2")]


def test_keys_the_kernel_lost_make_a_fault() -> None:
    lost = RECORD.pack(10**9, 0, 0, 3, 0) + recorded(tap(30)[:1])[RECORD.size : 2 * RECORD.size]
    stream = recorded(typed("YM")[:-2]) + lost + recorded(typed("1"))
    assert events_of(stream + recorded(typed("YM2"))) == [UNREADABLE, CodeScanned("YM2")]


def test_a_held_key_types_once_and_enter_alone_types_nothing() -> None:
    held = [(30, PRESSED), (30, 2), (30, 2), (30, RELEASED), *tap(KEY_ENTER), *tap(KEY_ENTER)]
    assert events_of(recorded(held)) == [CodeScanned("a")]


def test_the_longest_code_is_read_and_one_more_is_a_fault() -> None:
    longest = "7" * LONGEST_CODE_BYTES
    assert events_of(recorded(typed(longest))) == [CodeScanned(longest)]
    assert events_of(recorded(typed(longest + "7"))) == [UNREADABLE]


def test_nothing_of_a_line_is_left_after_forgetting() -> None:
    lines = KeyLines()
    assert events_of(recorded([*typed("220102")[:-2], (42, PRESSED)]) + b"half", lines) == []
    lines.forget()
    assert events_of(recorded(typed("a1")), lines) == [CodeScanned("a1")]


record = st.builds(
    RECORD.pack,
    st.integers(10**9, 10**9 + 1) | st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 10**6 - 1) | st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 1, 1, 1, 4]) | st.integers(0, 65535),
    st.integers(0, 110) | st.integers(0, 65535),
    st.integers(0, 2) | st.integers(-(2**31), 2**31 - 1),
)


@given(st.lists(record, max_size=60), st.binary(max_size=50))
def test_any_records_give_printable_text_or_a_named_fault_and_the_next_scan_is_read(
    records: list[bytes], noise: bytes
) -> None:
    lines = KeyLines()
    for event in events_of(b"".join(records) + noise, lines):
        if isinstance(event, CodeFault):
            assert event.code in FAULT_CODES
        else:
            assert event.text.replace("\t", "").isprintable()
    lines.forget()
    assert events_of(recorded(typed("YM1")), lines) == [CodeScanned("YM1")]
