"""A store written by an older program is brought to the present shape, with what is in it."""

import json
from pathlib import Path

from sqlite_utils import Database

from offline_store import Store
from offline_store.migrations import STEPS, schema_digest


def test_a_store_from_before_the_second_doors_keeps_its_catalog(path: Path) -> None:
    old = Database(path)
    STEPS.apply(old, stop_before="0002_doors_and_sheets")
    digest = schema_digest(old.conn)
    with old.conn:
        old.conn.execute("INSERT INTO store VALUES ('schema_digest', ?)", (digest,))
        group = json.dumps({"id": "all"})
        old.conn.execute("INSERT INTO catalog_group VALUES (0, 'all', ?)", (group,))
        old.conn.execute(
            "INSERT INTO catalog_service VALUES (1, 'code-1', 'all', '[]', ?, '{}', '')",
            (json.dumps({"code": "code-1"}),),
        )
    old.close()
    with Store.open(path) as store:
        assert store.catalog.services_in("all") == [{"code": "code-1"}]
        # Groups of before say nothing of companies: they are everybody's.
        assert store.catalog.popular(1, "person") == [{"code": "code-1"}]
        assert store.catalog.popular(1, "company") == []
