"""What differs between two catalogs, service by service and field by field."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.catalog_diff import diff
from tests.shipped_catalog import few


def _changed() -> dict[str, Any]:
    new = deepcopy(few())
    first, second = new["services"][:2]
    first["guide"]["time"]["promised_days"] = 99
    first["materials"][0]["name"]["zh"] = "另一份材料"
    new["services"].remove(second)
    new["services"].append({**deepcopy(second), "code": "NEW"})
    new["groups"][0]["name"]["en"] = "Renamed"
    return new


def test_fields_services_and_other_tables_are_named() -> None:
    old, new = few(), _changed()
    first, second = old["services"][:2]
    changes = diff(old, new)
    assert [entry.key for entry in changes.added] == ["NEW"]
    assert [entry.key for entry in changes.removed] == [second["code"]]
    (entry,) = changes.changed
    assert (entry.key, entry.name) == (first["code"], first["name"]["zh"])
    material = first["materials"][0]["id"]
    assert [change.field for change in entry.changes] == [
        "guide.time.promised_days", f"materials.{material}.name.zh",
    ]
    assert entry.changes[0].new == "99"
    assert {table: [row.key for row in rows] for table, rows in changes.tables.items()} == {
        "groups": [old["groups"][0]["id"]]
    }
    text = "\n".join(changes.lines())
    assert "1 services added, 1 removed, 1 changed" in text
    assert f"~ {first['code']}" in text and "guide.time.promised_days: " in text


def test_a_catalog_does_not_differ_from_itself() -> None:
    assert diff(few(), deepcopy(few())).empty


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_every_service_is_added_removed_or_in_both(old: set[int], new: set[int]) -> None:
    def made(numbers: set[int]) -> dict[str, Any]:
        return {"services": [{"code": str(n), "name": {"zh": "名"}} for n in numbers]}

    changes = diff(made(old), made(new))
    assert {entry.key for entry in changes.added} == {str(n) for n in new - old}
    assert {entry.key for entry in changes.removed} == {str(n) for n in old - new}
    back = diff(made(new), made(old))
    assert (back.added, back.removed) == (changes.removed, changes.added)
