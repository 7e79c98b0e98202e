"""The catalog's source: a folder of TOML files that people read and write, made into a bundle.

``departments.toml``, ``groups.toml``, ``halls.toml``, ``certificates.toml``; ``materials.toml``,
``sheets.toml`` (paper forms) and ``texts.toml`` hold what many services say in the same words;
``services/<department>/<main item>.toml`` holds one main item with its handling items;
``forms/<name>.toml`` what a service asks that can be applied for here, composed of
``blocks.toml``. Every fault is a CatalogError that names file and field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from kiosk.contract.catalog import CatalogError, check_form, content_hash, parse, service_version
from kiosk.contract.catalog_files import FormFile, Item, Main, Said, SharedMaterial, Source, Wanted
from kiosk.contract.catalog_models import (
    Certificate,
    Consent,
    Department,
    Fee,
    Group,
    Hall,
    Material,
    Prose,
    Service,
    Sheet,
)
from kiosk.contract.form_schema import FormError
from kiosk.contract.form_source import compile_form, consent_items
from kiosk.contract.formats import is_credit_code

Model = TypeVar("Model", bound=BaseModel)
Row = TypeVar("Row", Certificate, Department, Group, Hall, SharedMaterial, Sheet)


@dataclass(frozen=True)
class _Folder:
    """What all services of the folder share."""

    path: Path
    departments: Mapping[str, Department]
    groups: Mapping[str, Group]
    materials: Mapping[str, SharedMaterial]
    sheets: Mapping[str, Sheet]
    texts: Mapping[str, tuple[Prose, ...]]
    blocks: Mapping[str, Mapping[str, Any]]


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
    folder = _folder(path)
    halls = _table(path, "halls.toml", "hall", Hall)
    certificates = _table(path, "certificates.toml", "certificate", Certificate)
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
            for service in _services(folder, file, name):
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


def _folder(path: Path) -> _Folder:
    departments = _table(path, "departments.toml", "department", Department)
    for department in departments.values():
        if not is_credit_code(department.credit_code):
            raise CatalogError(
                "departments.toml",
                f"{department.id}.credit_code",
                "check character is wrong; write the 18 characters of GB 32100",
            )
    texts = {
        name: tuple(_prose(text) for text in parse(_Lines, {"lines": lines}, "texts.toml").lines)
        for name, lines in _read(path / "texts.toml", "texts.toml").items()
    }
    blocks = {
        block["id"]: block for block in _read(path / "blocks.toml", "blocks.toml").get("block", ())
    }
    materials = _table(path, "materials.toml", "material", SharedMaterial)
    sheets = _table(path, "sheets.toml", "sheet", Sheet)
    for material in materials.values():
        _check_sheet(material.sheet, sheets, "materials.toml", f"{material.id}.sheet")
    groups = _table(path, "groups.toml", "group", Group)
    return _Folder(path, departments, groups, materials, sheets, texts, blocks)


def _check_sheet(name: str | None, sheets: Mapping[str, Sheet], file: str, field: str) -> None:
    if name is not None and name not in sheets:
        raise CatalogError(file, field, f"{name!r} is not in sheets.toml")


class _Lines(Source):
    lines: tuple[Said, ...]


def _services(folder: _Folder, file: Path, name: str) -> Iterator[dict[str, Any]]:
    main = parse(Main, _read(file, name), name)
    if file.parent.name not in folder.departments:
        raise CatalogError(name, "", f"folder {file.parent.name!r} is not in departments.toml")
    department = folder.departments[file.parent.name]
    for item in main.item:
        yield _service(folder, main, item, file.stem, department, name)


def _service(
    folder: _Folder, main: Main, item: Item, slug: str, department: Department, file: str
) -> dict[str, Any]:
    group = item.group or main.group
    for one in (group, item.also or main.also or group):
        if one not in folder.groups:
            raise CatalogError(file, f"{item.id}.group", f"{one!r} is not in groups.toml")
    _check_code(item.code, department, f"{file}: {item.id}")
    where = _texts(folder, item.where or main.where, file, f"{item.id}.where")
    document: dict[str, Any] = {
        "code": item.code,
        "slug": item.id,
        "version": "0" * 64,
        "main": {"id": slug, "name": main.name},
        "department": department.name,
        "department_id": department.id,
        "group": group,
        "also": item.also or main.also,
        "icon": item.icon or main.icon or folder.groups[group].icon,
        "colour": folder.groups[group].colour,
        "kind": item.kind or main.kind,
        "level": item.level or main.level,
        "basis": main.basis if item.basis is None else item.basis,
        "name": item.name,
        "summary": item.summary,
        "what_you_get": _prose(item.get),
        "result": None if item.result is None else _prose(item.result),
        "audience": item.audience or main.audience,
        "who": item.who,
        "visits": item.visits,
        "courier": item.courier,
        "here": item.here,
        "guide": {
            "conditions": [_prose(text) for text in item.conditions],
            "time": {
                "promised_days": item.promised_days,
                "statutory_days": item.statutory_days,
                "note": _days_note(folder, item, file),
            },
            "fee": _fee(folder, item, file),
            "where": where,
            "steps": [_prose(text) for text in item.steps]
            or _texts(folder, _way(item, main), file, f"{item.id}.steps"),
        },
        "materials": _materials(folder, item, file),
        "checks": item.checks,
        "complete": item.form is not None,
        "sayings": item.sayings,
        "keywords": item.keywords,
        "popularity": item.popularity,
        "model": item.model,
        "notice": next(iter(folder.texts.get("notice", ())), None),
        "generated": item.generated,
        "sources": item.sources or main.sources,
    }
    if item.form is not None:
        document |= _form(folder, item.form)
    service = parse(Service, document, f"{file}: {item.id}").model_dump(mode="json")
    _check_complete(service, f"{file}: {item.id}")
    check_form(service["form"], service["documents"], f"forms/{item.form}.toml")
    service["version"] = service_version(service)
    return service


def _form(folder: _Folder, name: str) -> dict[str, Any]:
    file = f"forms/{name}.toml"
    source = parse(FormFile, _read(folder.path / file, file), file)
    try:
        form = compile_form(source.page, folder.blocks)
        asked = consent_items(source.page, folder.blocks)
    except FormError as error:
        raise CatalogError(file, error.where, error.problem) from error
    consent = source.consent
    paragraphs: list[Any] = list(consent.paragraphs)
    if consent.purpose is not None and consent.keeping is not None:
        refusal = [text.model_dump() for text in folder.texts.get("consent_refusal", ())]
        paragraphs += [consent.purpose, consent.keeping, *refusal]
    items = [*asked, *consent.items]
    return {
        "needs": source.needs,
        "assurance": source.assurance,
        "documents": source.documents,
        "form": form,
        "consent": parse(Consent, {"paragraphs": paragraphs, "items": items}, file),
        "declaration": source.declaration,
    }


def _materials(folder: _Folder, item: Item, file: str) -> list[Material]:
    """``"photo"``, ``"?photo"`` (only if it applies), or a table with what is special here."""
    found = []
    for number, wanted in enumerate(item.materials, start=1):
        if isinstance(wanted, str):
            wanted = Wanted(id=wanted.removeprefix("?"), required=not wanted.startswith("?"))
        shared = folder.materials.get(wanted.id or "")
        name = wanted.name if wanted.name is not None else shared and shared.name.model_dump()
        trust = wanted.trust or (shared and shared.trust)
        if name is None or trust is None:
            raise CatalogError(
                file,
                f"{item.id}.materials",
                f"{wanted.id!r} is not in materials.toml; write name and trust here",
            )
        document = {
            "id": wanted.id or f"paper_{number}",
            "name": _prose(name) if isinstance(name, str) else name,
            "required": wanted.required,
            "trust": trust,
            "form": wanted.form,
            "pages_max": wanted.pages_max,
            "sides": wanted.sides,
            "sheet": wanted.sheet or (shared and shared.sheet),
            "note": None if wanted.note is None else _prose(wanted.note),
        }
        _check_sheet(wanted.sheet, folder.sheets, file, f"{item.id}.materials")
        found.append(parse(Material, document, file, f"{item.id}.materials"))
    return found


def _days_note(folder: _Folder, item: Item, file: str) -> Prose:
    if item.days_note is not None:
        return _prose(item.days_note)
    name = "time_at_once" if item.promised_days == 0 else "time_working_days"
    return _texts(folder, (name,), file, f"{item.id}.promised_days")[0]


def _fee(folder: _Folder, item: Item, file: str) -> Fee:
    if item.fee is None:
        return Fee(free=True, note=_texts(folder, ("fee_free",), file, f"{item.id}.fee")[0])
    return Fee(free=bool(item.free), note=_prose(item.fee))


def _way(item: Item, main: Main) -> tuple[str, ...]:
    """The usual way of a case where the item does not tell its own."""
    if item.form is not None:
        return ("steps_kiosk",)
    place = (item.where or main.where)[0]
    return ("steps_online" if place == "online" else "steps_window",)


def _texts(folder: _Folder, names: tuple[str, ...], file: str, field: str) -> list[Prose]:
    found: list[Prose] = []
    for name in names:
        if name not in folder.texts:
            raise CatalogError(file, field, f"{name!r} is not in texts.toml")
        found += folder.texts[name]
    return found


def _prose(text: Said) -> Prose:
    return Prose(zh=text) if isinstance(text, str) else text


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


def _check_complete(service: Mapping[str, Any], file: str) -> None:
    ids = [material["id"] for material in service["materials"]]
    if len(ids) != len(set(ids)):
        raise CatalogError(file, "materials", "two have the same id; give each its own")
    if not service["complete"]:
        return
    spoken = {
        "what_you_get": [service["what_you_get"]],
        "guide.conditions": service["guide"]["conditions"],
        "guide.steps": service["guide"]["steps"],
        "guide.where": service["guide"]["where"],
        "guide.time.note": [service["guide"]["time"]["note"]],
        "guide.fee.note": [service["guide"]["fee"]["note"]],
        "materials": [m["name"] for m in service["materials"]]
        + [m["note"] for m in service["materials"] if m["note"] is not None],
    }
    for field, texts in spoken.items():
        for text in texts:
            if set(text) != {"zh", "en", "ko"}:
                raise CatalogError(
                    file, field, f"{text['zh']!r} needs en and ko: the item can be applied for here"
                )


def _table(folder: Path, file: str, key: str, model: type[Row]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for number, raw in enumerate(_read(folder / file, file).get(key, ()), start=1):
        row = parse(model, raw, file, f"{key} {number}")
        if row.id in rows:
            raise CatalogError(file, f"{key} {number}.id", f"{row.id!r} stands twice; rename one")
        rows[row.id] = row
    if not rows:
        raise CatalogError(file, key, f"is empty; write [[{key}]] for each one")
    return rows


def _read(path: Path, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(file, "", "is missing; write it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file, "", f"is not TOML in UTF-8: {error}") from error
