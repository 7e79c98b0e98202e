"""Starting with 100,000 audit lines and 5,000 waiting submissions of 100 kB each.

Each start is a fresh process; its Python and imports are not counted. Also after an end by
SIGKILL, where everything but the sealed bytes is checked first.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from offline_store import Store
from offline_store.audit import Audit
from offline_store.connections import Connection
from tests.benchmarks.rows import FOLDER, Row, p95
from tests.offline_store.samples import submission

SUITE = "store"
LINES, WAITING, SIZE = 100_000, 5_000, 100_000
RUNS = 12
LIMIT_MS = 300.0

_START = """
import json, os, signal, sys, time
from pathlib import Path
from offline_store.recovery import open_or_recover
begin = time.perf_counter()
store, _ = open_or_recover(Path(sys.argv[1]))
store.audit.head(), store.catalog.version(), store.settings.get("checked.store")
took = time.perf_counter() - begin
begin = time.perf_counter()
waiting = len(store.outbox.waiting())
listed = time.perf_counter() - begin
print(json.dumps([took, listed, waiting, store.ended_badly]), flush=True)
if sys.argv[2] == "kill":
    store.settings.put("bench", 1)
    os.kill(os.getpid(), signal.SIGKILL)
store.close()
"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        path = Path(folder) / "kiosk.db"
        _fill(path)
        megabytes = path.stat().st_size / 1e6
        _start(path)
        note = f"{LINES:,} lines, {WAITING:,} waiting, {megabytes:.0f} MB; {RUNS} runs"
        warm = [_start(path) for _ in range(RUNS)]
        yield _row("start, p95", [took for took, _ in warm], f"{note}, the file in memory")
        cold = []
        for _ in range(RUNS):
            _out_of_memory(path)
            cold.append(_start(path)[0])
        yield _row("start, nothing in memory, p95", cold, f"{note}, the file on the disk only")
        yield Row("list of all that waits, p95", p95([listed for _, listed in warm]), "ms",
                  "", None, "", None, "on the sync's thread, not part of the start")
        killed = []
        for _ in range(RUNS):
            _start(path, "kill", expect=-9)
            killed.append(_start(path)[0])
        yield Row("start after a kill, p95", p95(killed), "ms", "", None, "", None,
                  f"{note}; all but the sealed bytes checked before anything is written")


def _row(name: str, times: list[float], note: str) -> Row:
    taken = p95(times)
    return Row(name, taken, "ms", "", None, f"at most {LIMIT_MS:.0f} ms", taken <= LIMIT_MS, note)


def _start(path: Path, then: str = "close", expect: int = 0) -> tuple[float, float]:
    """Milliseconds of the start, and of listing what waits."""
    ended = subprocess.run(
        [sys.executable, "-c", _START, str(path), then], cwd=FOLDER.parents[1],
        stdout=subprocess.PIPE, check=False,
    )
    assert ended.returncode == expect, ended.returncode
    took, listed, waiting, _ = json.loads(ended.stdout)
    assert waiting == WAITING
    return 1000 * took, 1000 * listed


def _out_of_memory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def _fill(path: Path) -> None:
    content = random.Random(5)
    with Store.open(path) as store:
        connections, outbox = store._connections, store.outbox

        def commit(first: int) -> None:
            def some(connection: Connection) -> None:
                for number in range(first, first + 250):
                    outbox._commit(connection, submission(f"{number}", content.randbytes(SIZE)))

            connections.write(some)

        def lines(connection: Connection) -> None:
            audit = Audit(connections)
            for number in range(LINES - WAITING):
                audit.append("receipt.printed", {"receipt": f"YM-{number}", "n": number},
                             connection)

        for first in range(0, WAITING, 250):
            commit(first)
        connections.write(lines)
        assert store.audit.head()[0] == LINES
