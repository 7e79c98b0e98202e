"""The driver against the testbed's printer on TCP, with every fault."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from devices.errors import DeviceFault
from devices.printers.draw import draw
from devices.printers.layout import Cut, Feed, Layout, Pair, Qr, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.printers.status import PrinterState
from devices.testbed.paper_roll import PrintedPicture
from devices.testbed.printer import Job, PrinterTcp

RECEIPT: Layout = (
    Text("申请回执", align="center", width=2, height=2),
    *(Pair(f"事项 {n}", "社会保险参保证明") for n in range(12)),
    Qr("YIMEN1:YM0001:k1:sig"),
    Cut(),
)
WORDS: Layout = (
    Text("申请回执", align="center", width=2, height=2),
    Feed(2),
    Pair("접수 번호", "YM01-261123-0007-K3"),
    Text("Received, not yet confirmed 已收到 㐂"),
    Cut(),
)


@pytest.fixture
def paper() -> Iterator[PrinterTcp]:
    with PrinterTcp() as printer:
        yield printer


@pytest.fixture
def driver(paper: PrinterTcp) -> ReceiptPrinter:
    return ReceiptPrinter(paper.address)


def refused(driver: ReceiptPrinter) -> str:
    with pytest.raises(DeviceFault) as caught:
        driver.print(RECEIPT, "YM0001")
    return caught.value.code


def test_prints_and_returns_once_the_cut_is_done(paper: PrinterTcp, driver: ReceiptPrinter) -> None:
    driver.print(RECEIPT, "YM0001")
    (job,) = paper.finished_jobs()
    assert job.codes == ["YIMEN1:YM0001:k1:sig"]


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        (PrinterTcp.paper_out, PrinterState.PAPER_OUT, "printer.paper_out"),
        (PrinterTcp.cover_open, PrinterState.COVER_OPEN, "printer.cover_open"),
        (PrinterTcp.error, PrinterState.ERROR, "printer.error"),
        (PrinterTcp.stall, PrinterState.UNKNOWN, "printer.unreachable"),
        (PrinterTcp.gone, PrinterState.UNREACHABLE, "printer.unreachable"),
    ],
)
def test_refuses_by_name_and_prints_nothing_until_the_fault_is_mended(
    paper: PrinterTcp,
    driver: ReceiptPrinter,
    fault: Callable[[PrinterTcp, bool], None],
    state: PrinterState,
    code: str,
) -> None:
    fault(paper, True)
    assert driver.status().state is state
    assert refused(driver) == code
    assert paper.jobs == []
    fault(paper, False)
    assert driver.status().fault is None
    driver.print(RECEIPT, "YM0001")
    assert len(paper.finished_jobs()) == 1


def test_prints_while_the_roll_is_nearly_used_up(paper: PrinterTcp, driver: ReceiptPrinter) -> None:
    paper.near_end()
    assert driver.status().state is PrinterState.NEAR_END
    driver.print(RECEIPT, "YM0001")
    assert len(paper.finished_jobs()) == 1


def test_paper_that_ends_midway_interrupts_and_is_voided_on_the_next_contact(
    paper: PrinterTcp, driver: ReceiptPrinter
) -> None:
    paper.paper_ends_after(9000)
    assert refused(driver) == "printer.interrupted"
    assert driver.job_to_void == "YM0001"
    assert driver.status().state is PrinterState.PAPER_OUT
    paper.paper_out(False)
    assert driver.status().state is PrinterState.READY
    assert driver.job_to_void is None
    broken, void = paper.jobs
    assert not broken.finished
    assert void.finished
    assert void.paper == broken.paper
    assert "YM0001" in void.lines
    driver.print(RECEIPT, "YM0001")
    assert len(paper.finished_jobs()) == 2
    assert len(paper.jobs) == 3


def test_a_cable_pulled_midway_interrupts_and_the_next_job_comes_after_a_void_mark(
    paper: PrinterTcp, driver: ReceiptPrinter
) -> None:
    paper.cut_after(9000)
    assert refused(driver) == "printer.interrupted"
    driver.print(RECEIPT, "YM0002")
    assert [job.finished for job in paper.jobs] == [False, True, True]
    assert "YM0001" in paper.jobs[1].lines


def test_a_void_mark_that_fails_stays_owed(paper: PrinterTcp, driver: ReceiptPrinter) -> None:
    driver.owe_void("YM0001")
    paper.paper_ends_after(5)
    assert driver.status().state is PrinterState.PAPER_OUT
    assert driver.job_to_void == "YM0001"
    paper.paper_out(False)
    assert driver.status().fault is None
    assert driver.job_to_void is None


def test_a_slow_printer_is_waited_for(paper: PrinterTcp, driver: ReceiptPrinter) -> None:
    paper.pace(40_000)
    driver.print(RECEIPT, "YM0001")
    assert paper.jobs[-1].finished


def test_the_bytes_kept_are_the_job_without_the_questions_asked_around_it(
    paper: PrinterTcp, driver: ReceiptPrinter
) -> None:
    driver.print(RECEIPT, "YM0001")
    raw = paper.jobs[-1].raw
    assert raw.startswith(b"\x1b@\x1c&")
    assert raw.endswith(b"\x1dVB\x00")
    assert b"\x1dr" not in raw
    assert b"\x10\x04" not in raw


def test_a_fast_wire_gets_the_very_dots_of_the_preview(
    paper: PrinterTcp, driver: ReceiptPrinter
) -> None:
    driver.print(WORDS, "YM0001")
    dots = np.vstack([_wide(item.dots) for item in pictures_of(paper.jobs[-1])])
    preview = np.asarray(draw(WORDS)) < 128
    top = np.flatnonzero(preview.any(axis=1))[0] - np.flatnonzero(dots.any(axis=1))[0]
    assert np.array_equal(dots, preview[top : top + len(dots)])
    assert paper.jobs[-1].lines == []


def test_a_printer_too_slow_for_pictures_gets_text_from_then_on(paper: PrinterTcp) -> None:
    driver = ReceiptPrinter(paper.address)
    paper.pace(2000)
    driver.print(WORDS, "YM0001")
    assert not paper.jobs[-1].lines
    driver.print(WORDS, "YM0002")
    assert paper.jobs[-1].lines[0] == "申请回执"


def test_a_serial_line_that_is_not_there_is_unreachable() -> None:
    assert ReceiptPrinter("serial:///dev/no-such-line").status().state is PrinterState.UNREACHABLE


def pictures_of(job: Job) -> list[PrintedPicture]:
    return [item for item in job.printed if isinstance(item, PrintedPicture)]


def _wide(dots: np.ndarray) -> np.ndarray:
    """As wide as the paper: white at the right is not sent."""
    return np.pad(dots, ((0, 0), (0, 576 - dots.shape[1])))
