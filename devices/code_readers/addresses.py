"""The driver that an address in a kiosk's configuration asks for."""

from __future__ import annotations

from collections.abc import Callable

from devices.code_readers.evdev_reader import EvdevReader
from devices.code_readers.events import CodeEvent
from devices.code_readers.serial_reader import CodeReader

_KEYBOARD = "evdev:"
_INPUT_DEVICES = "/dev/input/"


def reader_at(address: str, deliver: Callable[[CodeEvent], None]) -> CodeReader | EvdevReader:
    """"evdev:PATH" and anything in /dev/input is a keyboard wedge; another path a serial line."""
    if address.startswith((_KEYBOARD, _INPUT_DEVICES)):
        return EvdevReader(address.removeprefix(_KEYBOARD), deliver)
    return CodeReader(address, deliver)
