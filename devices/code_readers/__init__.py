"""Readers that send the text of a code they saw: on a serial line, or as a keyboard.

from devices.code_readers import reader_at

reader = reader_at("/dev/input/by-id/usb-maker_scanner-event-kbd", print)
reader.start()  # CodeReaderState(present=True), then a CodeScanned for each code
"""

from devices.code_readers.addresses import reader_at
from devices.code_readers.evdev_reader import EvdevReader
from devices.code_readers.events import CodeEvent, CodeFault, CodeReaderState, CodeScanned
from devices.code_readers.serial_reader import CodeReader

__all__ = [
    "CodeEvent",
    "CodeFault",
    "CodeReader",
    "CodeReaderState",
    "CodeScanned",
    "EvdevReader",
    "reader_at",
]
