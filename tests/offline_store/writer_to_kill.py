"""The process that the kill tests shoot: commits, prints and confirms, and says what was done.

    python -m tests.offline_store.writer_to_kill STORE CRASH_POINT|never AFTER SIZE

Each line on standard output is an acknowledgement: what it names had returned before.
From submission number AFTER on the crash point is armed.
"""

import os
import sys
from pathlib import Path

from offline_store import Store
from offline_store.crash_points import VARIABLE
from tests.offline_store.samples import bundle, submission


def main(path: Path, point: str, after: int, size: int) -> None:
    if point.startswith("migrate."):
        os.environ[VARIABLE] = point
    store = Store.open(path)
    start = store.outbox.next_receipt_sequence("day") * 1000
    number = start
    while True:
        if number - start == after and point != "never":
            os.environ[VARIABLE] = point
        name = str(number)
        store.outbox.commit(submission(name, name.encode() * (size // len(name))))
        _say("committed", name)
        store.outbox.receipt_printed(f"YM-{name}")
        _say("printed", name)
        if number % 2:
            store.outbox.confirmed(f"submission-{name}", b'{"case_number": "C"}')
            _say("confirmed", name)
        if number % 5 == 0:
            store.catalog.import_bundle(bundle(name, "居住证", f"事项{name}"))
            _say("catalog", name)
        number += 1


def _say(what: str, name: str) -> None:
    os.write(1, f"{what} {name}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
