"""The simulated reader, spoken to in bytes by hand."""

from __future__ import annotations

import os
import time

import pytest
import serial
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.testbed.cards import sample_card
from devices.testbed.samv import SamvPty

FIND = bytes.fromhex("AAAAAA96690003200122")
SELECT = bytes.fromhex("AAAAAA96690003200221")
READ = bytes.fromhex("AAAAAA96690003300132")
STATUS = bytes.fromhex("AAAAAA9669000311FFED")
STATUS_OK = "AAAAAA9669000400009094"


def ask(port: str, request: bytes, count: int) -> bytes:
    with serial.Serial(port, 115200, timeout=3) as line:
        line.write(request)
        return line.read(count)


def test_an_empty_reader_finds_nothing_and_a_card_is_found(samv: SamvPty) -> None:
    assert ask(samv.port, FIND, 11).hex().upper() == "AAAAAA9669000400008084"
    samv.insert(sample_card("zhang_wei"))
    assert ask(samv.port, FIND, 15).hex().upper() == "AAAAAA9669000800009F0000000097"


def test_base_data_take_their_time_on_the_wire(samv: SamvPty) -> None:
    samv.insert(sample_card("zhang_wei"))
    assert len(ask(samv.port, SELECT, 19)) == 19
    begin = time.monotonic()
    assert len(ask(samv.port, READ, 1295)) == 1295
    assert time.monotonic() - begin >= 1305 * 10 / 115200


def test_reading_without_selecting_fails(samv: SamvPty) -> None:
    samv.insert(sample_card("zhang_wei"))
    assert ask(samv.port, READ, 11)[9] == 0x41


def test_a_request_with_a_wrong_checksum_is_told_so(samv: SamvPty) -> None:
    assert ask(samv.port, FIND[:-1] + b"\0", 11)[9] == 0x10


def test_a_command_nobody_knows_is_told_so(samv: SamvPty) -> None:
    assert ask(samv.port, bytes.fromhex("AAAAAA966900037777") + b"\x03", 11)[9] == 0x21


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=40))
def test_after_any_noise_without_a_preamble_the_reader_still_answers(
    samv: SamvPty, noise: bytes
) -> None:
    answer = ask(samv.port, noise.replace(b"\x96", b"\x95") + STATUS, 11)
    assert answer.hex().upper() == STATUS_OK


def test_the_port_keeps_its_name_over_unplug_and_replug(samv: SamvPty) -> None:
    port = samv.port
    samv.unplug()
    assert not os.path.lexists(port)
    samv.replug()
    assert samv.port == port
    assert ask(port, STATUS, 11).hex().upper() == STATUS_OK


def test_a_line_pulled_by_the_testbed_is_a_hang_up_for_whoever_listens(samv: SamvPty) -> None:
    with serial.Serial(samv.port, 115200, timeout=3) as line:
        samv.unplug()
        with pytest.raises(serial.SerialException):
            line.read(1)
