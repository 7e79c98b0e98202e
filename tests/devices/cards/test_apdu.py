from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.apdu import (
    MOST_ROUNDS,
    exchange,
    read_record_by_tag,
    record_value,
    select_by_name,
    select_file,
)
from devices.cards.social_security import APPLICATION
from devices.errors import DeviceFault

NO_FAULT = ""


class Tape:
    """Plays answers in order and keeps the commands."""

    def __init__(self, *answers: str) -> None:
        self.answers = [bytearray.fromhex(answer) for answer in answers]
        self.commands: list[str] = []

    def __call__(self, command: bytes) -> bytearray:
        self.commands.append(command.hex().upper())
        return self.answers.pop(0)


def test_the_commands_are_the_bytes_of_the_standard() -> None:
    selected = select_by_name(APPLICATION).hex().upper()
    assert selected == "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
    assert "sx1.sh.社会保障".encode("gbk") == APPLICATION
    assert select_file(0xEF05).hex().upper() == "00A4020002EF05"
    assert read_record_by_tag(0x4E).hex().upper() == "00B24E0000"


def test_an_announced_answer_is_fetched() -> None:
    tape = Tape("6114", "0812" + "31" * 18 + "9000")
    response = exchange(tape, read_record_by_tag(8))
    assert (bytes(response.data), response.sw) == (b"\x08\x12" + b"1" * 18, 0x9000)
    assert tape.commands == ["00B2080000", "00C0000014"]


def test_an_answer_in_two_parts_is_joined() -> None:
    response = exchange(Tape("AABB6101", "CC9000"), b"\0\xb2\1\0\0")
    assert (response.data.hex(), response.sw) == ("aabbcc", 0x9000)


def test_a_command_is_repeated_with_the_length_the_card_asks_for() -> None:
    tape = Tape("6C03", "0A01319000")
    assert exchange(tape, read_record_by_tag(0x0A)).sw == 0x9000
    assert tape.commands == ["00B20A0000", "00B20A0003"]


def test_get_response_may_be_corrected_too() -> None:
    tape = Tape("6100", "6C01", "AA9000")
    assert exchange(tape, read_record_by_tag(1)).data == b"\xaa"
    assert tape.commands == ["00B2010000", "00C0000000", "00C0000001"]


@pytest.mark.parametrize("again", ["6101", "6C01"])
def test_a_card_that_never_finishes_is_unreadable(again: str) -> None:
    with pytest.raises(DeviceFault, match="never finishes"):
        exchange(Tape(*[again] * MOST_ROUNDS), read_record_by_tag(1))


@given(st.lists(st.binary(max_size=258), min_size=MOST_ROUNDS, max_size=MOST_ROUNDS))
def test_any_answers_give_a_response_or_unreadable(answers: list[bytes]) -> None:
    waiting = [bytearray(answer) for answer in answers]
    try:
        response = exchange(lambda _: waiting.pop(0), read_record_by_tag(1))
    except DeviceFault as fault:
        code = fault.code
    else:
        code = NO_FAULT
        assert 0 <= response.sw <= 0xFFFF
    assert code in {NO_FAULT, "card.unreadable"}


@given(st.integers(0, 255), st.binary(max_size=255), st.binary(max_size=5))
def test_a_record_gives_its_value_whatever_follows(tag: int, value: bytes, rest: bytes) -> None:
    assert record_value(bytearray([tag, len(value), *value, *rest]), tag) == value


@given(st.binary(max_size=40), st.integers(0, 255))
def test_any_record_gives_a_value_or_unreadable(record: bytes, tag: int) -> None:
    try:
        value = record_value(bytearray(record), tag)
    except DeviceFault as fault:
        code = fault.code
    else:
        code = NO_FAULT
        assert record[0] == tag
        assert value == record[2 : 2 + record[1]]
    assert code in {NO_FAULT, "card.unreadable"}
