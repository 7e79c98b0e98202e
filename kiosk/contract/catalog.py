"""The catalog as it travels: one published bundle, its checks and its versions.

Every fault is a CatalogError that names file, field and what to do about it. How a bundle is made
from the readable source stands in catalog_source.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kiosk.contract.canonical import canonical
from kiosk.contract.catalog_models import Bundle, Service
from kiosk.contract.forms import FormError, FormModel

__all__ = [
    "Bundle",
    "CatalogError",
    "Service",
    "check_bundle",
    "check_form",
    "content_hash",
    "parse",
    "service_version",
]

# A person who is filling in a form is not disturbed when only these change.
_NOT_OF_THE_VERSION = frozenset({"popularity", "sayings", "keywords"})

Model = TypeVar("Model", bound=BaseModel)


class CatalogError(Exception):
    """A fault in the source: ``file`` , ``field`` (dotted), ``problem`` with the fix."""

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")
        self.file = file
        self.field = field
        self.problem = problem


def check_bundle(bundle: object) -> Bundle:
    """Check a bundle that came over the line: shape, versions, forms. Raises CatalogError."""
    checked = parse(Bundle, bundle, "bundle")
    assert isinstance(bundle, dict)  # or it would not have the shape of a Bundle
    for service in bundle["services"]:
        if service["version"] != service_version(service):
            raise CatalogError("bundle", f"{service['code']}.version", "is not its content's hash")
    if checked.version != content_hash(bundle):
        raise CatalogError("bundle", "version", "is not its content's hash")
    for service in checked.services:
        check_form(service.form, service.documents, f"bundle: {service.code}")
    return checked


def content_hash(document: Mapping[str, Any], leave_out: Set[str] = frozenset()) -> str:
    """Hex SHA-256 of canonical JSON (RFC 8785) without ``version`` and the keys to leave out."""
    kept = {k: v for k, v in document.items() if k != "version" and k not in leave_out}
    return hashlib.sha256(canonical(kept)).hexdigest()


def service_version(document: Mapping[str, Any]) -> str:
    """The version of a service: its form and texts, not how it is found or how often it is used."""
    return content_hash(document, _NOT_OF_THE_VERSION)


def check_form(form: Mapping[str, Any] | None, documents: Iterable[str], file: str) -> None:
    """Raise CatalogError unless the form can be asked and checked of people with these."""
    if form is not None:
        try:
            FormModel(form)
        except FormError as error:
            raise CatalogError(file, error.where, error.problem) from error
        if "passport" in documents:
            _check_numbers(form, file)


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


def parse(model: type[Model], raw: object, file: str, where: str = "") -> Model:
    """The checked record; the first fault as CatalogError. `where`: the field it stands in."""
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
