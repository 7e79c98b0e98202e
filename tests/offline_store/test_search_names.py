"""Every name of the shipped catalog is found however it is written, and with a slip in it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offline_store import Store
from offline_store.spelling import normal, spelled
from tests.shipped_catalog import whole

ORDINARY = [
    service for service in whole()["services"] if 4 <= len(normal(service["name"]["zh"])) <= 8
]
SERVICES = st.sampled_from(ORDINARY)
searches = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _letters(text: str) -> list[str]:
    return [part[1:] for part in spelled(normal(text)).split("|") if part]


def _in_letters(text: str) -> str:
    return "".join(_letters(text))


def _in_letters_cut_short(text: str) -> str:
    syllables = _letters(text)
    return "".join([*syllables[:-1], syllables[-1][:1]])


def _half_in_letters(text: str) -> str:
    half = len(text) // 2
    return text[:half] + _in_letters(text[half:])


@pytest.mark.parametrize("write", [_in_letters, _in_letters_cut_short, _half_in_letters])
@searches
@given(service=SERVICES)
def test_a_name_in_letters_finds_its_service(
    city: Store, write: Callable[[str], str], service: dict[str, Any]
) -> None:
    query = write(service["name"]["zh"])[:40]
    assert service["code"] in [row["code"] for row in city.catalog.search(query, limit=5)]


@searches
@given(service=SERVICES, data=st.data())
def test_a_name_with_a_character_dropped_or_changed_is_still_found(
    city: Store, service: dict[str, Any], data: st.DataObject
) -> None:
    name = normal(service["name"]["zh"])
    at = data.draw(st.integers(0, len(name) - 1))
    instead = data.draw(st.sampled_from(["", "龘", "的", "大"]))
    query = name[:at] + instead + name[at + 1 :]
    found = [row["code"] for row in city.catalog.search(query, limit=10)]
    assert service["code"] in found


@searches
@given(service=SERVICES, language=st.sampled_from(["en", "ko"]))
def test_a_name_in_another_language_finds_its_service(
    city: Store, service: dict[str, Any], language: str
) -> None:
    name = service["name"][language]
    found = [row["code"] for row in city.catalog.search(name, limit=10)]
    assert service["code"] in found
