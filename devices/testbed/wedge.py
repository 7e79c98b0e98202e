"""Plays a code reader that plays a keyboard: the kernel's key records, on a named pipe.

A real one stands behind /dev/input, and the driver takes that device for itself. Making such a
device needs /dev/uinput, which test machines hardly have; so here the same records come by a pipe,
and only the taking (EVIOCGRAB) is not played.
"""

from __future__ import annotations

import contextlib
import os
import struct
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from devices.testbed.faults import Wire, WireFault, refuse_missing

KEY_SECONDS = 0.002  # a key pressed and let go: two reports of a full-speed USB device
SLOW_SECONDS = 0.02
CODE_SECONDS = 0.15  # between two codes, as readers need to see one anew
# linux/input.h, linux/input-event-codes.h
RECORD = struct.Struct("@llHHi")
_SYNC, _KEY, _SCAN_CODE = (0, 0), 1, (4, 4)
RELEASED, PRESSED = 0, 1
KEY_TAB, KEY_ENTER = 15, 28
_LEFT_SHIFT, _LEFT_ALT, _UNKNOWN = 42, 56, 240
_PLAIN = {
    **dict(zip("1234567890-=", range(2, 14), strict=True)),
    **dict(zip("qwertyuiop[]", range(16, 28), strict=True)),
    **dict(zip("asdfghjkl;'`", range(30, 42), strict=True)),
    **dict(zip("\\zxcvbnm,./", range(43, 54), strict=True)),
    " ": 57,
}
_SHIFTED = dict(
    zip('!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>?', _PLAIN.values(), strict=False)
)
_KEYPAD = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))

_AT_ONCE = 4096  # PIPE_BUF: a write so long is never cut

Stroke = tuple[int, int]  # key code, PRESSED or RELEASED


class WedgeKeyboard:
    """`port` is the address a kiosk is configured with. Each code is typed once, then Enter."""

    def __init__(
        self, *, link: Path | None = None, end: int = KEY_ENTER, key_seconds: float = KEY_SECONDS
    ) -> None:
        self._end = end
        self._pace = key_seconds
        self._folder: Path | None = None
        if link is None:
            self._folder = Path(tempfile.mkdtemp(prefix="yimen-wedge-"))
            link = self._folder / "keyboard"
        self._path = link
        self._wire: int | None = None
        self._ready = 0.0
        self._writing = threading.Lock()
        self._fault: WireFault | None = None
        self._after: int | None = None
        self.replug()

    @property
    def port(self) -> str:
        return f"evdev:{self._path}"

    def show(self, text: str, encoding: str = "gb18030") -> None:
        """Hold a code before the reader; returns when it is typed. What is not ASCII is typed as
        Alt and the decimal number of its bytes in `encoding`."""
        time.sleep(max(0.0, self._ready - time.monotonic()))
        keys = [list(strokes_of(character, encoding)) for character in text]
        half = len(keys) // 2 if self._after is None else self._after
        end = [_tap(self._end)]
        match self._fault:
            case None:
                self.type([*keys, *end])
            case WireFault.SLOW:
                self.type([*keys, *end], SLOW_SECONDS)
            case WireFault.GARBLED:
                self.type([*([_tap(_UNKNOWN)] * len(keys)), *end])
            case WireFault.TRUNCATED:
                self.type(keys[:half])
            case WireFault.UNPLUGGED:
                self.type(keys[:half])
                self.unplug()

    def type(self, keys: Iterable[Iterable[Stroke]], seconds: float | None = None) -> None:
        """Type any keys, each with this pace (of the keyboard when None)."""
        for key in keys:
            time.sleep(self._pace if seconds is None else seconds)
            self.send(records_of(key, time.time()))
        self._ready = time.monotonic() + CODE_SECONDS

    def send(self, data: bytes) -> None:
        """Put any bytes on the wire."""
        with self._writing:
            if self._wire is not None:
                for at in range(0, len(data), _AT_ONCE):
                    with contextlib.suppress(BlockingIOError):  # nobody reads: the kernel drops it
                        os.write(self._wire, data[at : at + _AT_ONCE])

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """See devices.testbed.faults."""
        refuse_missing(Wire.CODE_READER, kind)
        self.heal()
        if kind is WireFault.ABSENT:
            self.unplug()
        elif kind is not WireFault.RECOVER:
            self._fault, self._after = kind, after

    def heal(self) -> None:
        """Forget every fault and plug the cable in."""
        self._fault = self._after = None
        self.replug()

    def unplug(self) -> None:
        with self._writing:
            wire, self._wire = self._wire, None
            if wire is not None:
                self._path.unlink()
                os.close(wire)

    def replug(self) -> None:
        with self._writing:
            if self._wire is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.unlink(missing_ok=True)
                os.mkfifo(self._path, 0o600)
                # Both ends, so that it opens before a driver does and stays after one leaves.
                self._wire = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def close(self) -> None:
        self.unplug()
        if self._folder is not None:
            self._folder.rmdir()


def strokes_of(character: str, encoding: str = "gb18030") -> Iterator[Stroke]:
    """The keys that type one character."""
    if character in _PLAIN:
        yield from _tap(_PLAIN[character])
    elif character in _SHIFTED:
        yield _LEFT_SHIFT, PRESSED
        yield from _tap(_SHIFTED[character])
        yield _LEFT_SHIFT, RELEASED
    else:
        coded = character.encode(encoding)
        whole = encoding == "gb18030" and len(coded) == 2
        for number in [int.from_bytes(coded, "big")] if whole else coded:
            yield from with_alt(number)


def with_alt(number: int) -> Iterator[Stroke]:
    """Alt held, a decimal number on the keypad."""
    yield _LEFT_ALT, PRESSED
    for digit in f"0{number}":
        yield from _tap(_KEYPAD[digit])
    yield _LEFT_ALT, RELEASED


def records_of(strokes: Iterable[Stroke], when: float) -> bytes:
    """The kernel's records: scan code, key, report; `when` in seconds since 1970."""
    seconds, microseconds = int(when), int(when % 1 * 1e6)
    records = b""
    for code, value in strokes:
        for kind, what, given in (
            (*_SCAN_CODE, 0x70000 + code), (_KEY, code, value), (*_SYNC, 0),
        ):
            records += RECORD.pack(seconds, microseconds, kind, what, given)
    return records


def _tap(code: int) -> tuple[Stroke, Stroke]:
    return (code, PRESSED), (code, RELEASED)
