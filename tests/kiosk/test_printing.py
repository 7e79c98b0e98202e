"""A print job belongs to one visit; every fault of the printer has a name."""

import io
from collections.abc import Iterator

import img2pdf
import pytest
from PIL import Image

from devices.errors import DeviceFault
from devices.printers.layout import Cut, Feed, Text
from devices.printers.page_printer import PagePrinter, PageProgress, PagesCancelled
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed.page_printer import PagePrinterRig
from devices.testbed.printer import PrinterTcp
from kiosk.printing import Kept, PageJob, Printing, PrintJob, WrongVisit

JOB = PrintJob("visit-1", "receipt YM1", (Text("a line"), Cut()))


@pytest.fixture
def printer() -> Iterator[PrinterTcp]:
    with PrinterTcp() as printer:
        yield printer


def test_job_is_printed_for_its_own_visit(printer: PrinterTcp) -> None:
    Printing(ReceiptPrinter(printer.address)).print(JOB, "visit-1")
    assert len(printer.finished_jobs()) == 1


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


def test_kiosk_refuses_to_sign_when_the_roll_gives_no_further_receipt(printer: PrinterTcp) -> None:
    kept: list[Kept] = []
    long = PrintJob("visit-1", "receipt YM1", (Feed(40), Text("a line"), Cut()))  # 176 mm
    printing = Printing(ReceiptPrinter(printer.address), keep=kept.append, near_end_mm=400.0)
    printing.print(long, "visit-1")
    assert printing.paper.receipts is None  # the sensor has not said anything
    printer.near_end()
    assert printing.paper_fault() is None
    assert printing.paper.receipts == 2
    printing.print(long, "visit-1")
    assert printing.paper_fault() is None
    printing.print(long, "visit-1")
    assert printing.paper_fault() == "printer.paper_ending"
    after_restart = Printing(ReceiptPrinter(printer.address), kept[-1], near_end_mm=400.0)
    assert after_restart.paper_fault() == "printer.paper_ending"
    printer.near_end(False)
    assert after_restart.paper_fault() is None
    assert after_restart.paper.receipts is None


def test_near_end_means_nothing_known_where_nobody_measured_it(printer: PrinterTcp) -> None:
    printing = Printing(ReceiptPrinter(printer.address))
    printer.near_end()
    assert printing.paper_fault() is None
    assert printing.paper.receipts is None


@pytest.mark.parametrize(("asks", "over"), [("visit-2", ""), ("visit-1", "visit-1")])
def test_pages_are_refused_for_another_visit_and_for_one_that_is_over(asks: str, over: str) -> None:
    printing = Printing(None, pages=PagePrinter("ipp://127.0.0.1:9/printers/kiosk"))
    printing.visit_over(over)
    with pytest.raises(WrongVisit, match="pages"):
        printing.print_pages(PageJob("visit-1", "pages", b"%PDF-"), asks)


def test_kiosk_without_a_page_printer_says_so() -> None:
    printing = Printing(None)
    assert printing.page_fault() == "page_printer.unreachable"
    printing.clear_pages()
    with pytest.raises(DeviceFault, match="no page printer"):
        printing.print_pages(PageJob("visit-1", "pages", b"%PDF-"), "visit-1")


def test_a_page_job_shows_nothing_of_its_document() -> None:
    assert "secret" not in repr(PageJob("visit-1", "pages", b"secret"))


def test_pages_of_a_visit_that_ends_are_cancelled_at_the_spooler() -> None:
    with PagePrinterRig() as rig:
        printing = Printing(None, pages=PagePrinter(rig.queue))
        sheet = io.BytesIO()
        Image.new("1", (413, 585), 1).save(sheet, format="PNG")
        job = PageJob("visit-1", "pages", bytes(img2pdf.convert(sheet.getvalue())))

        def leave(progress: PageProgress) -> None:
            if progress is PageProgress.PRINTING:
                printing.visit_over("visit-1")

        rig.slow()
        with pytest.raises(PagesCancelled):
            printing.print_pages(job, "visit-1", leave)
        assert rig.printed() == []
        assert [path for path in rig.spool.iterdir() if path.name.startswith("d")] == []
