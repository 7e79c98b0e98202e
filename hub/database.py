"""The hub's database: SQLite by default, through SQLAlchemy.

SQLite runs with a rollback journal, not WAL: the hub's command line writes
beside the running hub, and several processes writing a WAL file are exactly
the case of SQLite's WAL-reset bug (before 3.51.3). Every transaction takes the
write lock at its start, so none is ever refused halfway.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, inspect
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn

from hub.tables import Base


class Database:
    """One connection, one transaction at a time; usable from any thread."""

    def __init__(self, path: Path) -> None:
        """Open or create the database file at `path`."""
        # hide_parameters: an error message of the database must not quote a person.
        self._engine: Engine = create_engine(
            f"sqlite:///{path}",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "timeout": 20},
            hide_parameters=True,
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._lock = threading.Lock()
        path.touch(mode=0o600, exist_ok=True)
        Base.metadata.create_all(self._engine)
        self._add_missing_columns()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session; commit at the end, roll back on any exception."""
        with self._lock, Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def _add_missing_columns(self) -> None:
        """Bring tables of an older hub up to date. Every column added since has a default."""
        with self._engine.begin() as connection:
            present = inspect(connection)
            for table in Base.metadata.sorted_tables:
                known = {column["name"] for column in present.get_columns(table.name)}
                for column in table.columns:
                    if column.name not in known:
                        ddl = CreateColumn(column).compile(dialect=connection.dialect)
                        connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {ddl}")

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


def _prepare(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins transactions itself, see _begin.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON", "secure_delete=ON",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
