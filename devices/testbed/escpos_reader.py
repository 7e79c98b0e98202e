"""Cuts a stream of ESC/POS bytes into commands, without knowing who wrote them."""

from dataclasses import dataclass

# Commands by their first bytes: how many argument bytes follow.
_FIXED = {
    b"\x1b@": 0,
    b"\x1ba": 1,
    b"\x1b3": 1,
    b"\x1b2": 0,
    b"\x1bE": 1,
    b"\x1bd": 1,
    b"\x1bJ": 1,
    b"\x1b!": 1,
    b"\x1bt": 1,
    b"\x1bR": 1,
    b"\x1c&": 0,
    b"\x1c.": 0,
    b"\x1c!": 1,
    b"\x1cC": 1,
    b"\x1d!": 1,
    b"\x1dr": 1,
    b"\x1dL": 2,
    b"\x1dW": 2,
    b"\x10\x04": 1,
    b"\x10\x05": 1,
}
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
_CLEAR = b"\x10\x14\x08"


@dataclass(frozen=True)
class Command:
    """One command: `name` its first bytes ("" for text), `data` what follows, `raw` all of it."""

    name: bytes
    data: bytes
    raw: bytes

    @property
    def real_time(self) -> bool:
        """Acted on as it arrives, ahead of everything in the buffer."""
        return self.name in _REAL_TIME


class EscposReader:
    """Feed it bytes as they come; it gives back whole commands."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> list[Command]:
        """Commands completed by these bytes; the rest waits for more."""
        self._pending += data
        commands: list[Command] = []
        while self._pending:
            length = self._whole(self._pending)
            if length is None:
                break
            raw, self._pending = self._pending[:length], self._pending[length:]
            commands.append(_command(raw))
        return commands

    def _whole(self, data: bytes) -> int | None:
        """Length of the first command, None while it is incomplete."""
        if data[0] not in (0x10, 0x1B, 0x1C, 0x1D):
            return 1 if data[0] < 0x20 else _text_length(data)
        name = data[:2]
        if len(name) < 2:
            return None
        if name in _FIXED:
            return _enough(data, 2 + _FIXED[name])
        if name == b"\x1dV":
            return _enough(data, 4 if data[2:3] in b"ABab" and data[2:3] else 3)
        if name in (b"\x1d(", b"\x1c("):
            if len(data) < 5:
                return None
            return _enough(data, 5 + data[3] + 256 * data[4])
        if name == b"\x1dv":
            if len(data) < 8:
                return None
            return _enough(data, 8 + (data[4] + 256 * data[5]) * (data[6] + 256 * data[7]))
        if name == b"\x10\x14":
            if len(data) < 3:
                return None
            return _enough(data, 10 if data[2] == 8 else 5)
        return 2  # unknown: skip its name, as a printer does


def _text_length(data: bytes) -> int | None:
    """Text ends at a control byte; before one came, a character may still be half here."""
    for index, byte in enumerate(data):
        if byte < 0x20:
            return index
    return None


def _enough(data: bytes, length: int) -> int | None:
    return length if len(data) >= length else None


def _command(raw: bytes) -> Command:
    if raw[0] in (0x10, 0x1B, 0x1C, 0x1D):
        size = 3 if raw[:2] in (b"\x1d(", b"\x1c(", b"\x1dv") else 2
        return Command(raw[:size], raw[size:], raw)
    if raw[0] < 0x20:
        return Command(raw[:1], b"", raw)
    return Command(b"", raw, raw)
