import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.contract.catalog import (
    CatalogError,
    check_bundle,
    load_source,
    service_version,
)
from kiosk.contract.formats import is_credit_code
from kiosk.contract.forms import FormModel

SOURCE = Path(__file__).parents[2] / "hub" / "catalog"
COMPLETE = {
    "social_insurance_participation_certificate",
    "residence_permit",
    "elderly_transport_card",
}
CARD = {
    "name": "张伟",
    "name_latin": "",
    "number": "220102199003078314",
    "document_number": "220102199003078314",
    "sex": "1",
    "ethnic_group": "01",
    "nationality": "156",
    "birth_date": "1990-03-07",
    "address": "吉林省长春市南关区人民大街1号",
    "issuer": "",
    "valid_from": "",
    "valid_to": "",
}
# Sound answers for every field that the card does not fill, by service.
ANSWERS: dict[str, dict[str, Any]] = {
    "social_insurance_participation_certificate": {
        "phone": "13800138000",
        "insurance": "all",
        "period": "all",
        "purpose": "home",
        "delivery": "kiosk",
    },
    "residence_permit": {
        "phone": "13800138000",
        "district": "220104",
        "present_address": "红旗街1号2单元301",
        "living_since": "2026-01-05",
        "housing": "own",
        "reason": "family",
        "collection": "police_station",
    },
    "elderly_transport_card": {
        "phone": "13800138000",
        "request": "first",
        "lives_at_card_address": True,
        "collection": "community",
    },
}


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    return load_source(SOURCE)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOURCE, tmp_path / "catalog"))


def _services(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {service["slug"]: service for service in bundle["services"]}


def _texts(value: Any) -> Iterator[dict[str, str]]:
    """Every {zh, en, ko} in a document."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en", "ko"}:
            yield value
        else:
            for inner in value.values():
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def test_the_shipped_catalog_loads_and_passes_as_a_bundle(bundle: dict[str, Any]) -> None:
    checked = check_bundle(json.loads(json.dumps(bundle)))
    assert checked.version == bundle["version"]
    assert len(bundle["services"]) == 30
    assert len(bundle["groups"]) == 8


def test_three_services_are_complete_and_the_rest_are_guides(bundle: dict[str, Any]) -> None:
    complete = {slug for slug, service in _services(bundle).items() if service["complete"]}
    assert complete == COMPLETE
    for slug, service in _services(bundle).items():
        assert (service["form"] is None) == (slug not in COMPLETE)


def test_every_group_offers_several_services(bundle: dict[str, Any]) -> None:
    for group in bundle["groups"]:
        offered = [s for s in bundle["services"] if s["group"] == group["id"]]
        assert len(offered) >= 3, group["id"]


def test_every_code_is_its_departments_with_a_right_check_character(
    bundle: dict[str, Any],
) -> None:
    codes = [service["code"] for service in bundle["services"]]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert len(code) == 31
        assert is_credit_code(code[:18])


def test_what_a_rule_or_memory_produced_says_so(bundle: dict[str, Any]) -> None:
    for service in bundle["services"]:
        assert service["generated"] is True
        assert service["sources"]


def test_every_text_is_in_the_script_of_its_language(bundle: dict[str, Any]) -> None:
    han = range(0x4E00, 0xA000)
    for text in _texts(bundle):
        assert not any(ord(c) in han for c in text["en"] + text["ko"]), text
        assert not any("\uac00" <= c <= "\ud7a3" for c in text["zh"] + text["en"]), text
        assert any("\uac00" <= c <= "\ud7a3" for c in text["ko"]), text
        assert any(ord(c) in han for c in text["zh"]), text


@pytest.mark.parametrize("slug", sorted(COMPLETE))
def test_a_complete_form_has_the_size_and_parts_of_a_real_one(
    bundle: dict[str, Any], slug: str
) -> None:
    service = _services(bundle)[slug]
    fields = [field for page in service["form"]["ui"]["pages"] for field in page["fields"]]
    assert 8 <= len(fields) <= 15
    assert len([f for f in fields if "visible_if" in f]) >= 2
    number = "person.document_number" if "passport" in service["documents"] else "person.number"
    assert {"person.name", number} <= {f.get("prefill") for f in fields}
    assert {"phone", "idnumber", "date", "choice"} <= {f["kind"] for f in fields}
    assert any(m["form"] == "scan" and m["required"] for m in service["materials"])
    assert service["consent"]["items"]
    assert service["declaration"]


@pytest.mark.parametrize("slug", sorted(COMPLETE))
def test_a_card_and_a_few_answers_make_a_sound_application(
    bundle: dict[str, Any], slug: str
) -> None:
    model = FormModel(_services(bundle)[slug]["form"])
    answers, _ = model.prefill(CARD)
    assert answers["name"] == "张伟"
    assert answers["id_number"] == CARD["number"]
    answers |= ANSWERS[slug]
    assert model.validate(answers) == []
    assert [p.field for p in model.validate({**answers, "phone": "123"})] == ["phone"]
    without = {name: value for name, value in answers.items() if name != "phone"}
    assert [(p.field, p.code) for p in model.validate(without)] == [("phone", "field.required")]


def test_a_service_takes_a_passport_only_when_it_says_so(bundle: dict[str, Any]) -> None:
    takes = {slug for slug, s in _services(bundle).items() if "passport" in s["documents"]}
    assert takes == {"social_insurance_participation_certificate"}


def test_a_service_for_passports_asks_for_no_identity_number(source: Path) -> None:
    slug = "social_insurance_participation_certificate"
    file = source / "services" / f"{slug}.toml"
    text = file.read_text("utf-8")
    assert "person.document_number" in text
    file.write_text(text.replace("person.document_number", "person.number"), "utf-8")
    with pytest.raises(CatalogError) as failed:
        load_source(source)
    assert failed.value.field == "form.ui.id_number.prefill"


@pytest.mark.parametrize(
    ("slug", "answer", "asked"),
    [
        (
            "social_insurance_participation_certificate",
            {"period": "chosen"},
            ["period_from", "period_to"],
        ),
        ("social_insurance_participation_certificate", {"purpose": "other"}, ["purpose_note"]),
        ("residence_permit", {"housing": "rented"}, ["landlord_phone", "landlord_id_number"]),
        ("residence_permit", {"reason": "work"}, ["employer"]),
        ("residence_permit", {"reason": "business"}, ["employer"]),
        ("residence_permit", {"reason": "study"}, ["school"]),
        ("elderly_transport_card", {"request": "renewal"}, ["card_number"]),
        ("elderly_transport_card", {"lives_at_card_address": False}, ["present_address"]),
        ("elderly_transport_card", {"collection": "outlet"}, ["outlet"]),
    ],
)
def test_an_answer_asks_for_what_follows_from_it(
    bundle: dict[str, Any], slug: str, answer: dict[str, Any], asked: list[str]
) -> None:
    model = FormModel(_services(bundle)[slug]["form"])
    answers = {**model.prefill(CARD)[0], **ANSWERS[slug], **answer}
    assert [(p.field, p.code) for p in model.validate(answers)] == [
        (field, "field.required") for field in asked
    ]


def test_the_version_of_a_service_changes_with_its_texts_only(
    bundle: dict[str, Any], source: Path
) -> None:
    path = source / "services" / "residence_permit.toml"
    path.write_text(path.read_text("utf-8").replace("首次申领免费", "第一次免费"), "utf-8")
    changed = load_source(source)
    assert changed["version"] != bundle["version"]
    before, after = _services(bundle), _services(changed)
    moved = {slug for slug in before if before[slug]["version"] != after[slug]["version"]}
    assert moved == {"residence_permit"}


def test_how_a_service_is_found_is_not_part_of_its_version(
    bundle: dict[str, Any], source: Path
) -> None:
    path = source / "services" / "residence_permit.toml"
    text = path.read_text("utf-8").replace("popularity = 940", "popularity = 1")
    path.write_text(text.replace('"暂住证", ', ""), "utf-8")
    changed = load_source(source)
    assert changed["version"] != bundle["version"]
    assert {s["version"] for s in changed["services"]} == {s["version"] for s in bundle["services"]}


def test_the_same_source_gives_the_same_bundle(bundle: dict[str, Any], source: Path) -> None:
    assert load_source(source) == bundle


PERMIT = "services/residence_permit.toml"
GUIDE = "services/passport_first_issue.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "problem"),
    [
        (PERMIT, 'group = "identity"', 'group = "nowhere"', "group", "groups.toml"),
        (PERMIT, 'department = "public_security"', 'department = "x"', "department", "toml"),
        (PERMIT, 'code = "1122', 'code = "1123', "code", "starts with"),
        (PERMIT, "3000201002001", "300020100200", "code", "31 characters"),
        (PERMIT, 'trust = "A"', 'trust = "E"', "materials.0.trust", "'A', 'B', 'C' or 'D'"),
        (PERMIT, 'ko = "거주증 신청"', 'ko = ""', "name.ko", "at least 1"),
        (PERMIT, ', ko = "거주증 신청"', "", "name.ko", "missing; add it"),
        (PERMIT, "popularity", "populerity", "popularity", "missing"),
        (PERMIT, 'id = "proof_of_reason"', 'id = "proof_of_address"', "materials", "same id"),
        (PERMIT, 'form = "scan"', 'form = "paper"', "materials", "scan"),
        (PERMIT, 'kind = "phone"', 'kind = "fax"', "form.ui.phone.kind", "is one of"),
        (PERMIT, 'prefill = "person.sex"', 'prefill = "person.age"', "form.ui.sex.prefill", "one"),
        (PERMIT, "[declaration]", "[declamation]", "declamation", "drop or rename"),
        (PERMIT, "code =", "code", "", "not TOML"),
        (GUIDE, "complete = false", "complete = true", "form", "complete service has one"),
        (GUIDE, 'icon = "globe"', 'icon = "A Globe"', "icon", "pattern"),
        ("groups.toml", 'id = "family"', 'id = "tax"', "group 8.id", "twice"),
        ("groups.toml", 'colour = "blue"', 'colour = "beige"', "group 1.colour", "blue"),
        ("departments.toml", "YM3N", "YM3P", "human_resources.credit_code", "check character"),
    ],
)
def test_a_fault_names_file_field_and_what_to_do(
    source: Path, file: str, old: str, new: str, field: str, problem: str
) -> None:
    path = source / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(CatalogError) as fault:
        load_source(source)
    assert (fault.value.file, fault.value.field) == (file, field)
    assert problem in fault.value.problem


def test_two_services_with_one_code_are_refused(source: Path) -> None:
    services = source / "services"
    shutil.copy(services / "residence_permit.toml", services / "residence_permit_again.toml")
    with pytest.raises(CatalogError, match=r"is also that of services/residence_permit\.toml"):
        load_source(source)


def test_a_missing_file_is_named(source: Path) -> None:
    (source / "groups.toml").unlink()
    with pytest.raises(CatalogError, match=r"groups\.toml.*missing; write it"):
        load_source(source)


def test_a_bundle_changed_on_the_way_is_refused(bundle: dict[str, Any]) -> None:
    changed = copy.deepcopy(bundle)
    changed["services"][0]["name"]["zh"] = "别的"
    with pytest.raises(CatalogError, match="not its content's hash"):
        check_bundle(changed)
    service = changed["services"][0]
    service["version"] = service_version(service)
    with pytest.raises(CatalogError, match=r"version: is not its content's hash"):
        check_bundle(changed)
    with pytest.raises(CatalogError):
        check_bundle(["not", "a", "bundle"])
