"""A filled store, ways to damage its file, and what must still be there afterwards."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from offline_store import Store
from offline_store.raw_wal import OUR_PAGE_SIZE
from offline_store.settings import Json
from offline_store.sqlite import sqlite3
from tests.offline_store.samples import bundle, submission

PAGE = OUR_PAGE_SIZE
NAMES = tuple(str(number) for number in range(24))
SETTINGS: dict[str, Json] = {
    f"part.{number}": {"value": number, "text": "一门" * number} for number in range(40)
}


def sealed(name: str) -> bytes:
    """Every fourth is large enough for two parts and a long chain of pages."""
    size = 300_000 if int(name) % 4 == 0 else 3_000 + int(name)
    return random.Random(name).randbytes(size)


@dataclass(frozen=True)
class Filled:
    """The file of a store that was closed in order; page → (table, rows that stand on it)."""

    content: bytes
    pages: dict[int, tuple[str, int]]


@cache
def filled() -> Filled:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.sqlite3"
        with Store.open(path) as store:
            store.catalog.import_bundle(bundle("1", "居住证", "护照", "参保证明"))
            for name in NAMES:
                store.outbox.commit(submission(name, sealed(name)))
                if int(name) % 3 == 0:
                    store.outbox.receipt_printed(f"YM-{name}")
                if int(name) % 5 == 4:
                    store.outbox.confirmed(f"submission-{name}", b'{"case_number": "C"}')
            for setting, value in SETTINGS.items():
                store.settings.put(setting, value)
            for _ in range(7):
                store.outbox.next_receipt_sequence("2026-11-23")
        connection = sqlite3.connect(path)
        pages = {
            int(number): (str(name), max(1, int(cells)) if kind != "internal" else 0)
            for number, name, kind, cells in connection.execute(
                "SELECT pageno, name, pagetype, ncell FROM dbstat"
            )
        }
        connection.close()
        return Filled(path.read_bytes(), pages)


def confirmed() -> set[str]:
    return {name for name in NAMES if int(name) % 5 == 4}


def lost(store: Store) -> dict[str, int]:
    """How much of each table is not there any more, or not whole."""
    whole = known = receipts = 0
    for name in NAMES:
        submission_id = f"submission-{name}"
        row = store.outbox.find_receipt(f"YM-{name}")
        receipts += row is not None and row.submission_id == submission_id
        known += row is not None
        held = store.outbox.read(submission_id, 0, 1 << 20) if row is not None else b""
        whole += name in confirmed() or held == sealed(name)
    settings = sum(store.settings.get(name) == value for name, value in SETTINGS.items())
    return {
        "submission": len(NAMES) - known,
        "receipt": len(NAMES) - receipts,
        "sealed_part": len(NAMES) - whole,
        "setting": len(SETTINGS) - settings,
        "catalog_service": 3 - len(store.catalog.popular()),
    }
