"""The city's catalog as it is shipped: complete, in every language, and nobody's text twice."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.contract.catalog import check_bundle
from kiosk.contract.formats import is_credit_code
from tests import shipped_catalog

NEAR = 0.6
"""Share of three-character pieces that two guides may have in common at most."""


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    return shipped_catalog.whole()


@pytest.fixture(scope="module")
def services(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bundle["services"]
    return found


def _texts(value: Any) -> Iterator[dict[str, str]]:
    """Every table of languages in a document."""
    if isinstance(value, dict):
        if value and set(value) <= {"zh", "en", "ko"}:
            yield value
        else:
            for inner in value.values():
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


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
    for text in _texts({**bundle, "halls": []}):
        assert any(ord(c) in han for c in text["zh"]), text
        assert not any(ord(c) in hangul for c in text["zh"] + text.get("en", "")), text
        assert not any(ord(c) in han for c in text.get("en", "") + text.get("ko", "")), text
        assert any(ord(c) in hangul for c in text.get("ko", "가")), text


def test_every_item_says_where_it_comes_from(services: list[dict[str, Any]]) -> None:
    for service in services:
        assert service["sources"], service["slug"]
    made = Counter(service["generated"] for service in services)
    assert made[True] and made[False]


def test_no_two_items_are_told_in_nearly_the_same_words(services: list[dict[str, Any]]) -> None:
    """Handling items of one main item differ in what matters, or they are one."""
    pieces = {}
    where = defaultdict(set)
    for service in services:
        told = "|".join([
            service["summary"]["zh"], service["what_you_get"]["zh"],
            *(text["zh"] for text in service["guide"]["conditions"]),
        ])
        pieces[service["code"]] = {told[n:n + 3] for n in range(len(told) - 2)}
        for piece in pieces[service["code"]]:
            where[piece].add(service["code"])
    slugs = {service["code"]: service["slug"] for service in services}
    near = []
    for code, own in pieces.items():
        shared = Counter(other for piece in own if len(where[piece]) < 40 for other in where[piece])
        for other, _ in shared.most_common(4):
            both = len(own & pieces[other]) / len(own | pieces[other])
            if other > code and both > NEAR:
                near.append((slugs[code], slugs[other], round(both, 2)))
    assert near == []


def test_items_of_one_main_item_have_names_of_their_own(services: list[dict[str, Any]]) -> None:
    for language in ("zh", "en", "ko"):
        names = Counter((s["department_id"], s["name"][language]) for s in services)
        assert [name for name, times in names.items() if times > 1] == []
