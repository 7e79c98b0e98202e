"""A stream of bytes from a code reader becomes texts, one a line. Pure: no wire, no clock."""

from __future__ import annotations

from collections.abc import Iterator

from devices.code_readers.events import CodeFault, CodeScanned

# The largest QR code holds 2,953 bytes (version 40-L, ISO/IEC 18004).
LONGEST_CODE_BYTES = 2953
ENDS = b"\r\n"


class CodeLines:
    """Collects bytes until CR, LF or both end a line."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._overlong = False

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[CodeScanned | CodeFault]:
        """The texts that `data` completes. Overlong or senseless lines give CodeFault instead."""
        for byte in data:
            if byte not in ENDS:
                if len(self._line) < LONGEST_CODE_BYTES:
                    self._line.append(byte)
                else:
                    self._overlong = True
            elif self._line:
                yield self._finish()

    def forget(self) -> None:
        """Drop a line begun, as when the reader was unplugged in the middle of it."""
        self._line[:] = bytes(len(self._line))
        self._line.clear()
        self._overlong = False

    def _finish(self) -> CodeScanned | CodeFault:
        text = None if self._overlong else decode_text(self._line)
        self.forget()
        return CodeFault("code.unreadable") if text is None else CodeScanned(text)


def decode_text(line: bytes | bytearray) -> str | None:
    """UTF-8, else GB18030, as Chinese readers send it; None when it is neither or not printable."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = line.decode(encoding).strip(" ")
        except UnicodeDecodeError:
            continue
        # A reader at the wrong speed sends control characters; a code for people holds none
        # but the tab.
        if text and all(character.isprintable() or character == "\t" for character in text):
            return text
    return None
