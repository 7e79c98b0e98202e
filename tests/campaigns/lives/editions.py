"""Small catalogs for a hub to publish, one after the other."""

from __future__ import annotations

from functools import cache
from typing import Any

from kiosk.contract.catalog import content_hash
from tests.kiosk.rig import CERTIFICATE, bundle, service


@cache
def edition(number: int) -> dict[str, Any]:
    """A small catalog that differs from its other editions, but not in what is handed in."""
    whole, one = bundle(), service(CERTIFICATE)
    small = {key: value for key, value in whole.items() if key != "version"}
    kept = [entry for entry in whole["services"] if entry["group"] == one["group"]]
    small["services"] = [
        {**entry, "popularity": entry.get("popularity", 0) + number} for entry in kept
    ]
    small["groups"] = [entry for entry in whole["groups"] if entry["id"] == one["group"]]
    return {**small, "version": content_hash(small)}
