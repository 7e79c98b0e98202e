"""Receipts on a serial line at its real pace, and how soon a printer hears of a job.

The wires are the testbed's: a pseudo-terminal that takes the time of 115200 baud, and TCP.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from devices.printers.escpos import INITIALIZE, encode
from devices.printers.layout import Layout
from devices.printers.links import Link, open_link
from devices.printers.receipt_printer import ReceiptPrinter
from devices.printers.rows import TextRow, arrange
from devices.testbed.escpos_reader import EscposReader
from devices.testbed.paper_roll import PrintedLine, PrintHead
from devices.testbed.printer import PrinterTcp
from devices.testbed.printer_pty import PrinterPty
from kiosk.receipt_paper import receipt_layout
from kiosk.words import Words
from tests.benchmarks.rows import Row, p95

RUNS = 20
BAUD = 115200
FIRST_BYTE_MS = 30.0
RECEIPT_BYTES = 1024
NUMBER = "YM0001-261123-0001-72"
QR = f"YIMEN1:{NUMBER}:" + "A" * 86  # an Ed25519 signature in base64url
SAMPLES = {
    "zh": ("长春市示范街道便民服务中心（演示）", "城乡居民基本养老保险参保登记"),
    "en": ("Demo Street Service Centre", "Register for basic pension insurance for residents"),
    "ko": ("시범 주민 서비스 센터(데모)", "주민 기본 양로보험 가입 등록"),
}


def receipt(language: str) -> Layout:
    place, service = SAMPLES[language]
    when = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
    return receipt_layout(Words(language), place, service, NUMBER, QR, when, "12345")


class Watched:
    """A link that notes when its first byte, and the first byte of a job, went out."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.first: float | None = None
        self.job: float | None = None

    @property
    def bytes_a_second(self) -> float | None:
        return self._link.bytes_a_second

    def write(self, data: bytes) -> None:
        now = time.perf_counter()
        self.first = self.first or now
        if data.startswith(INITIALIZE):
            self.job = self.job or now
        self._link.write(data)

    def read(self, seconds: float) -> bytes:
        return self._link.read(seconds)

    def close(self) -> None:
        self._link.close()


def rows() -> Iterator[Row]:
    yield from _sizes()
    yield from _first_bytes()
    yield _whole_job()


def _sizes() -> Iterator[Row]:
    for language in SAMPLES:
        ours = len(encode(receipt(language)))
        theirs, lost = _peer(receipt(language))
        short = language != "ko"
        yield Row(
            f"a receipt on a serial line, {language}", ours, "bytes",
            "the same words by python-escpos' text()", theirs,
            f"at most {RECEIPT_BYTES}" if short else "none: Hangul goes as pictures of lines",
            ours <= RECEIPT_BYTES if short else None,
            f"characters lost by the peer: {lost}; by us: {_lost(receipt(language))}",
        )


def _lost(layout: Layout) -> int:
    """Characters of our own receipt that the testbed's printer does not put on paper as meant."""
    head, printed = PrintHead(), []
    for command in EscposReader().feed(encode(layout)):
        printed += head.execute(command)
    found = [item.text for item in printed if isinstance(item, PrintedLine)]
    meant = [
        row.text for row in arrange(layout, 48) if isinstance(row, TextRow) and row.in_printer_font
    ]
    if len(found) != len(meant):
        return sum(map(len, meant))
    return sum(a != b for ours, text in zip(found, meant, strict=True)
               for a, b in zip_longest(ours, text))


def _peer(layout: Layout) -> tuple[int, int]:
    """(bytes, characters that became "?") of python-escpos' own way; its native QR and cut too."""
    from escpos.printer import Dummy

    printer: Any = Dummy()
    words = 0
    for line in layout:
        for text in (getattr(line, name, "") for name in ("text", "left", "right")):
            if text:
                words += text.count("?")
                printer.text(text + "\n")
    lost = printer.output.count(b"?") - words
    printer.qr(QR, native=True, size=6)
    printer.cut()
    return len(printer.output), lost


def _first_bytes() -> Iterator[Row]:
    with PrinterPty(BAUD) as line:
        yield from _first_byte(line.address, "serial 115200")
    with PrinterTcp() as printer:
        yield from _first_byte(printer.address, "TCP")


def _first_byte(address: str, wire: str) -> Iterator[Row]:
    asked, begun = [], []
    for _ in range(RUNS):
        watched: list[Watched] = []

        def open_wire(where: str, watched: list[Watched] = watched) -> Link:
            watched.append(Watched(open_link(where)))
            return watched[-1]

        driver = ReceiptPrinter(address, open_wire=open_wire)
        paper = receipt("zh")
        begin = time.perf_counter()
        driver.print(paper, "bench")
        (link,) = watched
        assert link.first is not None
        assert link.job is not None
        asked.append(1000 * (link.first - begin))
        begun.append(1000 * (link.job - begin))
    yield Row(
        f"print request to first byte on the wire, {wire}, p95", p95(asked), "ms", "", None,
        f"at most {FIRST_BYTE_MS:.0f}", p95(asked) <= FIRST_BYTE_MS,
        "the first question of the status",
    )
    yield Row(
        f"print request to first byte of the job, {wire}, p95", p95(begun), "ms", "", None,
        f"at most {FIRST_BYTE_MS:.0f}", p95(begun) <= FIRST_BYTE_MS,
        "after status 1 to 4 were asked and answered",
    )


def _whole_job() -> Row:
    """Both directions share no wire, so the floor is what goes to the printer."""
    ratios = []
    took = floor = 0.0
    with PrinterPty(BAUD) as line:
        driver = ReceiptPrinter(line.address)
        for _ in range(RUNS):
            before, begin = line.seconds_on_the_wire, time.perf_counter()
            driver.print(receipt("zh"), "bench")
            took = 1000 * (time.perf_counter() - begin)
            floor = 1000 * (line.seconds_on_the_wire - before)
            ratios.append((took / floor, took, floor))
    _, took, floor = sorted(ratios)[RUNS // 2]
    return Row(
        "a whole receipt at 115200 baud, median", took, "ms", "its bytes at that pace", floor,
        "none", None, f"{took / floor:.2f} times the wire; printed, cut and confirmed",
    )
