"""What hub and kiosk agree on about the published catalog: a TUF repository under /v1/tuf.

The Update Framework (theupdateframework.io, specification 1.0): four roles sign metadata, targets
are verified by length and hash before anybody reads them. Names, custom fields and lifetimes of
ours stand here.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.contract.catalog import CatalogError, check_bundle
from kiosk.contract.catalog_source import load_source
from kiosk.contract.working_days import city_day

PATH = "/v1/tuf"
"""Metadata; targets are one level below."""
TARGETS_PATH = "/v1/tuf/targets"
ROOT_PATH = "/v1/root"
"""The root a new kiosk begins with, signed by the hub (kind "root")."""

CATALOG = "catalog.json.gz"
"""The bundle in force: canonical JSON, gzip."""
NEXT_CATALOG = "next-catalog.json.gz"
"""The bundle to be in force from its custom field ``effective_from``; may be missing."""
CALENDAR = "calendar.json"

TIMESTAMP_LIFETIME = timedelta(days=7)
"""A kiosk that has seen no newer timestamp for that long says so to the people in charge."""
TIMESTAMP_RENEWAL = timedelta(days=1)
"""The hub signs a new one this often."""
SNAPSHOT_LIFETIME = timedelta(days=90)
TARGETS_LIFETIME = timedelta(days=365)
ROOT_LIFETIME = timedelta(days=5 * 365)
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that shows less than this is right (the time of this version of the program)."""

MAX_METADATA = 64 * 1024
"""Bytes of any metadata file of ours; really some 2 KB."""
MAX_TARGET = 32 * 1024 * 1024
"""Bytes of a target as it travels; the whole city's catalog has 0.9 MB."""
MAX_BUNDLE = 128 * 1024 * 1024
"""Bytes of a bundle unpacked; the whole city's has 5.6 MB."""


@dataclass(frozen=True)
class Edition:
    """A published bundle: its content hash, and the day from which it is in force (None: always).

    The day begins at midnight in the city, whether or not offices work on it: laws take effect
    on holidays too.
    """

    version: str
    effective_from: date | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it is in force at this moment (aware)."""
        return self.effective_from is None or self.effective_from <= city_day(now)

    def custom(self) -> dict[str, Any]:
        """As it stands in a target's custom field."""
        day = self.effective_from
        return {"version": self.version, "effective_from": day and day.isoformat()}

    @classmethod
    def of(cls, custom: object) -> Edition:
        """Read a target's custom field. Raises CatalogError when it is none of ours."""
        try:
            if not isinstance(custom, Mapping):
                raise TypeError(type(custom).__name__)
            version, day = custom["version"], custom.get("effective_from")
            return cls(str(version), None if day is None else date.fromisoformat(day))
        except (KeyError, TypeError, ValueError) as error:
            raise CatalogError("targets.json", "custom", "names no edition") from error


def pack(canonical: bytes) -> bytes:
    """Compress; the same bytes always give the same result."""
    return gzip.compress(canonical, 6, mtime=0)


def read_catalog(path: Path) -> dict[str, Any]:
    """Read a catalog folder, or a bundle already built (.json, or packed .json.gz).

    Raises CatalogError.
    """
    if not path.is_file():
        return load_source(path)
    try:
        data = path.read_bytes()
        bundle: dict[str, Any] = unpack(data) if path.suffix == ".gz" else json.loads(data)
    except ValueError as error:
        raise CatalogError(path.name, "", "is not JSON") from error
    check_bundle(bundle)
    return bundle


def unpack(packed: bytes) -> Any:
    """The JSON in a target. Raises CatalogError when it is none, or longer than MAX_BUNDLE."""
    try:
        with gzip.open(io.BytesIO(packed)) as file:
            text = file.read(MAX_BUNDLE + 1)
        if len(text) > MAX_BUNDLE:
            raise CatalogError("bundle", "", "is longer than any catalog")
        return json.loads(text)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise CatalogError("bundle", "", "is not packed JSON") from error
