"""The driver shown in docs/devices.md is run as it stands there."""

from __future__ import annotations

import queue
import re
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from devices.cards import CardEvent, CardFault, CardGone, CardRead, CardSeen, CardWatch, ReaderState
from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.pty import PtyLine

PAGE = Path(__file__).parents[3] / "docs" / "devices.md"
LIMIT = 5.0
LONGEST_EXAMPLE_LINES = 75


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def example() -> str:
    return next(block for block in blocks() if "class LineReader" in block)


class OtherEnd:
    """Plays the reader of the example."""

    def __init__(self) -> None:
        self.answer = "-"
        self.line = PtyLine(115200, self._asked)

    def _asked(self, data: bytes) -> None:
        if b"?" in data and self.answer:
            self.line.send(self.answer.encode() + b"\n")

    def close(self) -> None:
        self.line.close()


@pytest.fixture
def other_end() -> Iterator[OtherEnd]:
    with closing(OtherEnd()) as end:
        yield end


@pytest.fixture
def events(other_end: OtherEnd) -> Iterator[queue.Queue[CardEvent]]:
    module = ModuleType("worked_example")
    exec(compile(example(), str(PAGE), "exec"), module.__dict__)
    heard: queue.Queue[CardEvent] = queue.Queue()
    watch = CardWatch([module.LineReader(other_end.line.port)], heard.put)
    watch.start()
    yield heard
    watch.stop()


def test_the_example_is_short_and_compiles_as_every_block_does() -> None:
    assert len(example().splitlines()) <= LONGEST_EXAMPLE_LINES
    for block in blocks():
        compile(textwrap.dedent(block), str(PAGE), "exec")


def test_the_example_reads_a_card_and_sees_it_go(
    other_end: OtherEnd, events: queue.Queue[CardEvent]
) -> None:
    assert events.get(timeout=LIMIT) == ReaderState("line_reader", True)
    other_end.answer = "+张伟;220104198503120170"
    assert events.get(timeout=LIMIT) == CardSeen("line_reader")
    read = IdentityDocument(DocumentKind.RESIDENT, "220104198503120170", "张伟")
    assert events.get(timeout=LIMIT) == CardRead("line_reader", read)
    other_end.answer = "-"
    assert events.get(timeout=LIMIT) == CardGone("line_reader")


def test_the_example_names_a_card_it_cannot_read(
    other_end: OtherEnd, events: queue.Queue[CardEvent]
) -> None:
    other_end.answer = "!"
    heard = [events.get(timeout=LIMIT) for _ in range(3)]
    assert heard[1:] == [CardSeen("line_reader"), CardFault("line_reader", "card.unreadable")]


def test_the_example_comes_back_after_its_cable_was_pulled(
    other_end: OtherEnd, events: queue.Queue[CardEvent]
) -> None:
    assert events.get(timeout=LIMIT) == ReaderState("line_reader", True)
    other_end.line.unplug()
    assert events.get(timeout=LIMIT) == ReaderState("line_reader", False)
    other_end.line.plug()
    assert events.get(timeout=LIMIT) == ReaderState("line_reader", True)


def test_the_example_calls_a_silent_reader_lost(
    other_end: OtherEnd, events: queue.Queue[CardEvent]
) -> None:
    assert events.get(timeout=LIMIT) == ReaderState("line_reader", True)
    other_end.answer = ""
    assert events.get(timeout=LIMIT) == ReaderState("line_reader", False)
