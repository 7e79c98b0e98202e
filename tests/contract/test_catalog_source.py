"""The readable source: what it makes, and every fault named by file and field."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from hub.published import SOURCE
from kiosk.contract.catalog import CatalogError
from kiosk.contract.catalog_source import load_source, read_source
from tests import shipped_catalog

CARD = "services/public_security/residence_card.toml"
PASS = "services/public_security/ordinary_passport.toml"
FORM = "forms/residence_permit.toml"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small city: everything shared, and one main item behind each door."""
    folder = tmp_path / "catalog"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("services"))
    found: dict[str, str] = {"": CARD, "passports": PASS}
    for service in shipped_catalog.whole()["services"]:
        file = f"services/{service['department_id']}/{service['main']['id']}.toml"
        found.setdefault(service["group"], file)
    for file in found.values():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / file, folder / file)
    return folder


def change(source: Path, file: str, old: str, new: str) -> None:
    path = source / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def services(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {service["slug"]: service for service in bundle["services"]}


def first_passport(source: Path) -> dict[str, Any]:
    found = load_source(source)["services"]
    return next(s for s in found if s["main"]["id"] == "ordinary_passport")


def test_the_same_source_gives_the_same_bundle(source: Path) -> None:
    assert load_source(source) == load_source(source)


def test_a_text_changes_the_version_of_its_service_only(source: Path) -> None:
    before = load_source(source)
    change(source, CARD, "首次申领免费", "第一次免费")
    after = load_source(source)
    assert before["version"] != after["version"]
    old, new = services(before), services(after)
    assert {slug for slug in old if old[slug]["version"] != new[slug]["version"]} == {
        "residence_permit"
    }


def test_a_shared_material_and_a_note_of_ones_own_become_one_record(source: Path) -> None:
    change(source, PASS, "materials = [", 'materials = [\n  { id = "photo", note = "两张" },')
    change(source, PASS, '"photo"', '"power_of_attorney"')
    first = first_passport(source)
    material = first["materials"][0]
    assert material["note"] == {"zh": "两张"}
    assert set(material["name"]) == {"zh", "en", "ko"}
    assert material["sheet"] == "power_of_attorney"


def test_an_optional_material_has_a_question_mark(source: Path) -> None:
    change(source, PASS, "materials = [", 'materials = [\n  "?power_of_attorney",')
    first = first_passport(source)
    assert first["materials"][0]["required"] is False


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "problem"),
    [
        (CARD, 'group = "identity"', 'group = "nowhere"', "residence_permit.group", "groups.toml"),
        (CARD, 'code = "1122', 'code = "1123', "code", "starts with"),
        (CARD, "3000201002001", "300020100200", "code", "31 characters"),
        (CARD, 'trust = "A"', 'trust = "E"', "item.0.materials.0.table.trust", "'A', 'B', 'C'"),
        (CARD, 'ko = "거주증 신청"', 'ko = ""', "item.0.name.ko", "at least 1"),
        (CARD, ', ko = "거주증 신청"', "", "item.0.name.ko", "missing; add it"),
        (CARD, "popularity", "populerity", "item.0.popularity", "missing"),
        (CARD, 'id = "proof_of_reason"', 'id = "proof_of_address"', "materials", "same id"),
        (CARD, 'where = ["kiosk"', 'where = ["kioks"', "residence_permit.where", "texts.toml"),
        (CARD, '长春市", en', '长春市", xx', "item.0.conditions.0.table.xx", "drop"),
        (CARD, 'form = "residence_permit"', 'form = "nothing"', "", "missing; write it"),
        (CARD, "code =", "code", "", "not TOML"),
        (PASS, "materials = [", 'materials = [\n  "unheard_of",', ".materials", "materials.toml"),
        (FORM, 'kind = "phone"', 'kind = "fax"', "form.ui.phone.kind", "is one of"),
        (FORM, 'prefill = "person.sex"', 'prefill = "person.age"', "form.ui.sex.prefill", "one"),
        (FORM, "declaration", "declamation", "declaration", "missing"),
        (FORM, 'id = "home"', 'id = "home"\nrole = "uncle"', "form.ui.pages.home.role", "one of"),
        ("groups.toml", 'id = "family"', 'id = "social"', "group 5.id", "twice"),
        ("groups.toml", 'colour = "blue"', 'colour = "beige"', "group 1.colour", "blue"),
        ("departments.toml", "YM7E", "YM7F", "digital_government.credit_code", "check character"),
        ("sheets.toml", "id = \"power_of_attorney", "id = \"x", "attorney.sheet", "not in"),
        ("certificates.toml", 'department = "public_', 'department = "x', ".department", "toml"),
    ],
)
def test_a_fault_names_file_field_and_what_to_do(
    source: Path, file: str, old: str, new: str, field: str, problem: str
) -> None:
    change(source, file, old, new)
    with pytest.raises(CatalogError) as fault:
        load_source(source)
    assert fault.value.field.endswith(field), fault.value
    assert problem in fault.value.problem
    elsewhere = {"sheets.toml": "materials.toml", CARD: "forms/nothing.toml"}
    assert fault.value.file.startswith((file, elsewhere.get(file, file)))


def test_every_fault_of_the_services_is_found_in_one_go(source: Path) -> None:
    change(source, CARD, "popularity", "populerity")
    change(source, PASS, "popularity", "populerity")
    bundle, faults = read_source(source)
    assert sorted(fault.file for fault in faults) == [PASS, CARD]
    assert bundle["services"]


def test_two_services_with_one_code_are_refused(source: Path) -> None:
    shutil.copy(source / CARD, source / CARD.replace(".toml", "_again.toml"))
    with pytest.raises(CatalogError, match=r"also stands in .*residence_card\.toml"):
        load_source(source)


def test_a_complete_item_is_told_in_three_languages(source: Path) -> None:
    change(source, CARD, ', en = "Your household register is not in Changchun"', "")
    with pytest.raises(CatalogError, match="needs en and ko"):
        load_source(source)


def test_a_folder_of_an_unknown_department_is_named(source: Path) -> None:
    (source / CARD).parent.rename(source / "services" / "nobody")
    with pytest.raises(CatalogError, match=r"nobody.*departments\.toml"):
        load_source(source)


def test_a_missing_file_is_named(source: Path) -> None:
    (source / "groups.toml").unlink()
    with pytest.raises(CatalogError, match=r"groups\.toml.*missing; write it"):
        load_source(source)
