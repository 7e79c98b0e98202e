"""Damage to a store as large and as mixed as a kiosk's: the city's own catalog with its search
index, and what people handed in. Nothing handed in is lost, and the catalog comes back."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offline_store import Store, StoreError
from offline_store.recovery import open_or_recover
from offline_store.sqlite import sqlite3
from tests.offline_store.damage import NAMES, PAGE, confirmed, sealed
from tests.offline_store.samples import submission
from tests.shipped_catalog import whole

SHARE = 16
"""Every sixteenth service: the same tables and trees as the whole, in a part of the time."""
FRAME = 24 + PAGE
Damage = Callable[[bytearray], None]


@dataclass(frozen=True)
class Grown:
    """The file of a kiosk's store and its WAL; table or index → the kinds of its pages."""

    content: bytes
    wal: bytes
    pages: dict[str, dict[str, list[int]]]
    version: str

    def page(self, table: str, kind: str = "leaf") -> int:
        """The middle one of the table's pages of that kind."""
        found = self.pages[table][kind]
        return found[len(found) // 2]


def _hand_in(store: Store) -> None:
    for name in NAMES:
        store.outbox.commit(submission(name, sealed(name)))
        if int(name) % 3 == 0:
            store.outbox.receipt_printed(f"YM-{name}")
        if name in confirmed():
            store.outbox.confirmed(f"submission-{name}", b'{"case_number": "C"}')


def _owed() -> set[str]:
    return {f"YM-{name}" for name in NAMES if int(name) % 3}


def _grown(path: Path, version: str, wal: bytes = b"") -> Grown:
    pages: dict[str, dict[str, list[int]]] = {}
    connection = sqlite3.connect(path)
    for name, kind, number in connection.execute("SELECT name, pagetype, pageno FROM dbstat"):
        pages.setdefault(str(name), {}).setdefault(str(kind), []).append(int(number))
    connection.close()
    return Grown(path.read_bytes(), wal, pages, version)


def _bundle() -> dict[str, Any]:
    return {**whole(), "services": whole()["services"][::SHARE]}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    path = tmp_path_factory.mktemp("grown") / "kiosk.sqlite3"
    with Store.open(path) as store:
        store.catalog.import_bundle(_bundle())
        _hand_in(store)
        version = store.catalog.version()
    return _grown(path, version)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """The same cut off by a power cut: what was handed in stands in the WAL only."""
    folder = tmp_path_factory.mktemp("running")
    path, cut = folder / "kiosk.sqlite3", folder / "cut.sqlite3"
    with Store.open(path) as store:
        store.catalog.import_bundle(_bundle())
    with Store.open(path) as store:
        _hand_in(store)
        shutil.copy(path, cut)
        wal = path.with_name(path.name + "-wal").read_bytes()
        version = store.catalog.version()
    return _grown(cut, version, wal)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path)


def _recovered(path: Path) -> Store:
    """As a kiosk does it: open; look through the file in the background; on findings, again."""
    store, _ = open_or_recover(path)
    found = store.check(lambda: False)
    if found is None or not found.damage:
        return store
    store.recover_next_time()
    store.close()
    store, _ = open_or_recover(path)
    return store


def _put(folder: Path, content: bytes | bytearray, wal: bytes = b"") -> Path:
    path = folder / "kiosk.sqlite3"
    for old in folder.iterdir():
        old.unlink()
    path.write_bytes(content)
    if wal:
        path.with_name(path.name + "-wal").write_bytes(wal)
    return path


def _holds(store: Store, version: str) -> None:
    """Nothing handed in is lost, no receipt is forgotten, and the catalog is here or asked for."""
    waiting = {item.submission_id: item for item in store.outbox.waiting()}
    shelved = {item.submission_id for item in store.outbox.shelf()}
    for name in NAMES:
        number, submission_id = f"YM-{name}", f"submission-{name}"
        row = store.outbox.find_receipt(number)
        assert row is not None and row.submission_id == submission_id, name
        if name in confirmed():
            assert row.state == "confirmed" or submission_id in waiting, name
        else:
            assert submission_id in waiting.keys() | shelved, name
            held = store.outbox.read(submission_id, 0, 1 << 20)
            # What is not whole any more is on the shelf for staff, never sent and never dropped.
            assert (held == sealed(name)) == (submission_id in waiting), name
    assert {row.number for row in store.outbox.receipts_owed()} == _owed()
    store.audit.verify()
    # "" asks for the city's; the services of a recovered one are offered meanwhile.
    assert store.catalog.version() in ("", version)
    store.catalog.import_bundle({**_bundle(), "services": _bundle()["services"][:8]})
    assert store.catalog.version() == whole()["version"]
    name = _bundle()["services"][0]["name"]["zh"]
    assert store.catalog.search(name)[0]["name"]["zh"] == name


def _noise(page: int, content: bytearray) -> None:
    content[(page - 1) * PAGE : page * PAGE] = random.Random(page).randbytes(PAGE)


def _zeros(first: int, last: int, content: bytearray) -> None:
    content[first:last] = bytes(last - first)


TABLES = [
    ("submission", "leaf"), ("receipt", "leaf"), ("sealed_part", "leaf"),
    ("sealed_part", "overflow"), ("audit", "leaf"), ("store", "leaf"),
    ("catalog_service", "leaf"), ("catalog_service", "internal"), ("catalog_terms", "leaf"),
    ("catalog_grams_data", "leaf"), ("catalog_grams_idx", "leaf"), ("catalog_gram", "leaf"),
]


@pytest.mark.parametrize(("table", "kind"), TABLES, ids=["-".join(one) for one in TABLES])
def test_a_lost_page_of_any_table_loses_nothing_handed_in(
    grown: Grown, folder: Path, table: str, kind: str
) -> None:
    content = bytearray(grown.content)
    _noise(grown.page(table, kind), content)
    with _recovered(_put(folder, content)) as store:
        shelved = len(store.outbox.shelf())
        assert shelved == 0 or table == "sealed_part"
        _holds(store, grown.version)


@pytest.mark.parametrize(
    "damage",
    [partial(_zeros, 0, PAGE), partial(_zeros, 0, 100), partial(_zeros, 16, 18)],
    ids=["first page", "header", "page size"],
)
def test_a_file_that_hides_its_page_size_is_read_all_the_same(
    folder: Path, grown: Grown, damage: Damage
) -> None:
    content = bytearray(grown.content)
    damage(content)
    with _recovered(_put(folder, content)) as store:
        assert len(store.catalog.popular(2000)) == len(_bundle()["services"])
        _holds(store, grown.version)


def test_the_whole_city_without_its_first_page(city_file: Path, folder: Path) -> None:
    """By a wrong page size, rows would be found in the middle of this many pages."""
    path = _put(folder, city_file.read_bytes())
    with Store.open(path) as store:
        _hand_in(store)
    content = bytearray(path.read_bytes())
    _zeros(0, PAGE, content)
    with _recovered(_put(folder, content)) as store:
        assert len(store.catalog.popular(2000)) == len(whole()["services"])
        assert store.catalog.search("居住证")[0]["slug"] == "residence_permit"
        _holds(store, whole()["version"])


@pytest.mark.parametrize("frame", [0, 5, 11])
def test_a_damaged_frame_of_the_wal_loses_only_what_stood_in_it(
    running: Grown, folder: Path, frame: int
) -> None:
    wal = bytearray(running.wal)
    wal[32 + frame * FRAME + 2000] ^= 1
    with _recovered(_put(folder, running.content, bytes(wal))) as store:
        found = [name for name in NAMES if store.outbox.find_receipt(f"YM-{name}") is not None]
        assert len(found) >= len(NAMES) - 1


def test_damage_inside_the_index_is_named_and_mended_by_the_next_start(
    grown: Grown, folder: Path
) -> None:
    """Whole trees, wrong content: only who asks the index meets it."""
    content = bytearray(grown.content)
    for page in grown.pages["catalog_grams_data"]["leaf"]:
        at = page * PAGE - 3000
        content[at : at + 2000] = random.Random(page).randbytes(2000)
    path = _put(folder, content)
    try:
        with _recovered(path) as store:
            for service in _bundle()["services"][:40]:
                store.catalog.search(service["name"]["zh"])
    except StoreError as error:
        assert error.code == "store.damaged"
    with _recovered(path) as store:
        _holds(store, grown.version)


@settings(
    max_examples=5, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_few_pages_damaged_at_once(grown: Grown, folder: Path, data: st.DataObject) -> None:
    count = len(grown.content) // PAGE
    # The line about a submission and its header stand in for each other: one of the two holds.
    both = {page for table in ("audit", "submission", "receipt", "sealed_part")
            for pages in grown.pages[table].values() for page in pages}
    catalogs = st.sampled_from(sorted(set(range(1, count + 1)) - both))
    others = data.draw(st.lists(catalogs, max_size=6))
    content = bytearray(grown.content)
    for page in [*others, data.draw(st.sampled_from(sorted(both)))]:
        _noise(page, content)
    with _recovered(_put(folder, content)) as store:
        _holds(store, grown.version)
