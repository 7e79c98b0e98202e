"""The wire to a receipt printer: TCP, serial, USB, or the device file of the kernel's USB driver.

python-escpos opens TCP and serial lines; its own text and status helpers are not used (its text()
loses full-width punctuation, its paper_status() takes silence for paper).
"""

import os
import select
import termios
import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

CONNECT_SECONDS = 1.5
WRITE_SECONDS = 3.0
BITS_PER_BYTE = 10  # 8N1: start bit, eight data bits, stop bit
FLOWS = ("xonxoff", "rtscts", "none")
_MOST_AT_ONCE = 4096
# pyserial's exceptions are OSErrors; what termios says of a cable just pulled is not.
_SERIAL_LOST = (OSError, termios.error)


class LinkError(Exception):
    """The wire cannot be opened, broke, or took longer than allowed."""


class Link(Protocol):
    """An open wire."""

    @property
    def bytes_a_second(self) -> float | None:
        """What the wire carries at most; None where it is faster than any printer prints."""

    def write(self, data: bytes) -> None:
        """Hand all bytes to the wire. Raises LinkError."""

    def read(self, seconds: float) -> bytes:
        """Bytes that arrive within `seconds`, b"" when none. Raises LinkError when broken."""

    def close(self) -> None:
        """Give the wire back."""


def open_link(address: str) -> Link:
    """Open one of:

    tcp://host[:9100]
    serial:///dev/ttyS1[?baud=115200][&flow=xonxoff|rtscts|none]
    usb://04b8:0e15[/serial number], straight to the printer by libusb
    file:///dev/usb/lp0, through the kernel's usblp

    Raises LinkError when the device is not there, ValueError for an address of another form.
    """
    parts = urlsplit(address)
    match parts.scheme:
        case "tcp":
            return _TcpLink(parts.hostname or "127.0.0.1", parts.port or 9100)
        case "serial":
            asked = parse_qs(parts.query)
            flow = asked.get("flow", ["xonxoff"])[0]
            if flow not in FLOWS:
                raise ValueError(f"flow is one of {', '.join(FLOWS)}")
            return _SerialLink(parts.path, int(asked.get("baud", ["115200"])[0]), flow)
        case "usb":
            from devices.printers.usb_link import UsbLink

            vendor, _, product = parts.netloc.partition(":")
            return UsbLink(int(vendor, 16), int(product, 16), parts.path.strip("/"))
        case "file":
            return _FileLink(parts.path)
    raise ValueError(f"not a printer address: {parts.scheme}://")


def await_byte(link: Link, wanted: Callable[[int], bool], seconds: float) -> int | None:
    """The first byte that is `wanted`, None when none came in time. Raises LinkError."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for byte in link.read(left):
            if wanted(byte):
                return byte
    return None


class _TcpLink:
    bytes_a_second = None

    def __init__(self, host: str, port: int) -> None:
        from escpos.printer import Network

        self._printer: Any = _opened(Network(host, port, timeout=CONNECT_SECONDS))

    def write(self, data: bytes) -> None:
        try:
            self._printer.device.settimeout(WRITE_SECONDS)
            self._printer._raw(data)
        except OSError as error:
            raise LinkError(f"write: {error}") from error

    def read(self, seconds: float) -> bytes:
        try:
            self._printer.device.settimeout(max(seconds, 0.001))
            data: bytes = self._printer._read()
        except TimeoutError:
            return b""
        except OSError as error:
            raise LinkError(f"read: {error}") from error
        if not data:
            raise LinkError("the printer closed the connection")
        return data

    def close(self) -> None:
        self._printer.close()


class _SerialLink:
    """8N1. XON/XOFF by default: no status byte of a printer equals XON or XOFF, so it does no
    harm where the printer holds its DTR line instead. Linux has no DTR/DSR handshake; such a
    printer's DTR goes to the computer's CTS, and flow=rtscts."""

    def __init__(self, path: str, baud: int, flow: str) -> None:
        from escpos.printer import Serial

        self.bytes_a_second = baud / BITS_PER_BYTE
        self._printer: Any = _opened(
            Serial(path, baudrate=baud, timeout=0.1, xonxoff=flow == "xonxoff", dsrdtr=False)
        )
        if flow == "rtscts":
            self._hold_by_cts()

    def _hold_by_cts(self) -> None:
        device = self._printer.device
        try:
            device.rtscts = True  # python-escpos has no word for it
        except _SERIAL_LOST as error:
            device.close()
            raise LinkError(f"open: {error}") from error

    def write(self, data: bytes) -> None:
        device = self._printer.device
        try:
            for at in range(0, len(data), _MOST_AT_ONCE):
                piece = data[at : at + _MOST_AT_ONCE]
                device.write_timeout = WRITE_SECONDS + len(piece) / self.bytes_a_second
                self._printer._raw(piece)
        except _SERIAL_LOST as error:
            raise LinkError(f"write: {error}") from error

    def read(self, seconds: float) -> bytes:
        try:
            device = self._printer.device
            device.timeout = max(seconds, 0.001)
            first: bytes = device.read(1)
            rest: bytes = device.read(device.in_waiting) if first else b""
            return first + rest
        except _SERIAL_LOST as error:
            raise LinkError(f"read: {error}") from error

    def close(self) -> None:
        device = self._printer.device
        try:
            device.reset_output_buffer()  # close() flushes and would wait for ever on a dead wire
            self._printer.close()
        except _SERIAL_LOST:
            device.close()


class _FileLink:
    """A character device that carries bytes both ways (usblp: /dev/usb/lp0)."""

    bytes_a_second = None

    def __init__(self, path: str) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise LinkError(f"open: {error}") from error

    def write(self, data: bytes) -> None:
        rest, end = memoryview(data), time.monotonic() + WRITE_SECONDS
        while rest:
            self._wait(select.POLLOUT, end - time.monotonic(), "write")
            try:
                rest = rest[os.write(self._file, rest[:_MOST_AT_ONCE]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LinkError(f"write: {error}") from error
            end = time.monotonic() + WRITE_SECONDS

    def read(self, seconds: float) -> bytes:
        end = time.monotonic() + seconds
        while True:
            try:
                self._wait(select.POLLIN, end - time.monotonic(), "read")
                data = os.read(self._file, 64)
            except BlockingIOError:
                continue
            except TimeoutError:
                return b""
            except OSError as error:
                raise LinkError(f"read: {error}") from error
            if data:
                return data
            # usblp says "nothing" by an empty read, at once: do not ask it a million times.
            if (left := end - time.monotonic()) <= 0:
                return b""
            time.sleep(min(0.005, left))

    def close(self) -> None:
        os.close(self._file)

    def _wait(self, event: int, seconds: float, what: str) -> None:
        ready = select.poll()
        ready.register(self._file, event)
        found = ready.poll(max(0.0, seconds) * 1000)
        if found and found[0][1] & event:
            return
        if found:
            raise LinkError(f"{what}: the device is gone")
        if what == "write":
            raise LinkError("write: the printer takes nothing")
        raise TimeoutError


def _opened(printer: Any) -> Any:
    from escpos.exceptions import DeviceNotFoundError

    try:
        printer.open()
    except (DeviceNotFoundError, *_SERIAL_LOST, ValueError) as error:
        raise LinkError(f"open: {error}") from error
    return printer
