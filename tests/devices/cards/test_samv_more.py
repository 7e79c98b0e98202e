"""What a resident card reader can do beyond reading a card, on its real wire at its pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from devices.cards.samv import SamvReader
from devices.cards.samv_frames import BAUDS, STATUS_FAULTS
from devices.errors import FAULT_CODES, DeviceFault
from devices.testbed.cards import SampleCard, make_card, sample_card
from devices.testbed.faults import WireFault
from devices.testbed.samv import (
    FINGERPRINT,
    READ_BASE,
    READ_NEW_ADDRESS,
    SAM_ID,
    SELECT,
    STATUS,
    FindAfterRead,
    SamvPty,
)

LIMIT = 5.0
NEW_ADDRESS = "吉林省长春市净月区福祉大路1号"


@pytest.fixture
def reader(samv: SamvPty) -> Iterator[SamvReader]:
    with closing(SamvReader(samv.port)) as samv_reader:
        yield samv_reader


def moved(name: str = "zhang_wei") -> SampleCard:
    document = sample_card(name).document
    assert document is not None
    return make_card(document, newest_address=NEW_ADDRESS)


def test_the_module_says_its_number(reader: SamvReader) -> None:
    assert reader.sam_id() == "05.01-20196060-0000000001-0000000001"


def test_status_and_reset_are_answered(samv: SamvPty, reader: SamvReader) -> None:
    reader.status()
    reader.reset()
    assert [command.hex() for command in samv.commands] == ["11ff", "10ff"]


@pytest.mark.parametrize("fault", [0x60, 0x66])
def test_a_module_that_fails_its_test_says_so(
    samv: SamvPty, reader: SamvReader, fault: int
) -> None:
    samv.inject(fault, on=STATUS)
    with pytest.raises(DeviceFault) as caught:
        reader.status()
    assert caught.value.code == "reader.gone"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (command, status)
        for command in (SELECT, READ_BASE, SAM_ID)
        for status in STATUS_FAULTS
        # Then it is asked with the fingerprint instead, see below.
        if (command, status) != (READ_BASE, 0x21)
    ],
)
def test_every_documented_status_is_its_named_fault_on_the_wire(
    samv: SamvPty, reader: SamvReader, command: bytes, status: int
) -> None:
    samv.insert(sample_card("zhang_wei"))
    samv.inject(status, on=command, times=None)
    assert reader.wait_for_card(LIMIT)
    with pytest.raises(DeviceFault) as caught:
        _ = reader.sam_id() if command == SAM_ID else reader.read()
    meant = STATUS_FAULTS[status][0]
    # "No card found", said about a card that is found again, means it cannot be read.
    wanted = {meant} if command == SAM_ID or meant != "card.removed" else {"card.unreadable"}
    assert {caught.value.code} & FAULT_CODES == wanted


def test_an_address_added_later_is_read_beside_the_printed_one(
    samv: SamvPty, reader: SamvReader
) -> None:
    card = moved()
    samv.insert(card)
    assert reader.wait_for_card(LIMIT)
    document = reader.read()
    assert document == card.document
    assert document.newest_address == NEW_ADDRESS
    assert document.address != NEW_ADDRESS


@pytest.mark.parametrize("fault", [0x21, 0x24, WireFault.STALLED, WireFault.GARBLED])
def test_a_card_is_read_although_the_reader_knows_no_new_addresses(
    samv: SamvPty, reader: SamvReader, fault: WireFault | int
) -> None:
    samv.inject(fault, on=READ_NEW_ADDRESS, times=None)
    samv.insert(moved())
    assert reader.wait_for_card(LIMIT)
    document = reader.read()
    assert document.name == "张伟"
    assert document.newest_address == ""


def test_a_text_had_only_with_the_fingerprint_is_read_and_the_fingerprint_never_kept(
    samv: SamvPty, reader: SamvReader
) -> None:
    samv.inject(0x21, on=READ_BASE, times=None)
    card = sample_card("li_rare")
    samv.insert(card)
    assert reader.wait_for_card(LIMIT)
    document = reader.read()
    assert document == card.document
    assert b"\x30\x10" in samv.commands
    assert FINGERPRINT[:8] not in bytes(reader._line.buffer)
    assert FINGERPRINT[:8] not in document.photo


@pytest.mark.parametrize("find", FindAfterRead)
@pytest.mark.parametrize("fault", [WireFault.STALLED, 0x21])
def test_a_card_lying_on_a_reader_that_knows_little_is_not_reported_gone(
    fault: WireFault | int, find: FindAfterRead
) -> None:
    with (
        closing(SamvPty(find_after_read=find)) as samv,
        closing(SamvReader(samv.port)) as reader,
    ):
        samv.inject(fault, on=READ_NEW_ADDRESS, times=None)
        samv.insert(sample_card("zhang_wei"))
        assert reader.wait_for_card(LIMIT)
        reader.read()
        assert not any(reader.wait_for_removal(0.2) for _ in range(3))
        samv.remove()
        assert reader.wait_for_removal(LIMIT)


def test_a_reader_that_cannot_see_a_read_card_keeps_it_until_it_finds_one_anew() -> None:
    with (
        closing(SamvPty(find_after_read=FindAfterRead.NONE, select_after_read=False)) as samv,
        closing(SamvReader(samv.port)) as reader,
    ):
        samv.inject(0x21, on=READ_NEW_ADDRESS, times=None)
        samv.insert(sample_card("zhang_wei"))
        assert reader.wait_for_card(LIMIT)
        reader.read()
        assert not any(reader.wait_for_removal(0.2) for _ in range(3))
        samv.remove()
        assert not reader.wait_for_removal(0.2)  # honest: it cannot know
        samv.insert(sample_card("li_rare"))
        assert reader.wait_for_removal(LIMIT)
        assert reader.wait_for_card(LIMIT)
        assert reader.read() == sample_card("li_rare").document


@pytest.mark.parametrize("baud", BAUDS)
def test_port_and_speed_are_found_by_asking_every_port(baud: int) -> None:
    with ExitStack() as stack:
        # A silent device, one at another speed's noise, a path that is gone, then the reader.
        deaf = stack.enter_context(closing(SamvPty()))
        deaf.inject(WireFault.STALLED, times=None)
        samv = stack.enter_context(closing(SamvPty(baud)))
        ports = ["/dev/does-not-exist", deaf.port, samv.port]
        reader = stack.enter_context(closing(SamvReader("auto", ports=lambda: ports)))
        samv.insert(sample_card("zhang_wei"))
        assert wait_through_losses(reader)
        assert reader.place == (samv.port, baud)
        assert reader.read() == sample_card("zhang_wei").document


def test_the_speed_is_found_on_a_given_port() -> None:
    with closing(SamvPty(38400)) as samv, closing(SamvReader(samv.port, 0)) as reader:
        samv.insert(sample_card("zhang_wei"))
        assert wait_through_losses(reader)
        assert reader.place == (samv.port, 38400)


def test_a_reader_plugged_in_elsewhere_is_found_again_within_two_seconds() -> None:
    with closing(SamvPty()) as before, closing(SamvPty()) as after:
        ports = [before.port]
        with closing(SamvReader("auto", ports=lambda: ports)) as reader:
            assert not reader.wait_for_card(0)
            before.unplug()
            ports[:] = [after.port]
            after.insert(sample_card("zhang_wei"))
            begin = time.monotonic()
            assert wait_through_losses(reader)
            assert time.monotonic() - begin < 2.0
            assert reader.place == (after.port, 115200)


def test_nothing_plugged_in_is_a_lost_reader_and_no_long_wait() -> None:
    with closing(SamvReader("auto", ports=list)) as reader:
        begin = time.monotonic()
        with pytest.raises(DeviceFault, match="no SAM-V module"):
            reader.wait_for_card(LIMIT)
        assert time.monotonic() - begin < 1.0
        assert reader.place is None


@pytest.mark.parametrize("baud", [9600, 57600])
def test_the_speed_is_changed_at_both_ends(samv: SamvPty, reader: SamvReader, baud: int) -> None:
    reader.change_baud(baud)
    assert reader.place == (samv.port, baud)
    samv.insert(sample_card("smith"))
    assert reader.wait_for_card(LIMIT)
    assert reader.read() == sample_card("smith").document


def test_a_module_back_at_its_old_speed_after_a_power_cut_is_found_again(
    samv: SamvPty, reader: SamvReader
) -> None:
    reader.change_baud(9600)
    samv.power_cut()
    samv.insert(sample_card("smith"))
    assert wait_through_losses(reader)
    assert reader.place == (samv.port, 115200)


def test_a_speed_no_module_knows_is_refused(reader: SamvReader) -> None:
    with pytest.raises(ValueError, match="no speed"):
        reader.change_baud(4800)


def wait_through_losses(reader: SamvReader) -> bool:
    """As CardWatch does: a lost reader is looked for again by calling again."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            return reader.wait_for_card(LIMIT)
        except DeviceFault as fault:
            assert fault.code == "reader.gone"
    return False
