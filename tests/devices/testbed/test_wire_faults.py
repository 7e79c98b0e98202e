"""Every fault on every wire against the driver that has to live with it, and life after healing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Protocol

import pytest

from devices.cards.samv import SamvReader
from devices.cards.social_security import SocialSecurityReader
from devices.code_readers import CodeFault, CodeReaderState, CodeScanned, reader_at
from devices.code_readers import serial_reader as code_wire
from devices.errors import FAULT_CODES, DeviceFault
from devices.printers import receipt_printer
from devices.printers.layout import Cut, Layout, Pair, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed.cards import sample_card
from devices.testbed.faults import COUNTED_IN, LOOKS, NO_SUCH, NoSuchFault, Wire, WireFault
from devices.testbed.pcsc import Pcscd
from devices.testbed.testbed import Testbed
from devices.vision import camera as camera_wire
from devices.vision.camera import Camera

WORKS = "works"
NOTHING = "nothing comes"  # all that a wire without any answer of its own can show
NO_HANG_SECONDS = 12.0
RECEIPT: Layout = (Text("申请回执"), *(Pair(f"事项 {n}", "已受理") for n in range(6)), Cut())

EXPECTED: dict[Wire, dict[WireFault, str]] = {
    Wire.ID_CARD: {
        WireFault.ABSENT: "reader.gone",
        WireFault.SLOW: WORKS,
        WireFault.STALLED: "reader.gone",
        WireFault.GARBLED: "reader.gone",
        WireFault.TRUNCATED: "reader.gone",
        WireFault.WRONG_CHECKSUM: "reader.gone",
        WireFault.UNPLUGGED: "reader.gone",
        WireFault.WRONG_STATUS: "card.unreadable",
    },
    Wire.SMARTCARD: {
        WireFault.ABSENT: "reader.gone",
        WireFault.SLOW: WORKS,
        WireFault.STALLED: NOTHING,  # PC/SC has no way out of a command; see the last test
        WireFault.GARBLED: "card.unreadable",
        WireFault.TRUNCATED: "card.unreadable",
        WireFault.UNPLUGGED: "card.removed or reader.gone",  # what is noticed first
        WireFault.WRONG_STATUS: "card.unreadable",
    },
    Wire.PRINTER: {
        WireFault.ABSENT: "printer.unreachable",
        WireFault.SLOW: WORKS,
        WireFault.STALLED: "printer.unreachable",
        WireFault.GARBLED: "printer.unreachable",
        WireFault.TRUNCATED: "printer.interrupted",
        WireFault.UNPLUGGED: "printer.interrupted",
        WireFault.WRONG_STATUS: "printer.error",
    },
    Wire.CAMERA: {
        WireFault.ABSENT: "camera.gone",
        WireFault.SLOW: WORKS,
        WireFault.STALLED: "camera.gone",
        WireFault.GARBLED: "camera.gone",
        # Half a picture would pass for a page with a grey lower half.
        WireFault.TRUNCATED: "camera.gone",
        WireFault.UNPLUGGED: "camera.gone",
        WireFault.WRONG_STATUS: "camera.gone",
    },
    Wire.CODE_READER: {
        WireFault.ABSENT: "reader.gone",
        WireFault.SLOW: WORKS,
        WireFault.STALLED: NOTHING,
        WireFault.GARBLED: "code.unreadable",
        WireFault.TRUNCATED: NOTHING,
        WireFault.UNPLUGGED: "reader.gone",
    },
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, session_pcscd: Pcscd) -> Iterator[Testbed]:
    session_pcscd.start()
    with Testbed(tmp_path_factory.mktemp("bench"), pcscd=session_pcscd) as one:
        yield one


@pytest.fixture(autouse=True)
def shorter_waits(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Some waits are long for the sake of slow hardware; only their length differs here."""
    if "truncated" in request.node.name:
        monkeypatch.setattr(receipt_printer, "FINISH_SECONDS", 0.7)
    monkeypatch.setattr(code_wire, "PAUSE_SECONDS", 0.3)
    for name in ("OPEN_SECONDS", "READ_SECONDS", "STALE_SECONDS"):
        monkeypatch.setattr(camera_wire, name, 1.3 if "slow" in request.node.name else 0.6)


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


def named(act: Callable[[], str]) -> str:
    try:
        return act()
    except DeviceFault as fault:
        return fault.code


class IdCard:
    """Each driver below tries what it is for and says what came of it."""

    def __init__(self, bench: Testbed) -> None:
        bench.id_card.insert(sample_card("zhang_wei"))
        self._reader = SamvReader(bench.id_card.port)

    def outcome(self) -> str:
        return named(self._read)

    def _read(self) -> str:
        if not self._reader.wait_for_card(2.0):
            return NOTHING
        assert self._reader.read() == sample_card("zhang_wei").document
        return WORKS

    def close(self) -> None:
        self._reader.close()


class Smartcard:
    def __init__(self, bench: Testbed) -> None:
        self._bench = bench
        bench.smartcard.insert(sample_card("wang_social"))
        self._reader = SocialSecurityReader(bench.smartcard.reader)
        self._under_way: threading.Thread | None = None
        self._found: list[str] = []
        assert within(5, lambda: self.outcome() == WORKS)

    def outcome(self) -> str:
        """A read that does not end is waited for again, since a reader serves one at a time."""
        if self._under_way is None:
            self._under_way = threading.Thread(
                target=lambda: self._found.append(named(self._read)), daemon=True
            )
            self._under_way.start()
        silent = self._bench.state()["faults"].get("smartcard") == WireFault.STALLED
        self._under_way.join(1.5 if silent else 6.0)
        if self._under_way.is_alive():
            return NOTHING
        self._under_way = None
        outcome = self._found.pop()
        if outcome == "reader.gone":
            self._reader.close()  # as CardWatch does
        return outcome

    def _read(self) -> str:
        if not self._reader.wait_for_card(2.0):
            return "reader.gone"
        assert self._reader.read() == sample_card("wang_social").document
        return WORKS

    def close(self) -> None:
        self._reader.close()


class Printer:
    def __init__(self, bench: Testbed) -> None:
        self._printer = ReceiptPrinter(bench.wires()["printer"])

    def outcome(self) -> str:
        return named(self._print)

    def _print(self) -> str:
        self._printer.print(RECEIPT, "YM0001")
        return WORKS

    def close(self) -> None:
        """Nothing stays open between jobs."""


class DocumentCamera:
    def __init__(self, bench: Testbed) -> None:
        self._camera = Camera(bench.camera.address)
        self._camera.start()
        assert within(5, lambda: self._camera.alive)

    def outcome(self) -> str:
        """Works: newer and newer pictures; gone: none that is not too old."""
        frame = self._camera.latest()
        wanted = 2 + (frame.number if frame else 0)
        limit = time.monotonic() + 4
        while time.monotonic() < limit:
            frame = self._camera.latest()
            if frame is None:
                return "camera.gone"
            if frame.number >= wanted:
                return WORKS
            time.sleep(0.02)
        return NOTHING

    def close(self) -> None:
        self._camera.stop()


class Codes:
    def __init__(self, bench: Testbed) -> None:
        self._show = bench.code_reader.show
        self._events: Queue[object] = Queue()
        self._reader = reader_at(bench.code_reader.port, self._events.put)
        self._reader.start()
        assert self._events.get(timeout=5) == CodeReaderState(True)

    def outcome(self) -> str:
        self._show("YIMEN1:YM0001")
        try:
            while True:
                match self._events.get(timeout=0.6):
                    case CodeScanned("YIMEN1:YM0001"):
                        return WORKS
                    case CodeFault(code):
                        return code
                    case CodeReaderState(False):
                        return "reader.gone"
                    case CodeReaderState(True):
                        self._show("YIMEN1:YM0001")  # it was not there to see the first one
        except Empty:
            return NOTHING

    def close(self) -> None:
        self._reader.stop()


class Driver(Protocol):
    def outcome(self) -> str: ...

    def close(self) -> None: ...


DRIVERS: dict[Wire, Callable[[Testbed], Driver]] = {
    Wire.ID_CARD: IdCard,
    Wire.SMARTCARD: Smartcard,
    Wire.PRINTER: Printer,
    Wire.CAMERA: DocumentCamera,
    Wire.CODE_READER: Codes,
}


@pytest.mark.parametrize(
    ("wire", "kind"), [(wire, kind) for wire, row in EXPECTED.items() for kind in row]
)
def test_a_fault_is_named_or_lived_with_and_gone_when_healed(
    bench: Testbed, wire: Wire, kind: WireFault
) -> None:
    assert_lived_through(bench, wire, kind)


TWINS = (Wire.PRINTER, Wire.CODE_READER)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory, session_pcscd: Pcscd) -> Iterator[Testbed]:
    """The same kiosk with its printer on a serial line and a code reader that plays a keyboard."""
    session_pcscd.start()
    folder = tmp_path_factory.mktemp("twin")
    with Testbed(folder, pcscd=session_pcscd, wedge=True, serial_printer=True) as one:
        yield one


@pytest.mark.parametrize(("wire", "kind"), [(wire, kind) for wire in TWINS for kind in LOOKS[wire]])
def test_the_same_faults_on_a_serial_printer_and_a_keyboard_reader_end_the_same_way(
    twin: Testbed, wire: Wire, kind: WireFault
) -> None:
    assert_lived_through(twin, wire, kind)


def assert_lived_through(bench: Testbed, wire: Wire, kind: WireFault) -> None:
    driver = DRIVERS[wire](bench)
    begin = time.monotonic()
    try:
        bench.fault(wire, kind)
        assert bench.state()["faults"] == {wire: kind}
        outcome = driver.outcome()
        if wire is Wire.CAMERA and outcome == WORKS and kind is not WireFault.SLOW:
            # What was already under way when the fault struck may still have come.
            within(4, lambda: driver.outcome() != WORKS)
            outcome = driver.outcome()
        assert outcome in EXPECTED[wire][kind].split(" or ")
        bench.heal(wire)
        assert bench.state()["faults"] == {}
        assert within(6, lambda: driver.outcome() == WORKS)
    finally:
        bench.reset()
        driver.close()
    assert time.monotonic() - begin < NO_HANG_SECONDS


def test_the_table_names_every_fault_of_every_wire_once() -> None:
    for wire in Wire:
        assert set(LOOKS[wire]) | set(NO_SUCH[wire]) | {WireFault.RECOVER} == set(WireFault)
        assert not set(LOOKS[wire]) & set(NO_SUCH[wire])
        assert set(EXPECTED[wire]) == set(LOOKS[wire])
        assert COUNTED_IN[wire]
    said = {words for row in EXPECTED.values() for words in row.values()}
    named_ones = {code for words in said for code in words.split(" or ")}
    assert named_ones - {WORKS, NOTHING} <= FAULT_CODES | {"camera.gone"}


@pytest.mark.parametrize(("wire", "kind"), [(w, k) for w in Wire for k in NO_SUCH[w]])
def test_a_fault_that_a_wire_cannot_have_is_refused_with_the_reason(
    bench: Testbed, wire: Wire, kind: WireFault
) -> None:
    with pytest.raises(NoSuchFault, match=f"{wire} is never {kind}"):
        bench.fault(wire, kind)
    assert bench.state()["faults"] == {}


@pytest.mark.parametrize("after", [0, 400])
def test_an_answer_of_the_module_breaks_off_where_told(bench: Testbed, after: int) -> None:
    driver = IdCard(bench)
    bench.fault(Wire.ID_CARD, WireFault.TRUNCATED, after)
    # Short answers are whole when the limit lies behind their end; the card's own data never are.
    assert driver.outcome() == ("card.unreadable" if after == 400 else "reader.gone")
    bench.reset()
    driver.close()


def test_a_card_that_falls_silent_answers_when_healed(bench: Testbed) -> None:
    bench.smartcard.insert(sample_card("wang_social"))
    reader = SocialSecurityReader(bench.smartcard.reader)
    assert reader.wait_for_card(5)
    bench.fault(Wire.SMARTCARD, WireFault.STALLED)
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(reader.read()))
    thread.start()
    assert within(5, lambda: bool(bench.smartcard.apdus))
    assert not found
    bench.heal(Wire.SMARTCARD)
    thread.join(5)
    assert found == [sample_card("wang_social").document]
    reader.close()
    bench.reset()
