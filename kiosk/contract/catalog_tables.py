"""The tables of a catalog's source that all services of the folder share, and reading its files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from kiosk.contract.catalog import CatalogError, parse
from kiosk.contract.catalog_files import Said, SharedMaterial, Source
from kiosk.contract.catalog_models import Certificate, Department, Group, Hall, Prose, Sheet
from kiosk.contract.formats import is_credit_code

Row = TypeVar("Row", Certificate, Department, Group, Hall, SharedMaterial, Sheet)


@dataclass(frozen=True)
class Folder:
    """What all services of the folder share."""

    path: Path
    departments: Mapping[str, Department]
    groups: Mapping[str, Group]
    materials: Mapping[str, SharedMaterial]
    sheets: Mapping[str, Sheet]
    texts: Mapping[str, tuple[Prose, ...]]
    blocks: Mapping[str, Mapping[str, Any]]


class _Lines(Source):
    lines: tuple[Said, ...]


def read_folder(path: Path) -> Folder:
    departments = table(path, "departments.toml", "department", Department)
    for department in departments.values():
        if not is_credit_code(department.credit_code):
            raise CatalogError(
                "departments.toml",
                f"{department.id}.credit_code",
                "check character is wrong; write the 18 characters of GB 32100",
            )
    texts = {
        name: tuple(prose(text) for text in parse(_Lines, {"lines": lines}, "texts.toml").lines)
        for name, lines in read_toml(path / "texts.toml", "texts.toml").items()
    }
    raw = read_toml(path / "blocks.toml", "blocks.toml").get("block", ())
    blocks = {block["id"]: block for block in raw}
    materials = table(path, "materials.toml", "material", SharedMaterial)
    sheets = table(path, "sheets.toml", "sheet", Sheet)
    for material in materials.values():
        check_sheet(material.sheet, sheets, "materials.toml", f"{material.id}.sheet")
    groups = table(path, "groups.toml", "group", Group)
    return Folder(path, departments, groups, materials, sheets, texts, blocks)


def check_sheet(name: str | None, sheets: Mapping[str, Sheet], file: str, field: str) -> None:
    if name is not None and name not in sheets:
        raise CatalogError(file, field, f"{name!r} is not in sheets.toml")


def named_texts(folder: Folder, names: tuple[str, ...], file: str, field: str) -> list[Prose]:
    found: list[Prose] = []
    for name in names:
        if name not in folder.texts:
            raise CatalogError(file, field, f"{name!r} is not in texts.toml")
        found += folder.texts[name]
    return found


def prose(text: Said) -> Prose:
    return Prose(zh=text) if isinstance(text, str) else text


def table(folder: Path, file: str, key: str, model: type[Row]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for number, raw in enumerate(read_toml(folder / file, file).get(key, ()), start=1):
        row = parse(model, raw, file, f"{key} {number}")
        if row.id in rows:
            raise CatalogError(file, f"{key} {number}.id", f"{row.id!r} stands twice; rename one")
        rows[row.id] = row
    if not rows:
        raise CatalogError(file, key, f"is empty; write [[{key}]] for each one")
    return rows


def read_toml(path: Path, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(file, "", "is missing; write it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(file, "", f"is not TOML in UTF-8: {error}") from error
