"""A receipt printer on USB, straight by libusb (pyusb): USB printing class 07, bulk in and out.

python-escpos' Usb resets the printer at each opening, takes the end points for granted and knows
no serial number; so the device is found and opened here.
"""

from typing import Any

from devices.printers.links import WRITE_SECONDS, LinkError

PRINTER_CLASS = 0x07  # USB Device Class Definition for Printing Devices 1.1
_READ_BYTES = 512  # a multiple of every bulk packet size, so that no answer overflows
_TRANSFER_BYTES = 16_384


class UsbLink:
    """An open printer `vendor`:`product`, the one with that serial number where it is given.

    Takes the interface from the kernel's usblp for good: it comes back with the next plugging in.
    Raises LinkError. `backend`: a pyusb backend, None for libusb.
    """

    bytes_a_second = None

    def __init__(self, vendor: int, product: int, serial: str = "", backend: Any = None) -> None:
        import usb.core
        import usb.util

        self._util = usb.util
        self._broken = usb.core.USBError
        self._silent = usb.core.USBTimeoutError
        try:
            self._device = self._find(usb.core, vendor, product, serial, backend)
        except usb.core.NoBackendError as error:
            raise LinkError("open: libusb is not installed (libusb-1.0-0)") from error
        try:
            self._interface, self._out, self._in = self._take()
        except (self._broken, NotImplementedError) as error:
            self.close()
            raise LinkError(f"open: {error}") from error

    def write(self, data: bytes) -> None:
        try:
            for at in range(0, len(data), _TRANSFER_BYTES):
                piece = data[at : at + _TRANSFER_BYTES]
                if self._out.write(piece, int(WRITE_SECONDS * 1000)) != len(piece):
                    raise LinkError("write: the printer took a part only")
        except self._broken as error:
            raise LinkError(f"write: {error}") from error

    def read(self, seconds: float) -> bytes:
        try:
            return bytes(self._in.read(_READ_BYTES, max(1, int(seconds * 1000))))
        except self._silent:
            return b""
        except self._broken as error:
            raise LinkError(f"read: {error}") from error

    def close(self) -> None:
        self._util.dispose_resources(self._device)

    def _find(self, core: Any, vendor: int, product: int, serial: str, backend: Any) -> Any:
        found = core.find(find_all=True, idVendor=vendor, idProduct=product, backend=backend)
        for device in found:
            if not serial or self._serial_of(device) == serial:
                return device
        raise LinkError(f"open: no USB device {vendor:04x}:{product:04x} {serial}".rstrip())

    def _serial_of(self, device: Any) -> str:
        try:
            return str(device.serial_number or "")
        except (self._broken, ValueError):  # ValueError: the account may not read its strings
            return ""

    def _take(self) -> tuple[Any, Any, Any]:
        """(interface, bulk out, bulk in) of the printing interface, claimed."""
        try:
            configuration = self._device.get_active_configuration()
        except self._broken:
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        for interface in sorted(
            configuration, key=lambda one: one.bInterfaceClass != PRINTER_CLASS
        ):
            out, back = self._bulk(interface, 0x00), self._bulk(interface, 0x80)
            if out is not None and back is not None:
                number = interface.bInterfaceNumber
                if self._device.is_kernel_driver_active(number):
                    self._device.detach_kernel_driver(number)
                self._util.claim_interface(self._device, number)
                return interface, out, back
        raise LinkError("open: the USB device has no interface with bulk in and out")

    def _bulk(self, interface: Any, direction: int) -> Any:
        def fits(point: Any) -> bool:
            bulk = self._util.endpoint_type(point.bmAttributes) == self._util.ENDPOINT_TYPE_BULK
            return bool(bulk and point.bEndpointAddress & 0x80 == direction)

        return self._util.find_descriptor(interface, custom_match=fits)
