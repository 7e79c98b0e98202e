"""Plays a serial QR code reader on a pseudo-terminal."""

from __future__ import annotations

import threading
from pathlib import Path

from devices.testbed.faults import Wire, WireFault, refuse_missing
from devices.testbed.pty import PtyLine

SLOW_SECONDS = 0.02
_LOWER_BITS = 0x1F


class CodeReaderPty:
    """`port` is what a driver opens. A real reader sends each code once, with a line end."""

    def __init__(self, baud: int = 9600, *, link: Path | None = None, end: bytes = b"\r\n") -> None:
        self._end = end
        self._fault: WireFault | None = None
        self._after: int | None = None
        self._healed = threading.Event()
        self._line = PtyLine(baud, lambda _: None, link)

    @property
    def port(self) -> str:
        return self._line.port

    def show(self, text: str, encoding: str = "utf-8") -> None:
        """Hold a code with this text before the reader; returns when all of it is on the wire."""
        self.send(text.encode(encoding) + self._end)

    def send(self, data: bytes) -> None:
        """Put any bytes on the wire, without a line end, as far as its fault lets them."""
        half = len(data) // 2 if self._after is None else self._after
        match self._fault:
            case None:
                self._line.send(data)
            case WireFault.SLOW:
                for at in range(len(data)):
                    self._line.send(data[at : at + 1])
                    self._healed.wait(SLOW_SECONDS)
            case WireFault.GARBLED:
                text = data.removesuffix(self._end)
                spoiled = bytes(byte & _LOWER_BITS for byte in text)
                self._line.send(spoiled + data[len(text) :])
            case WireFault.TRUNCATED:
                self._line.send(data[:half])
            case WireFault.UNPLUGGED:
                self._line.send(data[:half])
                self.unplug()

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
        self._healed.set()
        self._healed = threading.Event()
        self.replug()

    def unplug(self) -> None:
        self._line.unplug()

    def replug(self) -> None:
        self._line.plug()

    def close(self) -> None:
        self._line.close()
