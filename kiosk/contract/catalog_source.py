"""The catalog's source: a folder of TOML files that people read and write, made into a bundle.

``departments.toml``, ``groups.toml``, ``halls.toml``, ``certificates.toml``; ``materials.toml``,
``sheets.toml`` (paper forms) and ``texts.toml`` hold what many services say in the same words;
``services/<department>/<main item>.toml`` holds one main item with its handling items;
``forms/<name>.toml`` what a service asks that can be applied for here, composed of
``blocks.toml``. Every fault is a CatalogError that names file and field.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kiosk.contract.catalog import CatalogError, content_hash
from kiosk.contract.catalog_items import services_of
from kiosk.contract.catalog_models import Certificate, Hall
from kiosk.contract.catalog_tables import read_folder, table


def load_source(path: Path) -> dict[str, Any]:
    """Read and check a source folder; return the bundle as JSON-able dict (see Bundle).

    The bundle's ``version`` is its content_hash, a service's its service_version.
    Raises CatalogError at the first fault.
    """
    bundle, faults = read_source(path)
    if faults:
        raise faults[0]
    return bundle


def read_source(path: Path) -> tuple[dict[str, Any], list[CatalogError]]:
    """As load_source, but with every fault of the services; those that have one are left out."""
    folder = read_folder(path)
    halls = table(path, "halls.toml", "hall", Hall)
    certificates = table(path, "certificates.toml", "certificate", Certificate)
    for certificate in certificates.values():
        if certificate.department not in folder.departments:
            raise CatalogError(
                "certificates.toml",
                f"{certificate.id}.department",
                f"{certificate.department!r} is not in departments.toml",
            )
    services: list[dict[str, Any]] = []
    faults: list[CatalogError] = []
    seen: dict[str, str] = {}
    for file in sorted((path / "services").glob("*/*.toml")):
        name = file.relative_to(path).as_posix()
        try:
            for service in services_of(folder, file, name):
                for key in (service["code"], service["slug"]):
                    if key in seen:
                        raise CatalogError(name, key, f"also stands in {seen[key]}; rename one")
                    seen[key] = name
                services.append(service)
        except CatalogError as fault:
            faults.append(fault)
    if not services and not faults:
        raise CatalogError("services", "", "is empty; add one TOML file for each main item")
    for group in folder.groups.values():
        if not faults and all(group.id not in (s["group"], s["also"]) for s in services):
            raise CatalogError("groups.toml", group.id, "has no service; add one or drop the group")
    bundle: dict[str, Any] = {
        "departments": [d.model_dump(mode="json") for d in folder.departments.values()],
        "groups": [g.model_dump(mode="json") for g in folder.groups.values()],
        "halls": [h.model_dump(mode="json") for h in halls.values()],
        "certificates": [c.model_dump(mode="json") for c in certificates.values()],
        "sheets": [s.model_dump(mode="json") for s in folder.sheets.values()],
        "services": services,
    }
    bundle["version"] = content_hash(bundle)
    return bundle, faults
