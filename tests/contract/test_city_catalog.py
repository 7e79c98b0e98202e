"""The city's catalog as it is shipped: complete, in every language, and nobody's text twice."""

from collections import Counter
from typing import Any

import pytest

from kiosk.contract.catalog import check_bundle
from kiosk.contract.catalog_review import in_chinese, texts, warnings
from kiosk.contract.formats import is_credit_code
from tests import shipped_catalog


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    return shipped_catalog.whole()


@pytest.fixture(scope="module")
def services(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bundle["services"]
    return found


def test_it_has_the_citys_size(bundle: dict[str, Any]) -> None:
    services = bundle["services"]
    assert len(services) == 1332
    assert len(bundle["halls"]) == 185
    assert len(bundle["certificates"]) == 124
    assert 45 <= len({service["department_id"] for service in services}) <= 60
    assert len({(s["department_id"], s["main"]["id"]) for s in services}) >= 700
    assert {group["audience"] for group in bundle["groups"]} == {"person", "company"}


def test_it_passes_as_a_bundle(bundle: dict[str, Any]) -> None:
    assert check_bundle(bundle).version == bundle["version"]


def test_sixty_items_can_be_applied_for_here(services: list[dict[str, Any]]) -> None:
    complete = [service for service in services if service["complete"]]
    assert len(complete) >= 60
    for service in complete:
        assert service["here"] == "apply", service["slug"]
        assert service["checks"], service["slug"]
        assert len(service["form"]["ui"]["pages"]) >= 2, service["slug"]
        scanned = [m for m in service["materials"] if m["form"] == "scan"]
        assert bool(scanned) <= ("camera" in service["needs"]), service["slug"]


def test_every_code_is_its_departments_with_a_right_check_character(
    services: list[dict[str, Any]],
) -> None:
    codes = [service["code"] for service in services]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 31 and is_credit_code(code[:18]) for code in codes)


def test_every_text_is_in_the_script_of_its_language(bundle: dict[str, Any]) -> None:
    han = range(0x4E00, 0xA000)
    hangul = range(0xAC00, 0xD7A4)
    for text in texts({**bundle, "halls": []}):
        assert any(ord(c) in han for c in text["zh"]), text
        assert not any(ord(c) in hangul for c in text["zh"] + text.get("en", "")), text
        assert not any(ord(c) in han for c in text.get("en", "") + text.get("ko", "")), text
        assert any(ord(c) in hangul for c in text.get("ko", "가")), text


def test_every_item_says_where_it_comes_from(services: list[dict[str, Any]]) -> None:
    for service in services:
        assert service["sources"], service["slug"]
    made = Counter(service["generated"] for service in services)
    assert made[True] and made[False]


def test_there_is_nothing_to_look_at(services: list[dict[str, Any]]) -> None:
    """Whatever can be applied for is translated and asks beforehand; no two items are told in
    nearly the same words: those of one main item differ in what matters, or they are one."""
    assert list(warnings(services)) == []


def test_guides_in_chinese_are_counted_not_warned_of(services: list[dict[str, Any]]) -> None:
    partly = [one for one in services if not one["complete"]]
    assert 0 < in_chinese(services) <= len(partly)
    alone = {**partly[0], "what_you_get": {"zh": "证"}}
    assert in_chinese([alone]) == 1
    assert [one.kind for one in warnings([{**alone, "complete": True}])] == [
        "untranslated", *([] if alone["checks"] else ["no_checks"])]


def test_items_of_one_main_item_have_names_of_their_own(services: list[dict[str, Any]]) -> None:
    for language in ("zh", "en", "ko"):
        names = Counter((s["department_id"], s["name"][language]) for s in services)
        assert [name for name, times in names.items() if times > 1] == []
