"""What happens to bytes on wires, and what may come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from devices.errors import DeviceFault


@dataclass(frozen=True)
class Case:
    """wire: a name of MAKERS in tests.campaigns.wires. seed: makes the same case again.

    what: more about it, for the report. run: "" when the driver lived with it, else the code of
    the DeviceFault that it named. Anything it raises is a bug.
    """

    wire: str
    seed: int
    what: str
    run: Callable[[], str]


def mutated(data: bytes, chance: Random) -> bytes:
    """`data` with one to four of the things that happen to bytes."""
    raw = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(7):
            case 0 if at < len(raw):
                raw[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(raw):
                raw[at] = chance.choice((0x00, 0xFF, 0x7F, 0x80, 0x90, chance.randrange(256)))
            case 2:
                del raw[at : at + chance.randint(1, 8)]
            case 3:
                raw[at:at] = chance.randbytes(chance.randint(1, 8))
            case 4:
                del raw[at:]
            case 5:
                raw += raw[at:][:300]
            case _:
                raw[at : at + 8] = chance.randbytes(len(raw[at : at + 8]))
    return bytes(raw)


def pieces(data: bytes, chance: Random) -> list[bytes]:
    """`data` in pieces of any size, as a wire hands it over."""
    parts = []
    while data:
        size = chance.choice((1, 2, 7, 16, 64, 1460, 65_536))
        parts.append(data[:size])
        data = data[size:]
    return parts


def named(act: Callable[[], str]) -> str:
    try:
        return act()
    except DeviceFault as fault:
        return fault.code
