"""The driver of the code reader on its real wire: a pseudo-terminal at its pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Queue

import pytest

from devices.code_readers import CodeEvent, CodeFault, CodeReader, CodeReaderState, CodeScanned
from devices.testbed.code_reader import CodeReaderPty

LIMIT = 5.0


class Listening:
    def __init__(self, port: str) -> None:
        self.events: Queue[CodeEvent] = Queue()
        self.reader = CodeReader(port, self.events.put, baud=115200)
        self.reader.start()

    def next(self) -> CodeEvent:
        return self.events.get(timeout=LIMIT)


@pytest.fixture
def listening(code_pty: CodeReaderPty) -> Iterator[Listening]:
    listener = Listening(code_pty.port)
    assert listener.next() == CodeReaderState(True)
    yield listener
    listener.reader.stop()


def test_codes_shown_are_delivered_in_order(code_pty: CodeReaderPty, listening: Listening) -> None:
    code_pty.show("YIMEN1:YM2611230001:k-01:abc")
    code_pty.show("长春市", encoding="gb18030")
    assert listening.next() == CodeScanned("YIMEN1:YM2611230001:k-01:abc")
    assert listening.next() == CodeScanned("长春市")


def test_noise_is_a_fault_and_the_next_code_is_read(
    code_pty: CodeReaderPty, listening: Listening
) -> None:
    code_pty.send(bytes(range(14, 32)) + b"\r\n")
    code_pty.show("YM1")
    assert listening.next() == CodeFault("code.unreadable")
    assert listening.next() == CodeScanned("YM1")


def test_an_unplugged_reader_is_told_and_reads_again_after_replug_without_the_half_code(
    code_pty: CodeReaderPty, listening: Listening
) -> None:
    code_pty.send(b"half a co")
    code_pty.unplug()
    assert listening.next() == CodeReaderState(False)
    code_pty.replug()
    begin = time.monotonic()
    assert listening.next() == CodeReaderState(True)
    assert time.monotonic() - begin < 2
    code_pty.show("YM2")
    assert listening.next() == CodeScanned("YM2")


def test_a_stopped_reader_lets_go_of_the_port(
    code_pty: CodeReaderPty, listening: Listening
) -> None:
    listening.reader.stop()
    other = Listening(code_pty.port)
    assert other.next() == CodeReaderState(True)
    other.reader.stop()


def test_a_receiver_that_fails_does_not_end_the_reading(code_pty: CodeReaderPty) -> None:
    seen: Queue[CodeEvent] = Queue()

    def deliver(event: CodeEvent) -> None:
        seen.put(event)
        if event == CodeScanned("first"):
            raise ValueError

    reader = CodeReader(code_pty.port, deliver, baud=115200)
    reader.start()
    assert seen.get(timeout=LIMIT) == CodeReaderState(True)
    code_pty.show("first")
    assert [seen.get(timeout=LIMIT) for _ in range(3)] == [
        CodeScanned("first"),
        CodeReaderState(False),
        CodeReaderState(True),
    ]
    code_pty.show("second")
    assert seen.get(timeout=LIMIT) == CodeScanned("second")
    reader.stop()
