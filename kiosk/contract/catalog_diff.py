"""What differs between two catalogs, for people who decide whether to publish the newer one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TABLES = ("departments", "groups", "halls", "certificates", "sheets")
_SHORT = 40
"""Characters of a value that is shown beside its field."""
_COMMON = 5
"""Fields a summary names."""


@dataclass(frozen=True)
class FieldChange:
    """One field, dotted (``guide.time.promised_days``), and its values as short text."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """A service, or a row of another table, by its code or id and its Chinese name."""

    key: str
    name: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class CatalogDiff:
    """Services by code; of other tables (groups, halls …) the same under their name."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    tables: Mapping[str, tuple[Entry, ...]]
    """Rows of other tables that came, went or changed; those that came or went have no changes."""

    @property
    def empty(self) -> bool:
        """Nothing a kiosk would show or do differently."""
        return not (self.added or self.removed or self.changed or self.tables)

    def summary(self) -> str:
        """One line: how many services, and which fields most."""
        counts = Counter(change.field for entry in self.changed for change in entry.changes)
        most = ", ".join(f"{field} ×{n}" for field, n in counts.most_common(_COMMON))
        text = (
            f"{len(self.added)} services added, {len(self.removed)} removed, "
            f"{len(self.changed)} changed"
        )
        others = ", ".join(f"{len(rows)} in {table}" for table, rows in self.tables.items())
        return text + (f" ({most})" if most else "") + (f"; {others}" if others else "")

    def lines(self) -> Iterator[str]:
        """The whole list, one thing a line; fields are indented below their service."""
        yield self.summary()
        for sign, entries in (("+", self.added), ("-", self.removed), ("~", self.changed)):
            for entry in entries:
                yield f"{sign} {entry.key}  {entry.name}"
                yield from (f"    {c.field}: {c.old} → {c.new}" for c in entry.changes)
        for table, rows in self.tables.items():
            for entry in rows:
                yield f"~ {table} {entry.key}  {entry.name}"
                yield from (f"    {c.field}: {c.old} → {c.new}" for c in entry.changes)


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> CatalogDiff:
    """Compare two bundles (see catalog_models.Bundle). Versions are hashes, so they are left out.

    A service whose code changed is one removed and one added.
    """
    before = {service["code"]: service for service in old["services"]}
    after = {service["code"]: service for service in new["services"]}
    tables = {}
    for table in _TABLES:
        rows = tuple(_rows(_by_id(old.get(table, ())), _by_id(new.get(table, ()))))
        if rows:
            tables[table] = rows
    return CatalogDiff(
        added=tuple(_entry(code, after[code]) for code in sorted(set(after) - set(before))),
        removed=tuple(_entry(code, before[code]) for code in sorted(set(before) - set(after))),
        changed=tuple(_changed(before, after)),
        tables=tables,
    )


def _rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Entry]:
    for key in sorted(set(before) ^ set(after)):
        yield _entry(key, after.get(key) or before[key])
    yield from _changed(before, after)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Entry]:
    for key in sorted(set(before) & set(after)):
        changes = tuple(_fields(before[key], after[key], ""))
        if changes:
            yield Entry(key, _entry(key, after[key]).name, changes)


def _entry(key: str, row: Mapping[str, Any]) -> Entry:
    name = row.get("name", "")
    return Entry(key, str(name.get("zh", "")) if isinstance(name, Mapping) else str(name))


def _fields(old: Any, new: Any, field: str) -> Iterator[FieldChange]:
    if old == new:
        return
    before, after = _parts(old), _parts(new)
    if before is None or after is None:
        yield FieldChange(field, _short(old), _short(new))
        return
    for key in [*before, *(key for key in after if key not in before)]:
        if not field and key == "version":
            continue
        yield from _fields(before.get(key), after.get(key), f"{field}.{key}" if field else key)


def _parts(value: Any) -> Mapping[str, Any] | None:
    """A table, or a list of rows with ids, as something to be compared part by part."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list | tuple) and value:
        rows = _by_id(value)
        if len(rows) == len(value):
            return rows
    return None


def _by_id(rows: Any) -> dict[str, Any]:
    return {str(row["id"]): row for row in rows if isinstance(row, Mapping) and "id" in row}


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
