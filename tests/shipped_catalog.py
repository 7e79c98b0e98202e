"""The catalog as it is shipped, and a small part of it that most tests do with."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from hub.published import SOURCE
from kiosk.contract.catalog import content_hash
from kiosk.contract.catalog_source import load_source

FIRST = ("social_insurance_participation_certificate", "residence_permit",
         "elderly_transport_card")
"""Services whose whole way most journeys go."""
WAYS = ("sole_trader_setup", "sole_trader_change", "sole_trader_deregistration")
"""One main item of the companies' door with several services."""

HALLS = ("city", "nanguan", "chaoyang", "chaoyang_nanhu")
"""The city's hall, two counties' and one street's of the second."""


@cache
def whole() -> dict[str, Any]:
    """Every service of the city. Shared: do not change it."""
    return load_source(SOURCE)


@cache
def few() -> dict[str, Any]:
    """FIRST, WAYS and the two most used services of each group; as sound as the whole."""
    ranked = sorted(whole()["services"], key=lambda s: (s["slug"] not in FIRST, -s["popularity"]))
    kept: list[dict[str, Any]] = []
    for service in ranked:
        others = [one for one in kept if one["group"] == service["group"]]
        if service["slug"] in FIRST + WAYS or len(others) < 2:
            kept.append(service)
    halls = [hall for hall in whole()["halls"] if hall["id"] in HALLS]
    bundle = {**whole(), "services": kept, "certificates": [], "halls": halls}
    return {**bundle, "version": content_hash(bundle)}


def service(slug: str) -> dict[str, Any]:
    """One service of the city by its slug."""
    found: dict[str, Any] = next(s for s in whole()["services"] if s["slug"] == slug)
    return found


def written(folder: Path) -> Path:
    """`few` as a file that a hub publishes (`python -m hub --catalog`)."""
    file = folder / "few_services.json"
    if not file.exists():
        file.write_text(json.dumps(few(), ensure_ascii=False), "utf-8")
    return file
