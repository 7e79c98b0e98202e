"""The catalog on this kiosk: what the hub published last, and finding things in it."""

from __future__ import annotations

import json
from typing import Any

from offline_store.audit import Audit
from offline_store.connections import Connection, Connections
from offline_store.crash_points import reach
from offline_store.errors import UNKNOWN, StoreError
from offline_store.search import answer, answer_by_door, near_groups
from offline_store.search_index import SearchIndex, empty_index, is_current

Document = dict[str, Any]

# What a list on the screen needs; the rest of a service is read when its page opens.
_SUMMARY = (
    "code",
    "slug",
    "version",
    "main",
    "name",
    "department",
    "department_id",
    "group",
    "also",
    "icon",
    "colour",
    "summary",
    "audience",
    "needs",
    "here",
    "complete",
    "popularity",
)


class Catalog:
    """Holds exactly one published bundle at a time."""

    def __init__(self, connections: Connections, audit: Audit) -> None:
        self._connections = connections
        self._audit = audit

    def import_bundle(self, bundle: Document) -> None:
        """Replace the whole catalog by ``bundle`` in one transaction.

        A bundle is ``{"version": str, "groups": [{"id", …}], "services": [{"code", "group",
        "name": {language: text}, "popularity": int, …}], "sheets": [{"id", …}]}``; readers
        see the old one or the new one, never a mixture. A visit that is open keeps the documents
        it already read.
        """
        groups = [(n, group["id"], _dump(group)) for n, group in enumerate(bundle["groups"])]
        ranked = sorted(bundle["services"], key=lambda s: (-s.get("popularity", 0), s["code"]))
        sheets = [(sheet["id"], _dump(sheet)) for sheet in bundle.get("sheets", ())]
        services, doors = [], []
        # Position is rank of use: a scan in row order meets the most used ones first.
        for position, service in enumerate(ranked, start=1):
            services.append(
                (
                    position,
                    service["code"],
                    service["group"],
                    _dump(service.get("audience", [])),
                    _dump({key: service[key] for key in _SUMMARY if key in service}),
                    _dump(service),
                )
            )
            behind = {service["group"], service.get("also") or service["group"]}
            doors += [(group, position) for group in behind]
        index = SearchIndex.of(ranked)

        def swap(connection: Connection) -> None:
            empty_index(connection)
            for table in ("catalog_door", "catalog_sheet", "catalog_service"):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("DELETE FROM catalog_group")
            reach("catalog.import.emptied")
            connection.executemany("INSERT INTO catalog_group VALUES (?, ?, ?)", groups)
            connection.executemany(
                "INSERT INTO catalog_service VALUES (?, ?, ?, ?, ?, ?)", services
            )
            connection.executemany("INSERT INTO catalog_door VALUES (?, ?)", doors)
            connection.executemany("INSERT INTO catalog_sheet VALUES (?, ?)", sheets)
            index.fill(connection)
            reach("catalog.import.filled")
            connection.execute(
                "INSERT INTO store (name, value) VALUES ('catalog_version', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (bundle["version"],),
            )
            self._audit.append(
                "catalog.imported",
                {"version": bundle["version"], "services": len(services)},
                connection,
            )

        self._connections.write(swap)
        reach("catalog.import.done")

    def renew_index(self) -> None:
        """Build the search index anew from the services when another version of this program
        built it; about a second for a city's catalog, nothing when it is up to date."""
        with self._connections.read() as connection:
            if is_current(connection):
                return
        ranked = self._documents("SELECT document FROM catalog_service ORDER BY position")
        index = SearchIndex.of(ranked)

        def swap(connection: Connection) -> None:
            empty_index(connection)
            index.fill(connection)

        self._connections.write(swap)

    def version(self) -> str:
        """The version of the bundle in use, "" before the first one came."""
        with self._connections.read() as connection:
            row = connection.execute(
                "SELECT value FROM store WHERE name = 'catalog_version'"
            ).fetchone()
        return "" if row is None else str(row[0])

    def service(self, code: str) -> Document:
        """The whole document of one service. Raises StoreError ``store.unknown``."""
        rows = self._documents("SELECT document FROM catalog_service WHERE code = ?", code)
        if not rows:
            raise StoreError(UNKNOWN, f"no service {code!r} in this catalog")
        return rows[0]

    def groups(self) -> list[Document]:
        """The groups in the order of the home screen."""
        return self._documents("SELECT document FROM catalog_group ORDER BY position")

    def services_in(self, group_id: str) -> list[Document]:
        """Summaries of the services behind a door, most used first; also of those for which it
        is the second one."""
        return self._documents(
            "SELECT summary FROM catalog_door JOIN catalog_service USING (position)"
            " WHERE catalog_door.group_id = ? ORDER BY position",
            group_id,
        )

    def popular(self, limit: int = 8, audience: str | None = None) -> list[Document]:
        """Summaries of the most used services of all, or of those whose own door is for
        ``audience``."""
        if audience is None:
            return self._documents(
                "SELECT summary FROM catalog_service ORDER BY position LIMIT ?", limit
            )
        groups = [one["id"] for one in self.groups() if one.get("audience", "person") == audience]
        return self._documents(
            "SELECT summary FROM catalog_service WHERE group_id IN"
            " (SELECT value FROM json_each(?)) ORDER BY position LIMIT ?",
            _dump(groups),
            limit,
        )

    def sheet(self, sheet_id: str) -> Document:
        """One paper form. Raises StoreError ``store.unknown``."""
        rows = self._documents("SELECT document FROM catalog_sheet WHERE id = ?", sheet_id)
        if not rows:
            raise StoreError(UNKNOWN, f"no sheet {sheet_id!r} in this catalog")
        return rows[0]

    def search(self, query: str, limit: int = 20, audience: str | None = None) -> list[Document]:
        """Summaries of what ``query`` may mean, best first, the more used first among equals.

        Understands parts of Chinese words (traditional ones too), full pinyin, initials, mixtures
        of them, English, Korean, everyday sayings, a slip of the finger
        (see ``offline_store.search``). [] when nothing fits.
        """
        with self._connections.read() as connection:
            return [json.loads(row) for row in answer(connection, query, limit, audience)]

    def search_by_door(
        self, query: str, audience: str, limit: int = 20, beside: int = 5
    ) -> tuple[list[Document], list[Document]]:
        """As ``search`` for ``audience``, and at most ``beside`` that a search for anybody finds
        besides; for less than the price of the two."""
        with self._connections.read() as connection:
            own, others = answer_by_door(connection, query, audience, limit, beside)
        besides = [json.loads(row) for row in others]
        return (
            [json.loads(row) for row in own],
            [one for one in besides if audience not in one.get("audience", ())],
        )

    def nearest_groups(self, query: str, limit: int = 3) -> list[Document]:
        """The groups that have most in common with ``query``, for when search found nothing.

        [] when no service shares anything with it.
        """
        with self._connections.read() as connection:
            return [json.loads(row) for row in near_groups(connection, query, limit)]

    def _documents(self, sql: str, *values: str | int) -> list[Document]:
        with self._connections.read() as connection:
            return [json.loads(row[0]) for row in connection.execute(sql, values)]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
