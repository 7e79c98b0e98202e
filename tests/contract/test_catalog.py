"""The bundle as it travels: its checks, its versions, and the forms most journeys fill in."""

import copy
import json
from typing import Any

import pytest

from kiosk.contract.catalog import (
    CatalogError,
    check_bundle,
    content_hash,
    service_version,
)
from kiosk.contract.forms import FormModel
from tests import shipped_catalog

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


def _form(slug: str) -> FormModel:
    return FormModel(shipped_catalog.service(slug)["form"])


def test_a_bundle_passes_after_its_way_over_the_line() -> None:
    bundle = shipped_catalog.few()
    assert check_bundle(json.loads(json.dumps(bundle))).version == bundle["version"]


@pytest.mark.parametrize("slug", sorted(ANSWERS))
def test_a_card_and_a_few_answers_make_a_sound_application(slug: str) -> None:
    model = _form(slug)
    answers, _ = model.prefill(CARD)
    assert answers["name"] == "张伟"
    assert answers["id_number"] == CARD["number"]
    answers |= ANSWERS[slug]
    assert model.validate(answers) == []
    assert [p.field for p in model.validate({**answers, "phone": "123"})] == ["phone"]
    without = {name: value for name, value in answers.items() if name != "phone"}
    assert [(p.field, p.code) for p in model.validate(without)] == [("phone", "field.required")]


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
    slug: str, answer: dict[str, Any], asked: list[str]
) -> None:
    model = _form(slug)
    answers = {**model.prefill(CARD)[0], **ANSWERS[slug], **answer}
    assert [(p.field, p.code) for p in model.validate(answers)] == [
        (field, "field.required") for field in asked
    ]


def test_the_version_of_a_service_is_its_texts_not_how_it_is_found() -> None:
    service = shipped_catalog.service("residence_permit")
    assert service["version"] == service_version(service)
    found: dict[str, Any] = {"popularity": 1, "sayings": [], "keywords": ["x"]}
    told: dict[str, Any] = {"name": {"zh": "别", "en": "x", "ko": "가"}, "form": None}
    for key, value in found.items():
        assert service_version({**service, key: value}) == service["version"]
    for key, value in told.items():
        assert service_version({**service, key: value}) != service["version"]


def test_a_bundle_changed_on_the_way_is_refused() -> None:
    changed = copy.deepcopy(shipped_catalog.few())
    changed["services"][0]["name"]["zh"] = "别的"
    with pytest.raises(CatalogError, match="not its content's hash"):
        check_bundle(changed)
    service = changed["services"][0]
    service["version"] = service_version(service)
    with pytest.raises(CatalogError, match="bundle: version: is not its content's hash"):
        check_bundle(changed)
    changed["version"] = content_hash(changed)
    assert check_bundle(changed).services[0].name.zh == "别的"


def test_a_service_for_passports_asks_for_no_identity_number() -> None:
    changed = copy.deepcopy(shipped_catalog.few())
    service = next(s for s in changed["services"] if "passport" in s["documents"])
    asked = [f for page in service["form"]["ui"]["pages"] for f in page["fields"]]
    number = next(f for f in asked if f.get("prefill") == "person.document_number")
    number["prefill"] = "person.number"
    service["version"] = service_version(service)
    changed["version"] = content_hash(changed)
    with pytest.raises(CatalogError, match="a passport has no identity number"):
        check_bundle(changed)
