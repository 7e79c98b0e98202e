"""The catalog: services as the city describes them, from TOML files to one published bundle.

A source folder holds ``departments.toml``, ``groups.toml`` and ``services/<slug>.toml``. Every
fault in it is a CatalogError that names file, field and what to do about it.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any, TypeVar

import rfc8785
from pydantic import BaseModel, ValidationError

from kiosk.contract.catalog_models import Bundle, Department, Group, Service, ServiceSource
from kiosk.contract.formats import is_credit_code
from kiosk.contract.forms import FormError, FormModel

__all__ = [
    "Bundle",
    "CatalogError",
    "Service",
    "check_bundle",
    "content_hash",
    "load_source",
    "service_version",
]

# A person who is filling in a form is not disturbed when only these change.
_NOT_OF_THE_VERSION = frozenset({"popularity", "sayings", "keywords"})

Model = TypeVar("Model", bound=BaseModel)
Row = TypeVar("Row", Department, Group)


class CatalogError(Exception):
    """A fault in the source: ``file`` , ``field`` (dotted), ``problem`` with the fix."""

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")
        self.file = file
        self.field = field
        self.problem = problem


def load_source(folder: Path) -> dict[str, Any]:
    """Read and check a source folder; return the bundle as JSON-able dict (see Bundle).

    The bundle's ``version`` is its content_hash, a service's its service_version.
    Raises CatalogError at the first fault.
    """
    departments = _table(folder, "departments.toml", "department", Department)
    groups = _table(folder, "groups.toml", "group", Group)
    for department in departments.values():
        if not is_credit_code(department.credit_code):
            raise CatalogError(
                "departments.toml",
                f"{department.id}.credit_code",
                "check character is wrong; write the 18 characters of GB 32100",
            )
    services: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    for path in sorted((folder / "services").glob("*.toml")):
        file = f"services/{path.name}"
        source = _parse(ServiceSource, _read(path, file), file)
        if source.code in seen:
            raise CatalogError(file, "code", f"is also that of {seen[source.code]}; give a new one")
        seen[source.code] = file
        services.append(_resolved(source, path.stem, file, departments, groups))
    if not services:
        raise CatalogError("services", "", "is empty; add one TOML file for each service")
    for group in groups.values():
        if all(service["group"] != group.id for service in services):
            raise CatalogError("groups.toml", group.id, "has no service; add one or drop the group")
    bundle: dict[str, Any] = {
        "departments": [d.model_dump(mode="json") for d in departments.values()],
        "groups": [g.model_dump(mode="json") for g in groups.values()],
        "services": services,
    }
    bundle["version"] = content_hash(bundle)
    return bundle


def check_bundle(bundle: object) -> Bundle:
    """Check a bundle that came over the line: shape, versions, forms. Raises CatalogError."""
    checked = _parse(Bundle, bundle, "bundle")
    assert isinstance(bundle, dict)  # or it would not have the shape of a Bundle
    for service in bundle["services"]:
        if service["version"] != service_version(service):
            raise CatalogError("bundle", f"{service['code']}.version", "is not its content's hash")
    if checked.version != content_hash(bundle):
        raise CatalogError("bundle", "version", "is not its content's hash")
    for service in checked.services:
        _check_form(service, "bundle")
    return checked


def content_hash(document: Mapping[str, Any], leave_out: Set[str] = frozenset()) -> str:
    """Hex SHA-256 of canonical JSON (RFC 8785) without ``version`` and the keys to leave out."""
    kept = {k: v for k, v in document.items() if k != "version" and k not in leave_out}
    return hashlib.sha256(rfc8785.dumps(kept)).hexdigest()


def service_version(document: Mapping[str, Any]) -> str:
    """The version of a service: its form and texts, not how it is found or how often it is used."""
    return content_hash(document, _NOT_OF_THE_VERSION)


def _resolved(
    source: ServiceSource,
    slug: str,
    file: str,
    departments: dict[str, Department],
    groups: dict[str, Group],
) -> dict[str, Any]:
    if source.department not in departments:
        raise CatalogError(file, "department", f"{source.department!r} is not in departments.toml")
    if source.group not in groups:
        raise CatalogError(file, "group", f"{source.group!r} is not in groups.toml")
    department, group = departments[source.department], groups[source.group]
    _check_code(source.code, department, file)
    _check_complete(source, file)
    _check_form(source, file)
    document = source.model_dump(mode="json")
    document |= {
        "slug": slug,
        "department_id": department.id,
        "department": department.name.model_dump(),
        "icon": source.icon or group.icon,
        "colour": group.colour,
    }
    document["version"] = service_version(document)
    return document


def _check_code(code: str, department: Department, file: str) -> None:
    """31 characters of an implementation code: credit code, level of authority, 12 digits."""
    if len(code) != 31 or not code[19:].isdigit() or code[18] not in "123456":
        raise CatalogError(
            file,
            "code",
            "has 31 characters: the department's credit code, its level (1 to 6), 12 digits",
        )
    if code[:18] != department.credit_code:
        raise CatalogError(
            file, "code", f"starts with {department.credit_code}, the code of {department.id}"
        )


def _check_complete(source: ServiceSource, file: str) -> None:
    ids = [material.id for material in source.materials]
    if len(ids) != len(set(ids)):
        raise CatalogError(file, "materials", "two have the same id; give each its own")
    if not source.complete:
        for field in ("form", "consent", "declaration"):
            if getattr(source, field) is not None:
                raise CatalogError(
                    file, field, "belongs to a complete service; drop it, or set complete = true"
                )
        return
    for field in ("form", "consent", "declaration"):
        if getattr(source, field) is None:
            raise CatalogError(file, field, "is missing; a complete service has one")
    if not any(material.form == "scan" for material in source.materials):
        raise CatalogError(file, "materials", 'name at least one with form = "scan"')


def _check_form(source: ServiceSource, file: str) -> None:
    if source.form is not None:
        try:
            FormModel(source.form)
        except FormError as error:
            raise CatalogError(file, error.where, error.problem) from error
        if "passport" in source.documents:
            _check_numbers(source.form, file)


def _check_numbers(form: Mapping[str, Any], file: str) -> None:
    """Who comes with a passport has no identity number to give."""
    for page in form["ui"]["pages"]:
        for field in page["fields"]:
            required = field["id"] in form["schema"].get("required", ())
            if required and field.get("prefill") == "person.number":
                raise CatalogError(
                    file,
                    f"form.ui.{field['id']}.prefill",
                    'a passport has no identity number; take person.document_number and format '
                    '"document-number", or drop "passport" from documents',
                )


def _read(path: Path, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(file, "", "is missing; write it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file, "", f"is not TOML in UTF-8: {error}") from error


def _table(folder: Path, file: str, key: str, model: type[Row]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for number, raw in enumerate(_read(folder / file, file).get(key, ()), start=1):
        row = _parse(model, raw, file, f"{key} {number}")
        if row.id in rows:
            raise CatalogError(file, f"{key} {number}.id", f"{row.id!r} stands twice; rename one")
        rows[row.id] = row
    if not rows:
        raise CatalogError(file, key, f"is empty; write [[{key}]] for each one")
    return rows


def _parse(model: type[Model], raw: object, file: str, where: str = "") -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in ((where, *first["loc"]) if where else first["loc"]))
        problem = {
            "missing": "is missing; add it",
            "extra_forbidden": "is not a field of the catalog; drop or rename it",
        }.get(first["type"], first["msg"])
        raise CatalogError(file, field, problem) from error
