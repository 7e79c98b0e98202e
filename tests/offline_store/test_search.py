"""What people say, and what they mean: on the catalog this repository ships."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offline_store import Store

SOURCE = Path(__file__).parents[2] / "hub" / "catalog"

CERTIFICATE = "social_insurance_participation_certificate"
FOUND_FIRST = [
    # Chinese words of any length
    ("参", CERTIFICATE),
    ("参保", CERTIFICATE),
    ("参保证明", CERTIFICATE),
    ("社会保险 证明", CERTIFICATE),
    ("居住证", "residence_permit"),
    ("敬老卡", "elderly_transport_card"),
    ("（敬老卡）", "elderly_transport_card"),
    # pinyin, initials, mixtures
    ("shehuibaoxian", CERTIFICATE),
    ("canbaozhengming", CERTIFICATE),
    ("shbx", CERTIFICATE),
    ("cbzm", CERTIFICATE),
    ("sbzm", CERTIFICATE),
    ("juzhuzheng", "residence_permit"),
    ("jzz", "residence_permit"),
    ("juzhuz", "residence_permit"),
    ("居zz", "residence_permit"),
    ("JZZ", "residence_permit"),
    ("ｊｚｚ", "residence_permit"),
    ("laonianka", "elderly_transport_card"),
    ("lnrgjk", "elderly_transport_card"),
    ("敬lk", "elderly_transport_card"),
    ("jingl卡", "elderly_transport_card"),
    ("huzhao", "passport_first_issue"),
    ("tigongjijin", "provident_fund_rent_withdrawal"),
    # English and Korean
    ("residence permit", "residence_permit"),
    ("permit residence", "residence_permit"),
    ("perm", "residence_permit"),
    ("Passport", "passport_first_issue"),
    ("bus", "elderly_transport_card"),
    ("elderly bus", "elderly_transport_card"),
    ("social insurance", CERTIFICATE),
    ("거주증", "residence_permit"),
    ("여권", "passport_first_issue"),
    ("경로", "elderly_transport_card"),
    # everyday words and whole sentences
    ("交社保", CERTIFICATE),
    ("老年卡", "elderly_transport_card"),
    ("坐车免费的卡", "elderly_transport_card"),
    ("暂住证", "residence_permit"),
    ("上户口", "newborn_registration"),
    ("孩子上学要办啥", "primary_school_enrolment"),
    ("身份证丢了怎么办", "resident_id_card"),
    ("护照咋办", "passport_first_issue"),
    ("请问 护照 怎么办理", "passport_first_issue"),
    ("我想办个居住证", "residence_permit"),
    ("房本丢了", "property_title_replacement"),
    ("我是外地人租房子想办居住证需要什么材料", "residence_permit"),
    ("八十岁老人补贴", "old_age_allowance"),
    ("退税", "income_tax_annual"),
    # a slip
    ("居注证", "residence_permit"),
    ("参保正明", CERTIFICATE),
    ("resident permt", "residence_permit"),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    # The store knows no other room, so its test reads the source as plain data.
    services = []
    for path in sorted((SOURCE / "services").glob("*.toml")):
        service: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        services.append({**service, "slug": path.stem})
    groups = tomllib.loads((SOURCE / "groups.toml").read_text("utf-8"))["group"]
    departments = {
        row["id"]: row["name"]
        for row in tomllib.loads((SOURCE / "departments.toml").read_text("utf-8"))["department"]
    }
    for service in services:
        service["department"] = departments[service["department"]]
    with Store.open(tmp_path_factory.mktemp("search") / "kiosk.sqlite3") as store:
        store.catalog.import_bundle({"version": "1", "groups": groups, "services": services})
        yield store


def _slugs(store: Store, query: str) -> list[str]:
    return [store.catalog.service(row["code"])["slug"] for row in store.catalog.search(query)]


@pytest.mark.parametrize(("query", "slug"), FOUND_FIRST)
def test_what_is_said_finds_what_is_meant_first(filled: Store, query: str, slug: str) -> None:
    assert _slugs(filled, query)[:1] == [slug]


def test_every_service_is_among_the_first_three_for_each_of_its_names_and_sayings(
    filled: Store,
) -> None:
    missed = []
    for row in filled.catalog.popular(1000):
        service = filled.catalog.service(row["code"])
        for said in (*service["name"].values(), *service["sayings"]):
            if service["slug"] not in _slugs(filled, said)[:3]:
                missed.append((said, service["slug"]))
    assert missed == []


@pytest.mark.parametrize(
    "query", ["", "  ", "我要 吗", '"', "*", "()", "qqqq", "量子计算机", "\x00"]
)
def test_nothing_is_made_up_for_what_is_not_there(filled: Store, query: str) -> None:
    assert filled.catalog.search(query) == []


def test_among_equals_the_more_used_comes_first_and_the_limit_holds(filled: Store) -> None:
    rows = filled.catalog.search("公安局", limit=3)
    assert len(rows) == 3
    assert [r["popularity"] for r in rows] == sorted((r["popularity"] for r in rows), reverse=True)
    assert filled.catalog.search("公安局", limit=0) == []


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=st.text(max_size=60) | st.text('社保居住证卡abjzz 거주"*^:()-', max_size=60))
def test_any_text_is_answered_without_an_error(filled: Store, query: str) -> None:
    assert len(filled.catalog.search(query, limit=5)) <= 5
