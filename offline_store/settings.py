"""Small named values that survive a restart."""

from __future__ import annotations

import json
from typing import TypeAlias

from offline_store.connections import Connections

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Settings:
    """Names to JSON values."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, name: str, default: Json = None) -> Json:
        """The value last put under ``name``, or ``default``."""
        with self._connections.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
            value: Json = default if row is None else json.loads(row[0])
        return value

    def put(self, name: str, value: Json) -> None:
        """Keep ``value`` under ``name``; raises ValueError for NaN and infinities."""
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        self._connections.write(
            lambda connection: connection.execute(
                "INSERT INTO setting (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, text),
            )
        )
