"""The wire to a receipt printer: TCP, serial or USB, through python-escpos, with our time-outs.

python-escpos opens the device; its own text and status helpers are not used (its text() loses
full-width punctuation, its paper_status() takes silence for paper).
"""

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

CONNECT_SECONDS = 1.5
WRITE_SECONDS = 3.0


class LinkError(Exception):
    """The wire cannot be opened, broke, or took longer than allowed."""


class Link(Protocol):
    """An open wire."""

    def write(self, data: bytes) -> None:
        """Hand all bytes to the wire. Raises LinkError."""

    def read(self, seconds: float) -> bytes:
        """Bytes that arrive within `seconds`, b"" when none. Raises LinkError when broken."""

    def close(self) -> None:
        """Give the wire back."""


def open_link(address: str) -> Link:
    """Open "tcp://host:port", "serial:///dev/…?baud=115200" or "usb://04b8:0e15".

    Raises LinkError when the device is not there, ValueError for an address of another form.
    """
    parts = urlsplit(address)
    match parts.scheme:
        case "tcp":
            return _TcpLink(parts.hostname or "127.0.0.1", parts.port or 9100)
        case "serial":
            return _SerialLink(parts.path, int(parse_qs(parts.query).get("baud", ["115200"])[0]))
        case "usb":
            vendor, product = (int(half, 16) for half in parts.netloc.split(":"))
            return _UsbLink(vendor, product)
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
    def __init__(self, path: str, baud: int) -> None:
        from escpos.printer import Serial

        self._printer: Any = _opened(Serial(path, baudrate=baud, timeout=0.1, dsrdtr=False))
        self._printer.device.write_timeout = WRITE_SECONDS

    def write(self, data: bytes) -> None:
        try:
            self._printer._raw(data)
        except OSError as error:  # pyserial's exceptions are OSErrors
            raise LinkError(f"write: {error}") from error

    def read(self, seconds: float) -> bytes:
        try:
            device = self._printer.device
            device.timeout = max(seconds, 0.001)
            first: bytes = device.read(1)
            rest: bytes = device.read(device.in_waiting) if first else b""
            return first + rest
        except OSError as error:
            raise LinkError(f"read: {error}") from error

    def close(self) -> None:
        device = self._printer.device
        try:
            device.reset_output_buffer()  # close() flushes and would wait for ever on a dead wire
            self._printer.close()
        except OSError:
            device.close()


class _UsbLink:
    def __init__(self, vendor: int, product: int) -> None:
        from escpos.printer import Usb

        if find_spec("usb") is None:
            raise LinkError("open: the USB library (pyusb) is not installed")
        # pyusb counts time in milliseconds; the end points are python-escpos' usual ones.
        self._printer: Any = _opened(Usb(vendor, product, timeout=int(WRITE_SECONDS * 1000)))

    def write(self, data: bytes) -> None:
        try:
            self._printer._raw(data)
        except OSError as error:  # usb.core.USBError is an OSError
            raise LinkError(f"write: {error}") from error

    def read(self, seconds: float) -> bytes:
        try:
            device = self._printer.device
            return bytes(device.read(self._printer.in_ep, 16, max(1, int(seconds * 1000))))
        except OSError as error:
            if error.errno in (110, 60):  # ETIMEDOUT of Linux and of libusb on other systems
                return b""
            raise LinkError(f"read: {error}") from error

    def close(self) -> None:
        self._printer.close()


def _opened(printer: Any) -> Any:
    from escpos.exceptions import DeviceNotFoundError, USBNotFoundError

    try:
        printer.open()
    except (DeviceNotFoundError, USBNotFoundError, OSError, ValueError) as error:
        raise LinkError(f"open: {error}") from error  # ValueError: libusb itself is missing
    return printer
