"""Handing in: what a commit of a 5 MB submission costs beside writing and syncing its bytes.

On the disk of /var/tmp (a temporary folder in memory would sync nothing).
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from offline_store import Store
from tests.benchmarks.rows import Row, percentile, timed
from tests.offline_store.samples import submission

SUITE = "store"
SIZE = 5_000_000
RUNS = 100
TIMES_AS_LONG = 3.0


def rows() -> Iterator[Row]:
    sealed = random.Random(5).randbytes(SIZE)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        ours, peer = [], []
        with Store.open(Path(folder) / "kiosk.db") as store:
            for number in range(RUNS):
                item = submission(str(number), sealed)
                # In turns, so that a busy moment of the machine falls on both.
                ours += timed(lambda item=item: store.outbox.commit(item), 1)  # type: ignore[misc]
                peer += timed(lambda n=number: _write(Path(folder) / f"{n}", sealed), 1)  # type: ignore[misc]
                store.outbox.confirmed(item.submission_id, b'{"case_number": "C"}')
                (Path(folder) / str(number)).unlink()
    for name, share in (("p50", 0.50), ("p99", 0.99)):
        taken, written = percentile(ours, share), percentile(peer, share)
        yield Row(
            f"commit of 5 MB {name}", taken, "ms", "write and fsync the same bytes", written,
            f"p99 at most {TIMES_AS_LONG:.0f} times as long",
            taken <= TIMES_AS_LONG * written if share == 0.99 else None,
            f"{taken / written:.2f} times; {RUNS} runs in turns",
        )


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
