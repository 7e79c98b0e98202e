"""The catalog's source, and every service version this hub ever published."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from hub.tables import ServiceVersion

SOURCE = Path(__file__).parent / "catalog"
"""The city's catalog, as kept in the repository."""


def remember(session: Session, bundle: dict[str, Any]) -> None:
    """Keep every service of the bundle by its version, for cases to come."""
    known = {tuple(row) for row in session.query(ServiceVersion.code, ServiceVersion.version)}
    for service in bundle["services"]:
        key = (service["code"], service["version"])
        if key not in known:
            session.add(ServiceVersion(code=key[0], version=key[1], document=service))


def service(session: Session, code: str, version: str) -> dict[str, Any] | None:
    """Return a service as it was in that version; None when never published here."""
    row = session.get(ServiceVersion, (code, version))
    return row.document if row else None
