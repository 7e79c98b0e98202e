"""Finding a service: lists, search and the guide, even while the catalog is being replaced."""

import threading
import time
from pathlib import Path

import pytest

from kiosk.contract.catalog_models import Audience
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.rig import CERTIFICATE, City, bundle, service
from tests.kiosk.visit.guest import PAPERLESS, Guest, catalog


def test_search_finds_what_people_say_and_opens_the_guide(guest: Guest) -> None:
    guest.to_home("zh")
    guest.visit.open_search()
    rows = guest.visit.search("打社保证明")
    assert service(CERTIFICATE)["code"] in [row.code for row in rows]
    guest.visit.open_service(rows[0].code)
    guest.at(Step.SERVICE)
    assert [section.id for section in guest.visit.service.sections] == [
        "get", "bring", "who", "hand_in", "time", "steps", "where"]


@pytest.mark.parametrize("text", ["", " ", "%", "\"", "*", "🙂", "a" * 5000, "'; --", "\x00"])
def test_search_takes_any_text(guest: Guest, text: str) -> None:
    guest.to_home()
    guest.visit.open_search()
    assert isinstance(guest.visit.search(text), tuple)


def test_every_group_of_both_doors_opens_with_its_items(guest: Guest, shop: Store) -> None:
    guest.to_home()
    doors: tuple[tuple[Audience, int], ...] = (("company", 8), ("person", 12))
    for audience, count in doors:
        guest.visit.choose_audience(audience)
        groups = guest.visit.groups
        assert len(groups) == count
        own = {group.id for group in groups}
        for popular in guest.visit.popular:
            assert shop.catalog.service(popular.code)["group"] in own
        for group in groups:
            guest.visit.open_group(group.id)
            assert guest.visit.group == group
            assert guest.visit.items
            guest.visit.back()


def test_main_item_opens_in_its_place_and_closes_again(guest: Guest) -> None:
    guest.to_home("zh")
    several = None
    for group in guest.visit.groups:
        guest.visit.open_group(group.id)
        several = next((one for one in guest.visit.items if len(one.services) > 1), None)
        if several is not None:
            break
        guest.visit.back()
    assert several is not None
    for is_open in (True, False, True):
        guest.visit.open_item(several.id)
        opened = [one.id for one in guest.visit.items if one.open]
        assert opened == ([several.id] if is_open else [])
    guest.visit.open_service(several.services[-1].code)
    guest.visit.back()
    assert [one.id for one in guest.visit.items if one.open] == [several.id]


def test_search_from_one_door_tells_also_of_the_other(guest: Guest) -> None:
    guest.to_home("en")
    guest.visit.choose_audience("company")
    guest.visit.open_search()
    rows = guest.visit.search("社保证明")
    certificate = next(row for row in rows if row.code == service(CERTIFICATE)["code"])
    assert certificate.beside == "For people"
    own = [row for row in rows if not row.beside]
    assert rows[:len(own)] == tuple(own)


def test_nothing_found_leads_to_the_nearest_groups(guest: Guest) -> None:
    guest.to_home("zh")
    guest.visit.open_search()
    groups = guest.visit.nearest_groups("社保")
    assert groups
    guest.visit.open_group(groups[0].id)
    guest.at(Step.GROUP)


def test_group_and_list_survive_a_catalog_that_has_them_no_more(guest: Guest, shop: Store) -> None:
    guest.to_home()
    group = guest.visit.groups[0]
    guest.visit.open_group(group.id)
    smaller = {**bundle(), "version": "other", "groups": bundle()["groups"][1:],
               "services": [s for s in bundle()["services"] if s["group"] != group.id]}
    shop.catalog.import_bundle(smaller)
    try:
        assert guest.visit.group == group
        assert guest.visit.items  # as they were when it was opened
        guest.visit.open_service(PAPERLESS)
        guest.at(Step.GROUP)
        assert guest.visit.fault is not None
        assert guest.visit.fault.code == "service.unavailable"
        guest.visit.back()
        guest.visit.open_group(group.id)
        guest.at(Step.HOME)
    finally:
        shop.catalog.import_bundle(catalog())


def test_open_application_keeps_its_version_while_the_catalog_is_replaced(
    guest: Guest, shop: Store
) -> None:
    guest.to_form()
    shop.catalog.import_bundle({**bundle(), "version": "without it"})
    try:
        guest.fill()
        guest.at(Step.SIGN)
        assert guest.visit.sign_view.declaration
    finally:
        shop.catalog.import_bundle(catalog())


def test_list_says_what_cannot_be_applied_for_at_this_kiosk(
    tmp_path: Path, shop: Store, city: City, guest: Guest
) -> None:
    """This kiosk has a card reader and no camera."""
    guest.to_home()
    guest.visit.open_search()
    rows = {row.code: row for row in guest.visit.search("社保")}
    code = service(CERTIFICATE)["code"]
    assert rows[PAPERLESS].here_now
    assert not rows[code].here_now
    guest.visit.open_service(code)
    assert [fault.code for fault in guest.visit.service.missing] == ["camera.gone"]
    guest.visit.begin()
    guest.at(Step.SERVICE)


def test_what_screens_read_at_every_frame_never_waits(guest: Guest) -> None:
    """Workers are busy meanwhile: who waited for one would wait for ever, for the hub 0.5 s."""
    stuck = threading.Event()
    for lane in ("hub", "printer", "store", "vision", "cards"):
        guest.place.workers.submit(lane, stuck.wait, lambda _: None, lambda _: None)
    try:
        guest.to_home()
        slowest = 0.0
        for name in ("groups", "popular", "progress", "fault", "help", "idle_left"):
            started = time.perf_counter()
            getattr(guest.visit, name)
            slowest = max(slowest, time.perf_counter() - started)
        for act in (lambda: guest.visit.open_service(PAPERLESS), lambda: guest.visit.service,
                    guest.visit.begin, lambda: guest.visit.consent, guest.visit.agree,
                    lambda: guest.visit.identify, guest.visit.tick, guest.visit.quit):
            started = time.perf_counter()
            act()
            slowest = max(slowest, time.perf_counter() - started)
        assert slowest < 0.45
    finally:
        stuck.set()
