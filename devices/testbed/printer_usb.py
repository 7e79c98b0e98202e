"""A USB bus without hardware, for pyusb: what libusb would say and do with our printer plugged in.

with UsbBus() as bus:
    UsbLink(VENDOR, PRODUCT, backend=bus).write(b"...")

It stands in for libusb and the kernel; the bytes go to the testbed's printer. What it cannot show:
how a real controller or a real printer's firmware behaves.
"""

import contextlib
import errno
import socket
from array import array
from types import SimpleNamespace
from typing import Any, NoReturn, Self

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from devices.testbed.printer import PrinterTcp

VENDOR, PRODUCT, SERIAL = 0x0525, 0xA4A8, "YIMEN-1"
_OUT, _IN = 0x03, 0x84  # not the end points most drivers take for granted
_STRINGS = {0: "\u0409", 1: SERIAL}  # 0: the languages there are, US English


class UsbBus(IBackend):  # type: ignore[misc]  # pyusb has no types
    """One printer on a bus; the kernel's usblp has taken its second interface.

    claimed: whether a driver holds it. detached: whether usblp was sent away.
    """

    def __init__(self, columns: int = 48) -> None:
        self.printer = PrinterTcp(columns)
        self.claimed = False
        self.detached = False
        self._plugged = True
        self._wire: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def unplug(self) -> None:
        """Pull the cable; every transfer under way fails."""
        self._plugged = False
        self._hang_up()

    def plug(self) -> None:
        """Put it back; usblp takes the printer again."""
        self._plugged, self.detached = True, False

    def close(self) -> None:
        """Stop for good."""
        self._hang_up()
        self.printer.close()

    # What libusb is asked ----------------------------------------------------------------------

    def enumerate_devices(self) -> Any:
        return iter(["printer"] if self._plugged else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT,
            bcdDevice=0x0100, iManufacturer=0, iProduct=0, iSerialNumber=1, bNumConfigurations=1,
            address=2, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=55, bNumInterfaces=2, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if alt or intf > 1:
            raise IndexError(intf)
        # First one of the maker's own, as composite printers have it.
        kind = (0xFF, 0, 0) if intf == 0 else (0x07, 1, 2)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=intf, bAlternateSetting=0,
            bNumEndpoints=0 if intf == 0 else 2, bInterfaceClass=kind[0],
            bInterfaceSubClass=kind[1], bInterfaceProtocol=kind[2], iInterface=0,
            extra_descriptors=[],
        )

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(_OUT, _IN)[ep], bmAttributes=2,
            wMaxPacketSize=512, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )

    def open_device(self, dev: Any) -> Any:
        if not self._plugged:
            self._gone()
        return "handle"

    def close_device(self, dev_handle: Any) -> None:
        self._hang_up()

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        if not self.detached or self.claimed:
            raise USBError("Resource busy", -6, errno.EBUSY)
        self._wire = socket.create_connection(("127.0.0.1", self.printer.port))
        self.claimed = True

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self._hang_up()

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        return intf == 1 and not self.detached

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.detached = True

    def ctrl_transfer(self, dev_handle: Any, *given: Any) -> Any:
        """GET_DESCRIPTOR of a string, the only request pyusb makes of us."""
        value, buffer = given[2], given[4]
        text = _STRINGS[value & 0xFF].encode("utf-16-le")
        answer = bytes((len(text) + 2, 3)) + text
        buffer[: len(answer)] = array("B", answer)
        return len(answer)

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        wire = self._open(ep, _OUT)
        wire.settimeout(timeout / 1000)
        try:
            wire.sendall(bytes(data))
        except TimeoutError:
            raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT) from None
        except OSError:
            self._gone()
        return len(data)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        wire = self._open(ep, _IN)
        wire.settimeout(timeout / 1000)
        try:
            data = wire.recv(len(buff))
        except TimeoutError:
            raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT) from None
        except OSError:
            self._gone()
        if not data:
            self._gone()
        buff[: len(data)] = array("B", data)
        return len(data)

    def _open(self, ep: int, wanted: int) -> socket.socket:
        if ep != wanted or self._wire is None:
            self._gone()
        return self._wire

    def _hang_up(self) -> None:
        wire, self._wire = self._wire, None
        self.claimed = False
        if wire is not None:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()

    def _gone(self) -> NoReturn:
        raise USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)
