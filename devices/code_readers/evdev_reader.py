"""Driver for a code reader that plays a USB keyboard ("keyboard wedge").

It reads the keyboard's own device and takes it for itself (EVIOCGRAB), so that what is scanned is
never typed into whatever has the focus.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import stat
from collections.abc import Callable

from devices.code_readers.events import CodeEvent
from devices.code_readers.key_codes import RECORD, AltNumbers, KeyLines
from devices.code_readers.supervised import WAIT_SLICE_SECONDS, SupervisedReader
from devices.errors import DeviceFault

_EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
_RECORDS_AT_ONCE = 128


class EvdevReader(SupervisedReader):
    """path: such as /dev/input/by-id/…-event-kbd. Lost and found again by itself."""

    def __init__(
        self,
        path: str,
        deliver: Callable[[CodeEvent], None],
        *,
        alt_numbers: AltNumbers = "gbk",
    ) -> None:
        """alt_numbers: see KeyLines."""
        super().__init__(deliver)
        self._path = path
        self._lines = KeyLines(alt_numbers)
        self._buffer = bytearray(_RECORDS_AT_ONCE * RECORD.size)
        self._wire: int | None = None

    def _listen(self) -> None:
        wire = self._wire = self._open()
        self._tell_state(True)
        while not self._stopping.is_set():
            ready, _, _ = select.select([wire], [], [], WAIT_SLICE_SECONDS)
            if not ready:
                continue
            try:
                count = os.readv(wire, [self._buffer])
            except OSError as error:  # ENODEV: the cable was pulled
                raise DeviceFault("reader.gone", f"read: {_name(error)}") from error
            if count == 0:
                raise DeviceFault("reader.gone", "wire hung up")
            with memoryview(self._buffer) as view, view[:count] as fresh:
                for event in self._lines.feed(fresh):
                    self._deliver(event)
            self._buffer[:count] = bytes(count)

    def _open(self) -> int:
        try:
            wire = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceFault("reader.gone", f"cannot open: {_name(error)}") from error
        try:
            fcntl.ioctl(wire, _EVIOCGRAB, 1)
        except OSError as error:
            # Only a device can be taken; a pipe with the same records has no other readers.
            if stat.S_ISCHR(os.fstat(wire).st_mode) or error.errno != errno.ENOTTY:
                os.close(wire)
                raise DeviceFault("reader.gone", f"cannot be taken: {_name(error)}") from error
        return wire

    def _let_go(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            os.close(wire)  # also gives the device back
        self._lines.forget()
        self._buffer[:] = bytes(len(self._buffer))


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
