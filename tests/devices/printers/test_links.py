"""Every wire by itself: serial with its pace and XON/XOFF, USB as pyusb sees it, device files."""

import time
from collections.abc import Iterator
from threading import Timer

import pytest

from devices.errors import DeviceFault
from devices.printers.layout import Cut, Layout, Pair, Qr, Text
from devices.printers.links import Link, LinkError, await_byte, open_link
from devices.printers.receipt_printer import ReceiptPrinter
from devices.printers.status import PrinterState, is_status_byte
from devices.printers.usb_link import UsbLink
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.printer_usb import PRODUCT, SERIAL, VENDOR, UsbBus

RECEIPT: Layout = (
    Text("申请回执", align="center", width=2, height=2),
    *(Pair(f"事项 {n}", "社会保险参保证明") for n in range(12)),
    Qr("YIMEN1:YM0001:k1:sig"),
    Cut(),
)


@pytest.fixture
def line() -> Iterator[PrinterPty]:
    with PrinterPty(115200) as wired:
        yield wired


@pytest.fixture
def bus() -> Iterator[UsbBus]:
    with UsbBus() as bus:
        yield bus


def on_bus(bus: UsbBus) -> ReceiptPrinter:
    def open_wire(_: str) -> Link:
        return UsbLink(VENDOR, PRODUCT, SERIAL, backend=bus)

    return ReceiptPrinter(f"usb://{VENDOR:04x}:{PRODUCT:04x}/{SERIAL}", open_wire=open_wire)


def code_of(driver: ReceiptPrinter) -> str:
    with pytest.raises(DeviceFault) as caught:
        driver.print(RECEIPT, "YM0001")
    return caught.value.code


# Serial -------------------------------------------------------------------------------------------


def test_a_serial_job_is_text_and_takes_the_time_of_its_bytes(line: PrinterPty) -> None:
    begin = time.monotonic()
    ReceiptPrinter(line.address).print(RECEIPT, "YM0001")
    took = time.monotonic() - begin
    (job,) = line.printer.finished_jobs()
    assert job.lines[0] == "申请回执"
    assert len(job.raw) < 1024
    assert took >= line.seconds_on_the_wire > len(job.raw) * 10 / 115200


def test_a_printer_that_holds_the_line_is_waited_for(line: PrinterPty) -> None:
    link = open_link(line.address)
    line.hold()
    begin = time.monotonic()
    Timer(0.3, line.hold, (False,)).start()
    link.write(b"\x10\x04\x01")
    assert await_byte(link, is_status_byte, 2.0) == 0x12
    assert time.monotonic() - begin >= 0.3
    link.close()


def test_a_serial_cable_pulled_midway_interrupts_and_the_mark_comes_when_it_is_back(
    line: PrinterPty,
) -> None:
    driver = ReceiptPrinter(line.address)
    line.printer.cut_after(300)
    assert code_of(driver) == "printer.interrupted"
    assert driver.status().state is PrinterState.UNREACHABLE
    line.plug()
    assert driver.status().state is PrinterState.READY
    assert "YM0001" in line.printer.jobs[-1].lines
    driver.print(RECEIPT, "YM0001")
    assert len(line.printer.finished_jobs()) == 2


def test_a_printer_set_to_another_speed_is_unreachable(line: PrinterPty) -> None:
    driver = ReceiptPrinter(line.address.replace("115200", "9600"))
    assert driver.status().fault == "printer.unreachable"


def test_a_handshake_nobody_knows_is_refused(line: PrinterPty) -> None:
    with pytest.raises(ValueError, match="flow"):
        open_link(line.address + "&flow=dsrdtr")


# USB ----------------------------------------------------------------------------------------------


def test_a_usb_printer_is_taken_from_the_kernel_and_prints(bus: UsbBus) -> None:
    driver = on_bus(bus)
    assert driver.status().state is PrinterState.READY
    driver.print(RECEIPT, "YM0001")
    assert bus.printer.finished_jobs()[0].codes == ["YIMEN1:YM0001:k1:sig"]
    assert bus.detached
    assert not bus.claimed


def test_a_usb_printer_is_known_by_its_serial_number(bus: UsbBus) -> None:
    with pytest.raises(LinkError, match="OTHER"):
        UsbLink(VENDOR, PRODUCT, "OTHER", backend=bus)


def test_a_usb_cable_pulled_is_unreachable_until_it_is_back(bus: UsbBus) -> None:
    driver = on_bus(bus)
    bus.unplug()
    assert driver.status().state is PrinterState.UNREACHABLE
    assert code_of(driver) == "printer.unreachable"
    bus.plug()
    driver.print(RECEIPT, "YM0001")
    assert len(bus.printer.finished_jobs()) == 1


def test_a_usb_cable_pulled_midway_interrupts_and_owes_a_mark(bus: UsbBus) -> None:
    driver = on_bus(bus)
    bus.printer.cut_after(9000)
    assert code_of(driver) == "printer.interrupted"
    assert driver.status().state is PrinterState.READY
    assert driver.job_to_void is None
    assert "YM0001" in bus.printer.jobs[-1].lines


def test_a_silent_usb_printer_is_unknown_and_never_ready(bus: UsbBus) -> None:
    bus.printer.stall()
    assert on_bus(bus).status().state is PrinterState.UNKNOWN


def test_a_usb_printer_that_is_not_there_is_a_link_error() -> None:
    with pytest.raises(LinkError, match="04b8:ffff"):
        open_link("usb://04b8:ffff")


# Device file --------------------------------------------------------------------------------------


def test_a_device_file_carries_a_job_and_its_answers() -> None:
    # A terminal stands in for /dev/usb/lp0: a character device that is written and read. A device
    # file sets no speed, so the line has the one that terminals have when nobody sets one.
    with PrinterPty(38400) as line:
        driver = ReceiptPrinter(f"file://{line.port}")
        assert driver.status().state is PrinterState.READY
        driver.print((Text("回执"), Qr("YIMEN1:YM0001:k1:sig"), Cut()), "YM0001")
        assert line.printer.finished_jobs()[0].codes == ["YIMEN1:YM0001:k1:sig"]


def test_a_device_file_that_is_not_there_is_unreachable() -> None:
    assert ReceiptPrinter("file:///dev/no-such-lp").status().state is PrinterState.UNREACHABLE


def test_an_address_of_no_known_wire_is_refused() -> None:
    with pytest.raises(ValueError, match="ipp"):
        open_link("ipp://127.0.0.1")

