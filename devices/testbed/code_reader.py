"""Plays a serial QR code reader on a pseudo-terminal."""

from __future__ import annotations

from pathlib import Path

from devices.testbed.pty import PtyLine


class CodeReaderPty:
    """`port` is what a driver opens. A real reader sends each code once, with a line end."""

    def __init__(self, baud: int = 9600, *, link: Path | None = None, end: bytes = b"\r\n") -> None:
        self._end = end
        self._line = PtyLine(baud, lambda _: None, link)

    @property
    def port(self) -> str:
        return self._line.port

    def show(self, text: str, encoding: str = "utf-8") -> None:
        """Hold a code with this text before the reader; returns when all of it is on the wire."""
        self._line.send(text.encode(encoding) + self._end)

    def send(self, data: bytes) -> None:
        """Put any bytes on the wire, without a line end."""
        self._line.send(data)

    def unplug(self) -> None:
        self._line.unplug()

    def replug(self) -> None:
        self._line.plug()

    def close(self) -> None:
        self._line.close()
