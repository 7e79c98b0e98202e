import json
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from offline_store import Store, StoreError
from offline_store.migrations import STEPS, schema_digest
from offline_store.sqlite import sqlite3
from tests.offline_store.samples import bundle


def test_before_the_first_bundle_the_catalog_is_empty(store: Store) -> None:
    assert store.catalog.version() == ""
    assert store.catalog.groups() == []
    assert store.catalog.popular(5) == []
    assert store.catalog.search("居住证") == []


def test_an_imported_bundle_is_served_whole(store: Store) -> None:
    source = bundle("v1", "居住证", "护照")
    store.catalog.import_bundle(source)
    assert store.catalog.version() == "v1"
    assert store.catalog.groups() == source["groups"]
    assert store.catalog.service("code-护照") == source["services"][1]
    rows = store.catalog.services_in("all")
    assert [row["code"] for row in rows] == ["code-居住证", "code-护照"]
    assert rows[0]["name"]["zh"] == "居住证"
    assert store.catalog.popular(1) == rows[:1]
    assert store.catalog.services_in("no such group") == []


def test_a_new_bundle_replaces_the_old_one_in_lists_and_search(store: Store) -> None:
    store.catalog.import_bundle(bundle("v1", "居住证", "护照"))
    store.catalog.import_bundle(bundle("v2", "医保", "驾驶证"))
    assert store.catalog.version() == "v2"
    assert store.catalog.search("护照") == []
    assert [row["code"] for row in store.catalog.search("yibao")] == ["code-医保"]
    with pytest.raises(StoreError) as refused:
        store.catalog.service("code-护照")
    assert refused.value.code == "store.unknown"


def test_a_broken_bundle_leaves_the_old_one_in_use(store: Store) -> None:
    store.catalog.import_bundle(bundle("v1", "居住证"))
    broken = bundle("v2", "医保", "医保")  # the same code twice
    with pytest.raises(Exception, match="UNIQUE"):
        store.catalog.import_bundle(broken)
    assert store.catalog.version() == "v1"
    assert [row["code"] for row in store.catalog.search("居住证")] == ["code-居住证"]


def test_importing_is_written_into_the_audit_trail(store: Store) -> None:
    store.catalog.import_bundle(bundle("v1", "居住证"))
    assert store.audit.head()[0] == 1
    store.audit.verify()


def test_a_search_during_a_swap_sees_one_bundle_or_the_other(store: Store) -> None:
    bundles = [bundle(f"v{n}", *(f"居住证{n}{m}" for m in range(30))) for n in (1, 2)]
    store.catalog.import_bundle(bundles[0])
    over = threading.Event()

    def swap() -> None:
        for _ in range(6):
            for each in bundles:
                store.catalog.import_bundle(each)
        over.set()

    swapper = threading.Thread(target=swap)
    swapper.start()
    looks = 0
    while not over.is_set() or looks == 0:
        rows = store.catalog.search("居住证", limit=100)
        assert len({row["code"][8] for row in rows}) == 1
        assert len(rows) == 30
        looks += 1
    swapper.join(30)


def test_the_audience_filter_drops_what_is_for_others(store: Store) -> None:
    source = bundle("v1", "居住证一", "居住证二", "居住证三")
    source["services"][1]["audience"] = ["company"]
    source["services"][2]["audience"] = ["person", "company"]
    store.catalog.import_bundle(source)
    for audience, codes in (("company", ["二", "三"]), ("person", ["一", "三"])):
        rows = store.catalog.search("居住证", audience=audience)
        assert [row["code"][-1] for row in rows] == codes


def test_a_service_stands_behind_both_its_doors_and_is_used_most_behind_its_own(
    store: Store,
) -> None:
    source = bundle("v1", "居住证", "营业执照", "用工登记")
    source["groups"] = [{"id": "all", "audience": "person"}, {"id": "biz", "audience": "company"}]
    source["services"][1]["group"] = "biz"
    source["services"][2]["also"] = "biz"
    store.catalog.import_bundle(source)
    assert [row["code"] for row in store.catalog.services_in("biz")] == [
        "code-营业执照", "code-用工登记"]
    assert [row["code"] for row in store.catalog.services_in("all")] == [
        "code-居住证", "code-用工登记"]
    assert [row["code"] for row in store.catalog.popular(9, "company")] == ["code-营业执照"]
    store.catalog.import_bundle(bundle("v2", "居住证"))
    assert store.catalog.services_in("biz") == []


def test_paper_forms_come_and_go_with_their_bundle(store: Store) -> None:
    sheet = {"id": "letter", "title": {"zh": "委托书"}}
    store.catalog.import_bundle({**bundle("v1", "居住证"), "sheets": [sheet]})
    assert store.catalog.sheet("letter") == sheet
    store.catalog.import_bundle(bundle("v2", "居住证"))
    with pytest.raises(StoreError) as refused:
        store.catalog.sheet("letter")
    assert refused.value.code == "store.unknown"


def test_a_catalog_indexed_by_an_older_version_is_found_again_after_the_update(path: Path) -> None:
    document = bundle("v1", "居住证")["services"][0]
    older = Database(path)
    STEPS.apply(older, stop_before="0003_search")
    older.execute("INSERT INTO catalog_group VALUES (0, 'all', '{}')")
    older.execute(
        "INSERT INTO catalog_service VALUES (1, 'code-居住证', 'all', '[]', ?, ?, 'old terms')",
        [json.dumps(document), json.dumps(document)],
    )
    older.execute(
        "INSERT INTO store VALUES ('catalog_version', 'v1'), ('schema_digest', ?)",
        [schema_digest(older.conn)],
    )
    older.conn.commit()
    older.close()
    with Store.open(path) as updated:
        assert updated.catalog.version() == "v1"
        assert updated.catalog.search("jzz") == [document]


def test_an_index_made_with_another_table_of_words_is_made_anew(path: Path) -> None:
    with Store.open(path) as store:
        store.catalog.import_bundle(bundle("v1", "居住证"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE store SET value = 'another' WHERE name = 'search_index'")
        connection.execute("DELETE FROM catalog_terms")
    with Store.open(path) as store:
        assert [row["code"] for row in store.catalog.search("暂住证")] == ["code-居住证"]
