"""The testbed's printer itself: status while paused, jobs, paper, its picture."""

import socket
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import zxingcpp

from devices.printers.escpos import CLEAR_BUFFERS, encode
from devices.printers.layout import Cut, Qr, Text
from devices.testbed.printer import PrinterTcp

JOB = encode((Text("申请回执"), Qr("YIMEN1:YM0001:k1:sig"), Cut()))


@pytest.fixture
def printer() -> Iterator[PrinterTcp]:
    with PrinterTcp() as one:
        yield one


@pytest.fixture
def wire(printer: PrinterTcp) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", printer.port), 2) as one:
        yield one


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.002)


def status(wire: socket.socket, n: int) -> int:
    wire.sendall(bytes((0x10, 0x04, n)))
    return wire.recv(1)[0]


@pytest.mark.parametrize(
    ("fault", "replies"),
    [
        (None, (0x12, 0x12, 0x12, 0x12)),
        (PrinterTcp.paper_out, (0x1A, 0x32, 0x12, 0x7E)),
        (PrinterTcp.cover_open, (0x1A, 0x16, 0x12, 0x12)),
        (PrinterTcp.error, (0x1A, 0x52, 0x1A, 0x12)),
        (PrinterTcp.near_end, (0x12, 0x12, 0x12, 0x1E)),
    ],
)
def test_answers_real_time_status_also_while_it_cannot_print(
    printer: PrinterTcp,
    wire: socket.socket,
    fault: Callable[[PrinterTcp], None] | None,
    replies: tuple[int, ...],
) -> None:
    if fault is not None:
        fault(printer)
    wire.sendall(JOB)
    assert tuple(status(wire, n) for n in (1, 2, 3, 4)) == replies


def test_keeps_exactly_the_bytes_of_a_job_however_they_arrive(
    printer: PrinterTcp, wire: socket.socket
) -> None:
    for start in range(0, len(JOB), 7):
        wire.sendall(JOB[start : start + 7])
    until(lambda: len(printer.finished_jobs()) == 1)
    assert printer.jobs[0].raw == JOB


def test_goes_on_printing_when_new_paper_is_in(printer: PrinterTcp, wire: socket.socket) -> None:
    printer.paper_out()
    wire.sendall(JOB)
    status(wire, 4)
    assert printer.jobs == []
    printer.paper_out(False)
    until(lambda: len(printer.finished_jobs()) == 1)


def test_forgets_what_waits_when_told_to_clear_its_buffers(
    printer: PrinterTcp, wire: socket.socket
) -> None:
    printer.cover_open()
    wire.sendall(JOB + CLEAR_BUFFERS)
    status(wire, 1)
    printer.cover_open(False)
    wire.sendall(encode((Text("第二张"), Cut())))
    until(lambda: len(printer.finished_jobs()) == 1)
    assert [job.lines for job in printer.jobs] == [["第二张"]]


def test_answers_the_paper_question_only_after_what_came_before_it(
    printer: PrinterTcp, wire: socket.socket
) -> None:
    printer.pace(4000)
    wire.sendall(JOB + b"\x1dr\x01")
    wire.settimeout(5)
    assert wire.recv(1) == b"\x00"
    assert printer.jobs[0].finished


def test_cut_after_resets_the_connection_once(printer: PrinterTcp, wire: socket.socket) -> None:
    printer.cut_after(20)
    wire.sendall(JOB)
    wire.settimeout(5)
    with pytest.raises(ConnectionResetError):
        wire.recv(16)
    with socket.create_connection(("127.0.0.1", printer.port), 2) as again:
        again.sendall(JOB)
        until(lambda: len(printer.finished_jobs()) == 1)


def test_gone_refuses_connections_and_back_takes_them_on_the_same_port(
    printer: PrinterTcp,
) -> None:
    printer.gone()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", printer.port), 2)
    printer.gone(False)
    with socket.create_connection(("127.0.0.1", printer.port), 2) as wire:
        assert status(wire, 1) == 0x12


def test_draws_its_paper_so_that_the_code_on_it_can_be_read(
    printer: PrinterTcp, wire: socket.socket
) -> None:
    wire.sendall(JOB)
    until(lambda: len(printer.finished_jobs()) == 1)
    picture = np.asarray(printer.picture().convert("L"))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["YIMEN1:YM0001:k1:sig"]


def test_draws_blank_paper_before_anything_was_printed(printer: PrinterTcp) -> None:
    assert printer.picture().width > 48 * 12
