"""The catalog as the hub publishes it, and every service version it ever published."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from hub.tables import ServiceVersion
from kiosk.contract.catalog import check_bundle
from kiosk.contract.catalog_source import load_source

SOURCE = Path(__file__).parent / "catalog"
"""The city's catalog, as kept in the repository."""


class Published:
    """The bundle now in force."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        """Take a bundle as kiosk.contract.catalog.load_source returns it."""
        self.bundle = bundle
        self.version: str = bundle["version"]

    def remember(self, session: Session) -> None:
        """Keep every service of the bundle by its version, for cases to come."""
        known = {(row.code, row.version) for row in session.query(ServiceVersion)}
        for service in self.bundle["services"]:
            key = (service["code"], service["version"])
            if key not in known:
                session.add(ServiceVersion(code=key[0], version=key[1], document=service))


def load(path: Path) -> Published:
    """Load a catalog folder, or a bundle already built (a .json file)."""
    if path.is_file():
        bundle = json.loads(path.read_text("utf-8"))
        check_bundle(bundle)
        return Published(bundle)
    return Published(load_source(path))


def service(session: Session, code: str, version: str) -> dict[str, Any] | None:
    """Return a service as it was in that version; None when never published here."""
    row = session.get(ServiceVersion, (code, version))
    return row.document if row else None
