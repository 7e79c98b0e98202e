"""A print job belongs to one visit; every fault of the printer has a name."""

from collections.abc import Iterator

import pytest

from devices.errors import DeviceFault
from devices.printers.layout import Cut, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed.printer import PrinterTcp
from kiosk.printing import Printing, PrintJob, WrongVisit

JOB = PrintJob("visit-1", "receipt YM1", (Text("a line"), Cut()))


@pytest.fixture
def printer() -> Iterator[PrinterTcp]:
    with PrinterTcp() as printer:
        yield printer


def test_job_is_printed_for_its_own_visit(printer: PrinterTcp) -> None:
    Printing(ReceiptPrinter(printer.address)).print(JOB, "visit-1")
    assert printer.finished_jobs()[0].lines[0].strip() == "a line"


@pytest.mark.parametrize("visit", ["visit-2", "", "visit-1 "])
def test_job_is_refused_for_any_other_visit_before_the_wire_is_touched(
    printer: PrinterTcp, visit: str
) -> None:
    with pytest.raises(WrongVisit, match="receipt YM1"):
        Printing(ReceiptPrinter(printer.address)).print(JOB, visit)
    assert printer.jobs == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [("paper_out", "printer.paper_out"), ("cover_open", "printer.cover_open"),
     ("error", "printer.error"), ("gone", "printer.unreachable")],
)
def test_fault_is_named_before_and_at_printing(
    printer: PrinterTcp, fault: str, code: str
) -> None:
    printing = Printing(ReceiptPrinter(printer.address))
    assert printing.paper_fault() is None
    getattr(printer, fault)()
    assert printing.paper_fault() == code
    with pytest.raises(DeviceFault) as caught:
        printing.print(JOB, "visit-1")
    assert caught.value.code == code
    assert printer.finished_jobs() == []


def test_kiosk_without_a_printer_says_so() -> None:
    assert Printing(None).paper_fault() == "printer.unreachable"
    with pytest.raises(DeviceFault):
        Printing(None).print(JOB, "visit-1")
    with pytest.raises(WrongVisit):
        Printing(None).print(JOB, "visit-2")
