"""The catalog: services as the city describes them, from TOML files to one published bundle.

A source folder holds ``departments.toml``, ``groups.toml`` and ``services/<slug>.toml``. Every
fault in it is a CatalogError that names file, field and what to do about it.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kiosk.contract.formats import is_credit_code
from kiosk.contract.forms import FormError, FormModel

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
# Icons are named as in the Phosphor set.
Icon = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
Colour = Literal["blue", "violet", "red", "teal", "orange", "green", "pink", "brown"]
Audience = Literal["person", "company"]
Need = Literal["identity", "camera", "receipt_printer", "line"]
Assurance = Literal["card_present", "chip_verified", "known_or_staff"]


Model = TypeVar("Model", bound=BaseModel)


class CatalogError(Exception):
    """A fault in the source: ``file`` , ``field`` (dotted), ``problem`` with the fix."""

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")
        self.file = file
        self.field = field
        self.problem = problem


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Record):
    """One text in the three languages of the kiosk."""

    zh: Text
    en: Text
    ko: Text


class Department(_Record):
    """A department; its unified social credit code (GB 32100) opens its services' codes."""

    id: Slug
    name: Words
    credit_code: Text
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Group(_Record):
    """A situation of life on the home screen."""

    id: Slug
    name: Words
    hint: Words
    icon: Icon
    colour: Colour


class TimeLimits(_Record):
    """Working days; promised 0 means on the spot, statutory None: the law sets none."""

    promised_days: int = Field(ge=0, le=365)
    statutory_days: int | None = Field(default=None, ge=1, le=365)
    note: Words


class Fee(_Record):
    """What it costs the applicant."""

    free: bool
    note: Words


class Guide(_Record):
    """What a person reads in a minute before starting."""

    conditions: tuple[Words, ...] = Field(min_length=1)
    time: TimeLimits
    fee: Fee
    where: tuple[Words, ...] = Field(min_length=1)
    steps: tuple[Words, ...] = Field(min_length=1)


class Material(_Record):
    """Something to bring. Trust (2016 rules): A issued by the body itself, B checked at a window,
    C uploaded by the person and checked later, D self-declared."""

    id: Slug
    name: Words
    required: bool
    trust: Literal["A", "B", "C", "D"]
    form: Literal["paper", "scan"]
    pages_max: int = Field(ge=1, le=20)
    note: Words


class ConsentItem(_Record):
    """One thing we ask for, and why."""

    what: Words
    why: Words


class Consent(_Record):
    """What a person agrees to before anything is asked: purpose, keeping, and each item."""

    paragraphs: tuple[Words, ...] = Field(min_length=1)
    items: tuple[ConsentItem, ...] = Field(min_length=1)


class ServiceSource(_Record):
    """One file of ``services/``. ``complete`` services can be applied for at the kiosk."""

    code: Text
    department: Slug
    group: Slug
    icon: Icon | None = None
    name: Words
    summary: Words
    what_you_get: Words
    audience: tuple[Audience, ...] = Field(min_length=1)
    guide: Guide
    materials: tuple[Material, ...] = ()
    needs: tuple[Need, ...] = ()
    assurance: Assurance = "card_present"
    complete: bool
    form: dict[str, Any] | None = None
    consent: Consent | None = None
    declaration: Words | None = None
    sayings: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()
    popularity: int = Field(ge=0, le=1_000_000)
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Service(ServiceSource):
    """A service in a bundle: the source with what its department and group say, and a version.

    ``department`` is the name in three languages here, ``department_id`` its id.
    """

    department: Words  # type: ignore[assignment]  # resolved; see the docstring
    department_id: Slug
    icon: Icon
    colour: Colour
    slug: Slug
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Bundle(_Record):
    """What the hub publishes and a kiosk imports."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    departments: tuple[Department, ...]
    groups: tuple[Group, ...]
    services: tuple[Service, ...]


def load_source(folder: Path) -> dict[str, Any]:
    """Read and check a source folder; return the bundle as JSON-able dict (see Bundle).

    ``version`` of a service and of the bundle is the hex SHA-256 of its canonical JSON
    (RFC 8785) without that key. Raises CatalogError at the first fault.
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
        if service["version"] != content_hash({k: v for k, v in service.items() if k != "version"}):
            raise CatalogError("bundle", f"{service['code']}.version", "is not its content's hash")
    if checked.version != content_hash({k: v for k, v in bundle.items() if k != "version"}):
        raise CatalogError("bundle", "version", "is not its content's hash")
    for service in checked.services:
        _check_form(service, "bundle")
    return checked


def content_hash(document: dict[str, Any]) -> str:
    """Hex SHA-256 of canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


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
    document["version"] = content_hash(document)
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


def _read(path: Path, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(file, "", "is missing; write it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file, "", f"is not TOML in UTF-8: {error}") from error


Row = TypeVar("Row", "Department", "Group")


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
