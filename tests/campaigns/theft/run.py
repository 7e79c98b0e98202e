"""The process that runs the theft for `yimen campaign theft`, which shows it.

    python -m tests.campaigns.theft.run --seed S [--ending E …] [--short]

Standard output: one JSON object a line for each ending. Before each ending everything is searched
as well: what is not found then, the search cannot find.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.campaigns.theft import search
from tests.campaigns.theft.canaries import canaries, person
from tests.campaigns.theft.search import Hit, Sieve
from tests.campaigns.theft.visit import ENDINGS, KioskToRob

ELSEWHERE = tuple(map(Path, ("/dev/shm", "/run", "/tmp", "/var")))
"""Where a program writes that heeds no TMPDIR or HOME."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--ending", choices=ENDINGS, action="append")
    parser.add_argument("--short", action="store_true", help="end on the form's first page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yimen-") as folder:
        for told in rob(Path(folder), given.seed, given.ending or ENDINGS, given.short):
            print(json.dumps(told, ensure_ascii=False), flush=True)


def rob(
    folder: Path, seed: int, endings: Sequence[str], short: bool = False
) -> Iterator[dict[str, Any]]:
    """One visit for each ending: what was found before it, and what after it.

    short: the visit ends on the form's first page, which cannot be handed in yet.
    """
    who = person(seed)
    pen: tuple[float, ...] = ()
    since = time.time()
    with KioskToRob(folder, who, seed) as kiosk:
        for ending in endings:
            begin = time.monotonic()
            kiosk.fill_in(1) if short else kiosk.fill_in()
            if not short:
                kiosk.bring_papers_and_sign()
            looked_for = canaries(who, pen)
            sieve = Sieve(looked_for)
            during = list(_in_memory(kiosk, sieve))
            kiosk.end(ending)
            if ending == "finish":
                kiosk.check_what_was_written()
            kiosk.settle()
            if not pen:  # known once one of her signatures has reached the hub
                pen = kiosk.places_of_the_pen()
                sieve = Sieve(canaries(who, pen))
            after = [*_in_memory(kiosk, sieve), *_on_disk(kiosk, sieve)]
            if not short:
                after += search.in_files(search.changed(ELSEWHERE, since, folder), sieve)
            yield {
                "ending": ending,
                "seconds": round(time.monotonic() - begin, 1),
                "forms": len(canaries(who, pen)),
                "pen_known": any(one.kind == "signature" for one in looked_for),
                "raw_disk": kiosk.raw is not None,
                "found_during": sorted({hit.kind for hit in during}),
                "hits": [vars(hit) for hit in sorted(set(after), key=str)],
            }


def _in_memory(kiosk: KioskToRob, sieve: Sieve) -> Iterator[Hit]:
    for pid, name in kiosk.processes():
        yield from search.in_process(pid, name, sieve)
        yield from search.in_open_files(pid, name, sieve)


def _on_disk(kiosk: KioskToRob, sieve: Sieve) -> Iterator[Hit]:
    """The kiosk's own folders; spool and temporary files of the spooler; shared memory."""
    mine = [path for path in Path("/dev/shm").iterdir() if path.name.startswith("pulse")]
    yield from search.in_files([kiosk.box, *mine, *kiosk.spools()], sieve)
    if kiosk.raw is not None:
        kiosk.write_out()
        yield from search.in_file(kiosk.raw, "the raw disk", sieve)


if __name__ == "__main__":
    main()
