"""Searching the kiosk's own catalog from the command line.

The running app is asked over its socket; the store is opened here only while no app runs
(decision 3). A kiosk that has none, or one of an older checkout, gets the catalog of this checkout
first, exactly as the embedded hub would publish it.
"""

from pathlib import Path
from types import TracebackType
from typing import Any

from kiosk.contract.catalog_source import load_source
from kiosk.local_socket import ask
from offline_store.database import Store
from offline_store.errors import StoreError
from provisioning.processes import ROOT, NotReady

CATALOG_SOURCE = ROOT / "hub" / "catalog"


class Search:
    """`with Search(folder) as search: search.find("社保", 20)`"""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "kiosk" / "kiosk.sock"
        self._path = folder / "kiosk" / "kiosk.db"
        self._store: Store | None = None

    def __enter__(self) -> "Search":
        if not self._app_answers():
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                self._store = Store.open(self._path)
            except StoreError as error:
                raise NotReady(f"the kiosk's store: {error}") from error
            bundle = load_source(CATALOG_SOURCE)
            if self._store.catalog.version() != bundle["version"]:
                self._store.catalog.import_bundle(bundle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._store is not None:
            self._store.close()

    def find(self, query: str, limit: int) -> list[dict[str, str]]:
        """The services `query` may mean, best first: code, name and department in Chinese."""
        if self._store is not None:
            found = self._store.catalog.search(query, limit)
        else:
            found = ask(self._socket, "search", query=query, limit=limit)["results"]
        return [_row(service) for service in found]

    def _app_answers(self) -> bool:
        try:
            return bool(ask(self._socket, "search", query="", limit=1).get("ok"))
        except (OSError, ValueError):
            return False


def _row(service: dict[str, Any]) -> dict[str, str]:
    return {
        "code": service["code"],
        "name": service["name"]["zh"],
        "department": service["department"]["zh"],
    }
