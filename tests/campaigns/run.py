"""The process that runs a campaign for `yimen campaign`, which watches it.

    python -m tests.campaigns.run --seed S --first A --count N --mark FILE [--wire W] [--case C]

Standard output: one JSON object a line, {"done", "outcomes", "slowest"} now and then (what came
since the last line) and {"failure"} for each case that raised. FILE holds the case under way, so
that whoever watches can name it when it never ends.
"""

from __future__ import annotations

import argparse
import json
import mmap
import struct
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from devices.errors import FAULT_CODES
from tests.campaigns.spoiling import Case
from tests.campaigns.wires import MAKERS, case, cases

MARK = struct.Struct("<QQ32s")
"""Number of the case, its seed, its wire."""
_TELL_SECONDS = 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--mark", type=Path, required=True)
    parser.add_argument("--wire", choices=list(MAKERS))
    parser.add_argument("--case", type=int)
    given = parser.parse_args()
    chosen: Iterator[Case] = cases(given.seed, given.count, given.wire)
    if given.case is not None:
        chosen = iter([case(given.wire, given.case)])
    with given.mark.open("r+b") as file, mmap.mmap(file.fileno(), MARK.size) as mark:
        _run(enumerate(islice(chosen, given.first, None), given.first), mark)


def _run(chosen: Iterator[tuple[int, Case]], mark: mmap.mmap) -> None:
    outcomes: Counter[str] = Counter()
    slowest: dict[str, tuple[float, int]] = {}
    told = time.monotonic()
    done = 0
    for number, one in chosen:
        MARK.pack_into(mark, 0, number, one.seed, one.wire.encode())
        begin = time.perf_counter()
        try:
            outcome = one.run()
            if outcome and outcome not in FAULT_CODES:
                raise AssertionError(f"no fault of ours: {outcome}")
        except Exception:  # noqa: BLE001 - whatever it is, it is what the campaign looks for
            outcome = "failed"
            _tell({"failure": _about(one, traceback.format_exc(limit=-8))})
        seconds = time.perf_counter() - begin
        outcomes[f"{one.wire} {outcome}"] += 1
        slowest[one.wire] = max(slowest.get(one.wire, (0.0, 0)), (seconds, one.seed))
        done += 1
        if time.monotonic() - told > _TELL_SECONDS:
            _tell({"done": done, "outcomes": outcomes, "slowest": slowest})
            outcomes, slowest, done, told = Counter(), {}, 0, time.monotonic()
    _tell({"done": done, "outcomes": outcomes, "slowest": slowest, "end": True})


def _about(one: Case, error: str) -> dict[str, object]:
    return {"wire": one.wire, "case": one.seed, "what": one.what, "error": error}


def _tell(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
