"""The keyboard wedge on its wire: the kernel's records by a pipe (see devices.testbed.wedge)."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from devices.code_readers import (
    CodeEvent,
    CodeFault,
    CodeReader,
    CodeReaderState,
    CodeScanned,
    EvdevReader,
    reader_at,
)
from devices.testbed.faults import WireFault
from devices.testbed.wedge import WedgeKeyboard, strokes_of

LIMIT = 5.0


class Listening:
    def __init__(self, address: str) -> None:
        self.events: Queue[CodeEvent] = Queue()
        self.reader = reader_at(address, self.events.put)
        self.reader.start()

    def next(self) -> CodeEvent:
        return self.events.get(timeout=LIMIT)


@pytest.fixture
def wedge() -> Iterator[WedgeKeyboard]:
    keyboard = WedgeKeyboard(key_seconds=0.0005)
    yield keyboard
    keyboard.close()


@pytest.fixture
def listening(wedge: WedgeKeyboard) -> Iterator[Listening]:
    listener = Listening(wedge.port)
    assert listener.next() == CodeReaderState(True)
    yield listener
    listener.reader.stop()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/dev/input/by-id/usb-maker_scanner-event-kbd", EvdevReader),
        ("evdev:/run/scanner", EvdevReader),
        ("/dev/ttyUSB0", CodeReader),
    ],
)
def test_the_address_chooses_the_driver(address: str, kind: type) -> None:
    assert type(reader_at(address, print)) is kind


def test_codes_shown_are_delivered_in_order(wedge: WedgeKeyboard, listening: Listening) -> None:
    shown = ["YIMEN1:YM0417-261123-0042-59:k-01:abc", "长春市", "𠮷野", "Grüße"]
    for text in shown:
        wedge.show(text)
    assert [listening.next() for _ in shown] == [CodeScanned(text) for text in shown]


def test_a_burst_of_scans_is_delivered_whole(wedge: WedgeKeyboard, listening: Listening) -> None:
    for number in range(50):
        wedge.type([[*strokes_of(c)] for c in f"YM{number}"] + [[(28, 1), (28, 0)]], 0.0)
    assert [listening.next() for _ in range(50)] == [CodeScanned(f"YM{n}") for n in range(50)]


def test_somebody_typing_on_it_is_no_code(wedge: WedgeKeyboard, listening: Listening) -> None:
    wedge.type([[*strokes_of(c)] for c in "abc"], 0.12)
    wedge.type([[(28, 1), (28, 0)]], 0.12)
    wedge.show("YM1")
    assert listening.next() == CodeScanned("YM1")


def test_an_unplugged_reader_is_told_and_reads_again_after_replug_without_the_half_code(
    wedge: WedgeKeyboard, listening: Listening
) -> None:
    wedge.type([[*strokes_of(c)] for c in "half a co"])
    wedge.unplug()
    assert listening.next() == CodeReaderState(False)
    wedge.replug()
    begin = time.monotonic()
    assert listening.next() == CodeReaderState(True)
    assert time.monotonic() - begin < 2
    wedge.show("YM2")
    assert listening.next() == CodeScanned("YM2")


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (WireFault.SLOW, [CodeScanned("YM-1")]),
        (WireFault.GARBLED, [CodeFault("code.unreadable")]),
        (WireFault.TRUNCATED, []),
        (WireFault.STALLED, []),
        (WireFault.UNPLUGGED, [CodeReaderState(False), CodeReaderState(True)]),
        (WireFault.ABSENT, [CodeReaderState(False), CodeReaderState(True)]),
    ],
)
def test_every_fault_of_the_wire_is_named_and_heals(
    wedge: WedgeKeyboard, listening: Listening, kind: WireFault, wanted: list[CodeEvent]
) -> None:
    wedge.fault(kind)
    wedge.show("YM-1")
    if CodeReaderState(False) in wanted:
        assert listening.next() == wanted.pop(0)
    wedge.heal()
    for event in wanted:
        assert listening.next() == event
    wedge.show("YM-2")
    assert listening.next() == CodeScanned("YM-2")


def test_noise_on_the_wire_does_not_end_the_reading(
    wedge: WedgeKeyboard, listening: Listening
) -> None:
    wedge.send(random.Random(5).randbytes(24 * 500))
    wedge.unplug()
    wedge.replug()
    wedge.show("YM3")
    found = [listening.next()]
    while found[-1] != CodeScanned("YM3"):
        found.append(listening.next())
    assert all(not isinstance(event, CodeScanned) for event in found[:-1])


def test_a_device_that_cannot_be_taken_is_not_listened_to(tmp_path: Path) -> None:
    """Its codes would be typed into forms as well. A terminal is a device, but no keyboard."""
    ours, theirs = os.openpty()
    listener = Listening(f"evdev:{os.ttyname(theirs)}")
    assert listener.next() == CodeReaderState(False)
    with pytest.raises(Empty):
        listener.events.get(timeout=0.5)
    listener.reader.stop()
    os.close(ours)
    os.close(theirs)


def test_a_stopped_reader_lets_go_of_the_keyboard(
    wedge: WedgeKeyboard, listening: Listening
) -> None:
    listening.reader.stop()
    other = Listening(wedge.port)
    assert other.next() == CodeReaderState(True)
    other.reader.stop()
