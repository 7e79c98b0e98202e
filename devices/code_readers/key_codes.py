"""Key presses of a code reader that plays a keyboard ("wedge") become texts. No wire, no clock.

Records are the kernel's `struct input_event` (linux/input.h), codes those of
linux/input-event-codes.h; readers play a US keyboard. Letters beyond ASCII come as Alt with a
number on the keypad, as Windows takes them: a byte of the text, or a whole character.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal

from devices.code_readers.code_lines import LONGEST_CODE_BYTES, decode_text
from devices.code_readers.events import CodeFault, CodeScanned

RECORD = struct.Struct("@llHHi")  # seconds, microseconds, type, code, value
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
RELEASED, PRESSED = 0, 1  # 2: held so long that it repeats, which no reader does

KEY_TAB, KEY_ENTER, KEY_KPENTER = 15, 28, 96
KEY_LEFTSHIFT, KEY_LEFTALT, KEY_LEFTCTRL = 42, 56, 29
_SHIFT, _ALT, _CTRL = {KEY_LEFTSHIFT, 54}, {KEY_LEFTALT, 100}, {KEY_LEFTCTRL, 97}
_CAPS_LOCK, _NUM_LOCK = 58, 69
_ENDS = {KEY_TAB, KEY_ENTER, KEY_KPENTER}
_LINE_END_WITH_CTRL = "jm"  # Ctrl+J and Ctrl+M are LF and CR

KEYPAD = {82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9"}
_OTHER_KEYPAD = {83: ".", 98: "/", 55: "*", 74: "-", 78: "+"}


def _rows() -> dict[int, tuple[str, str]]:
    rows = (
        (2, "1234567890-=", "!@#$%^&*()_+"),
        (16, "qwertyuiop[]", "QWERTYUIOP{}"),
        (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
        (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    )
    keys = {
        first + at: pair
        for first, plain, shifted in rows
        for at, pair in enumerate(zip(plain, shifted, strict=True))
    }
    return {**keys, 57: (" ", " "), 86: ("\\", "|")}


KEYS = _rows()
"""Key code → what it types without and with shift."""

# A reader types a key every 1 to 50 ms; a person needs longer than this somewhere in a line. By the
# kernel's own times, so a busy machine changes nothing.
PAUSE_SECONDS = 0.1
_LONGEST_NUMBER = 6  # digits after Alt; 0 and the largest character of GBK, 65278

AltNumbers = Literal["gbk", "unicode"]


class KeyLines:
    """Collects key presses until Enter or Tab ends a line. What is typed by hand is dropped."""

    def __init__(self, alt_numbers: AltNumbers = "gbk") -> None:
        """alt_numbers: what a number above 255 after Alt means; the reader's manual says it."""
        self._alt_numbers = alt_numbers
        self._line = bytearray()
        self._rest = bytearray()
        self._held: set[int] = set()
        self._caps = False
        self._number = ""
        self._damaged = False
        self._dropping = False
        self._last = 0.0

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[CodeScanned | CodeFault]:
        """The texts that these records complete. Lines that make no sense give CodeFault."""
        self._rest += data
        whole = len(self._rest) // RECORD.size * RECORD.size
        records = bytearray(self._rest[:whole])
        for at in range(whole):
            self._rest[at] = 0
        del self._rest[:whole]
        for seconds, microseconds, kind, code, value in RECORD.iter_unpack(records):
            event = self._take(seconds + microseconds / 1e6, kind, code, value)
            if event is not None:
                yield event
        records[:] = bytes(whole)

    def forget(self) -> None:
        """Drop everything begun, as when the reader was unplugged in the middle of it."""
        self._rest[:] = bytes(len(self._rest))
        self._rest.clear()
        self._held.clear()
        self._caps = self._dropping = False
        self._forget_line()

    def _forget_line(self) -> None:
        self._line[:] = bytes(len(self._line))
        self._line.clear()
        self._number = ""
        self._damaged = False

    def _take(
        self, when: float, kind: int, code: int, value: int
    ) -> CodeScanned | CodeFault | None:
        if kind == EV_SYN:
            if code == SYN_DROPPED:  # the kernel's buffer ran over: keys are missing
                self._dropping = self._damaged = True
                self._held.clear()
            elif code == SYN_REPORT:
                self._dropping = False
            return None
        if kind != EV_KEY or self._dropping:
            return None
        if abs(when - self._last) > PAUSE_SECONDS:
            self._forget_line()
        self._last = when
        if value == PRESSED:
            return self._press(code)
        if value == RELEASED:
            self._release(code)
        return None

    def _press(self, code: int) -> CodeScanned | CodeFault | None:
        self._held.add(code)
        if code in _SHIFT | _ALT | _CTRL or code == _NUM_LOCK:
            return None
        if code == _CAPS_LOCK:
            self._caps = not self._caps
            return None
        if self._held & _ALT:
            if code in KEYPAD and len(self._number) < _LONGEST_NUMBER:
                self._number += KEYPAD[code]
            else:
                self._damaged = True
            return None
        typed = self._typed(code)
        if code in _ENDS or (self._held & _CTRL and typed and typed in _LINE_END_WITH_CTRL):
            return self._finish()
        if typed is None or self._held & _CTRL:
            self._damaged = True
        else:
            self._append(typed.encode("ascii"))
        return None

    def _release(self, code: int) -> None:
        self._held.discard(code)
        if code in _ALT and self._number:
            number, self._number = int(self._number), ""
            self._append(self._coded(number))

    def _typed(self, code: int) -> str | None:
        if code in KEYPAD:
            return KEYPAD[code]
        if code not in KEYS:
            return _OTHER_KEYPAD.get(code)
        plain, shifted = KEYS[code]
        shift = bool(self._held & _SHIFT)
        return shifted if shift != (self._caps and plain.isalpha()) else plain

    def _coded(self, number: int) -> bytes:
        if number <= 0xFF:
            return bytes([number])
        if self._alt_numbers == "unicode":
            try:
                return chr(number).encode("utf-8")
            except (ValueError, OverflowError):
                self._damaged = True
                return b""
        if number > 0xFFFF:
            self._damaged = True
            return b""
        return number.to_bytes(2, "big")

    def _append(self, typed: bytes) -> None:
        if len(self._line) + len(typed) > LONGEST_CODE_BYTES:
            self._damaged = True
        else:
            self._line += typed

    def _finish(self) -> CodeScanned | CodeFault | None:
        if not self._line and not self._damaged:
            return None
        text = None if self._damaged else decode_text(self._line)
        self._forget_line()
        return CodeFault("code.unreadable") if text is None else CodeScanned(text)
