"""One main item's file of a catalog's source, made into the services of the bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kiosk.contract.catalog import CatalogError, check_form, parse, service_version
from kiosk.contract.catalog_files import FormFile, Item, Main, Wanted
from kiosk.contract.catalog_models import Consent, Department, Fee, Material, Prose, Service
from kiosk.contract.catalog_tables import Folder, check_sheet, named_texts, prose, read_toml
from kiosk.contract.form_schema import FormError
from kiosk.contract.form_source import compile_form, consent_items


def services_of(folder: Folder, file: Path, name: str) -> Iterator[dict[str, Any]]:
    main = parse(Main, read_toml(file, name), name)
    if file.parent.name not in folder.departments:
        raise CatalogError(name, "", f"folder {file.parent.name!r} is not in departments.toml")
    department = folder.departments[file.parent.name]
    for item in main.item:
        yield _service(folder, main, item, file.stem, department, name)


def _service(
    folder: Folder, main: Main, item: Item, slug: str, department: Department, file: str
) -> dict[str, Any]:
    group = item.group or main.group
    for one in (group, item.also or main.also or group):
        if one not in folder.groups:
            raise CatalogError(file, f"{item.id}.group", f"{one!r} is not in groups.toml")
    _check_code(item.code, department, f"{file}: {item.id}")
    where = named_texts(folder, item.where or main.where, file, f"{item.id}.where")
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
        "what_you_get": prose(item.get),
        "result": None if item.result is None else prose(item.result),
        "audience": item.audience or main.audience,
        "who": item.who,
        "visits": item.visits,
        "courier": item.courier,
        "here": item.here,
        "guide": {
            "conditions": [prose(text) for text in item.conditions],
            "time": {
                "promised_days": item.promised_days,
                "statutory_days": item.statutory_days,
                "note": _days_note(folder, item, file),
            },
            "fee": _fee(folder, item, file),
            "where": where,
            "steps": [prose(text) for text in item.steps]
            or named_texts(folder, _way(item, main), file, f"{item.id}.steps"),
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


def _form(folder: Folder, name: str) -> dict[str, Any]:
    file = f"forms/{name}.toml"
    source = parse(FormFile, read_toml(folder.path / file, file), file)
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


def _materials(folder: Folder, item: Item, file: str) -> list[Material]:
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
            "name": prose(name) if isinstance(name, str) else name,
            "required": wanted.required,
            "trust": trust,
            "form": wanted.form,
            "pages_max": wanted.pages_max,
            "sides": wanted.sides,
            "sheet": wanted.sheet or (shared and shared.sheet),
            "note": None if wanted.note is None else prose(wanted.note),
        }
        check_sheet(wanted.sheet, folder.sheets, file, f"{item.id}.materials")
        found.append(parse(Material, document, file, f"{item.id}.materials"))
    return found


def _days_note(folder: Folder, item: Item, file: str) -> Prose:
    if item.days_note is not None:
        return prose(item.days_note)
    name = "time_at_once" if item.promised_days == 0 else "time_working_days"
    return named_texts(folder, (name,), file, f"{item.id}.promised_days")[0]


def _fee(folder: Folder, item: Item, file: str) -> Fee:
    if item.fee is None:
        return Fee(free=True, note=named_texts(folder, ("fee_free",), file, f"{item.id}.fee")[0])
    return Fee(free=bool(item.free), note=prose(item.fee))


def _way(item: Item, main: Main) -> tuple[str, ...]:
    """The usual way of a case where the item does not tell its own."""
    if item.form is not None:
        return ("steps_kiosk",)
    place = (item.where or main.where)[0]
    return ("steps_online" if place == "online" else "steps_window",)


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
