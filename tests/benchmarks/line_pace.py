"""Whether the testbed's serial line is as slow as the real one: what other figures rest on.

Of a suite of its own, so that it is quick: `yimen bench testbed`.
"""

import os
import time
from collections.abc import Iterator

from devices.serial_wire import SerialWire
from devices.testbed.pty import BITS_PER_BYTE, PtyLine
from tests.benchmarks.rows import Row, p50

SUITE = "testbed"
RUNS = 5
FRAME_BYTES = 600


def rows() -> Iterator[Row]:
    for baud in (115200, 57600):
        took = 1000 * p50([_seconds(baud) for _ in range(RUNS)])
        wire = 1000 * FRAME_BYTES * BITS_PER_BYTE / baud
        yield Row(
            f"{FRAME_BYTES} bytes at {baud} baud, p50", took, "ms", "bits divided by baud", wire,
            "never quicker than the wire", took >= wire,
        )


def _seconds(baud: int) -> float:
    """From the question to the last byte of the answer."""
    frame = os.urandom(FRAME_BYTES)
    buffer = bytearray(FRAME_BYTES)
    line = PtyLine(baud, lambda _: line.send(frame))
    wire = SerialWire(line.port, baud)
    try:
        begin = time.monotonic()
        wire.send(b"?")
        received = 0
        while received < FRAME_BYTES:
            count = wire.receive_into(buffer, received, begin + 5)
            assert count, "the line fell silent"
            received += count
        took = time.monotonic() - begin
    finally:
        wire.close()
        line.close()
    assert buffer == frame
    return took
