"""The tables a search reads, made from the catalog's documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from offline_store.connections import Connection
from offline_store.terms import Terms, audience_gram, rows
from offline_store.words import everyday_words

FORM = "3"  # counts up when what the index holds changes; the table of words has its own digest


@dataclass(frozen=True)
class SearchIndex:
    """Rows ready to be written."""

    terms: list[tuple[int, float, str, str, str]]
    grams: list[tuple[int, str]]
    services_by_gram: list[tuple[str, int]]
    readings: list[tuple[str, str]]

    @classmethod
    def of(cls, ranked: Sequence[Mapping[str, Any]]) -> SearchIndex:
        """From catalog documents, the most used first."""
        terms, grams = [], []
        count: Counter[str] = Counter()
        read: Counter[str] = Counter()
        for position, service in enumerate(ranked, start=1):
            texts, held = Terms.of(service)
            count.update(held)
            held.update(audience_gram(audience) for audience in service.get("audience", ()))
            use = float(service.get("popularity", 0))
            read.update(part for row in rows(texts.spelled) for part in row[1:].split("|"))
            terms.append((position, use, texts.han, texts.spelled, texts.other))
            grams.append((position, " ".join(held)))
        # In the order of how often, so that a character's commonest reading here is the last.
        readings = {part[0]: part[1:] for part, _ in reversed(read.most_common()) if len(part) > 1}
        return cls(terms, grams, sorted(count.items()), sorted(readings.items()))

    def fill(self, connection: Connection) -> None:
        """Write into emptied tables, inside the caller's transaction."""
        connection.executemany("INSERT INTO catalog_terms VALUES (?, ?, ?, ?, ?)", self.terms)
        connection.executemany(
            "INSERT INTO catalog_grams (rowid, grams) VALUES (?, ?)", self.grams
        )
        connection.executemany("INSERT INTO catalog_gram VALUES (?, ?)", self.services_by_gram)
        connection.executemany("INSERT INTO catalog_reading VALUES (?, ?)", self.readings)
        connection.execute(
            "INSERT INTO store (name, value) VALUES ('search_index', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_form(),),
        )


def empty_index(connection: Connection) -> None:
    connection.execute("INSERT INTO catalog_grams (catalog_grams) VALUES ('delete-all')")
    connection.execute("DELETE FROM catalog_terms")
    connection.execute("DELETE FROM catalog_gram")
    connection.execute("DELETE FROM catalog_reading")


def is_current(connection: Connection) -> bool:
    """Whether the index is as this program builds it, or there is nothing to index."""
    row = connection.execute("SELECT value FROM store WHERE name = 'search_index'").fetchone()
    if row is not None:
        return str(row[0]) == _form()
    return connection.execute("SELECT 1 FROM catalog_service LIMIT 1").fetchone() is None


def _form() -> str:
    return f"{FORM} {everyday_words().digest}"
