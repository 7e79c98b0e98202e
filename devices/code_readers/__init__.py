"""Readers that send the text of a code they saw, such as a QR reader on a serial line."""

from devices.code_readers.events import CodeEvent, CodeFault, CodeReaderState, CodeScanned
from devices.code_readers.serial_reader import CodeReader

__all__ = ["CodeEvent", "CodeFault", "CodeReader", "CodeReaderState", "CodeScanned"]
