"""Kept with a slip, found with it, opened for its owner; uploaded and deleted behind the scenes."""

import gc
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.errors import DeviceFault
from kiosk.application import Application
from kiosk.contract.draft_keys import DraftKey
from kiosk.contract.drafts import DraftError
from kiosk.delivery import Delivery, checked
from kiosk.device_identity import DeviceIdentity
from kiosk.draft_lane import DraftLane
from kiosk.drafts import FoundDraft, find, hub_state, keep_with_slip
from kiosk.hub_line import HubLine
from kiosk.submission import commit
from offline_store.database import Store
from offline_store.drafts import Drafts
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import (
    CERTIFICATE,
    OTHER_PAGE,
    PAGE,
    QUICK,
    STROKES,
    HandClock,
    bundle,
    consent,
    filled,
    person,
    wait_until,
)

DAYS_14 = 14 * 24 * 3600.0
DEAD = "http://127.0.0.1:9"


class Counter:
    """A kiosk's counter: takes drafts along and finds them again."""

    def __init__(self, store: Store, identity: DeviceIdentity, line: HubLine) -> None:
        self.store, self.identity, self.line = store, identity, line
        self.slips: list[DraftKey] = []
        self.now = datetime.now(UTC)

    def take(self, application: Application, drafts: Drafts | None = None) -> DraftKey:
        keep_with_slip(application, "ko", self.identity, self.now, DAYS_14,
                       drafts or self.store.drafts, lambda key, _: self.slips.append(key))
        return self.slips[-1]

    def find(self, key: DraftKey, line: HubLine | None = None) -> FoundDraft:
        return find(key, self.store.drafts, self.store.catalog, line or self.line, self.identity,
                    self.now)

    def lane(self, line: HubLine | None = None) -> DraftLane:
        return DraftLane(self.store.drafts, line or self.line, lambda: self.identity,
                         HandClock(self.now), QUICK, lambda: False)

    def fault_of(self, key: DraftKey, line: HubLine | None = None) -> str:
        with pytest.raises(DraftError) as error:
            self.find(key, line)
        return error.value.code


@pytest.fixture
def here(stocked: Store, enrolled: DeviceIdentity, line: HubLine) -> Counter:
    return Counter(stocked, enrolled, line)


@pytest.fixture
def elsewhere(
    tmp_path: Path, enrolled: DeviceIdentity, line: HubLine
) -> Iterator[Counter]:
    """Another kiosk, as far as drafts go: a store of its own."""
    with Store.open(tmp_path / "other" / "kiosk.db") as store:
        store.catalog.import_bundle(bundle())
        yield Counter(store, enrolled, line)


@pytest.fixture
def no_line(enrolled: DeviceIdentity) -> Iterator[HubLine]:
    line = HubLine(DEAD, (0.3, 0.3))
    line.sign_as(enrolled.kiosk_id, enrolled.private_key)
    yield line
    line.close()


def begun() -> Application:
    """Half an application: chosen, typed, one answer read from a paper, two pages."""
    application = filled("residence_permit")
    application.suggest("present_address", "某路1号", "paper.rental_contract", certain=False)
    material = next(iter(application.pages))
    application.drop_pages(material)
    application.keep_page(material, PAGE)
    application.keep_page(material, OTHER_PAGE)
    application.set_answer("phone", "")
    application.sign(STROKES, ("I declare it.",))
    return application


def _upload(counter: Counter) -> None:
    counter.lane()._round()
    assert all(row.at_hub for row in counter.store.drafts.under_way())


def test_application_comes_back_as_it_was_but_for_the_signature(
    here: Counter, no_line: HubLine
) -> None:
    before = begun()
    key = here.take(before)
    found = here.find(key, no_line)
    after = found.application(person())
    assert found.service["version"] == before.service["version"]
    assert after.answers == before.answers
    assert after.sources == before.sources
    assert after.doubtful == before.doubtful == ("present_address",)
    assert after.pages == before.pages
    assert not after.strokes
    assert after.draft == (key.draft_id, here.find(key, no_line).header.expires.timestamp())


def test_what_the_chip_says_is_read_afresh_and_stays_locked(
    here: Counter, no_line: HubLine
) -> None:
    before = begun()
    before.answers["name"] = "somebody else"
    after = here.find(here.take(before), no_line).application(person())
    assert after.answers["name"] == person().document.name
    assert not after.set_answer("name", "x")
    assert after.answers["name"] == person().document.name


@pytest.mark.parametrize("who", ["li_rare", "smith", "hk_chan"])
def test_somebody_else_does_not_get_it_opened(
    here: Counter, no_line: HubLine, who: str
) -> None:
    found = here.find(here.take(begun()), no_line)
    with pytest.raises(DraftError) as error:
        found.application(person(who))
    assert error.value.code == "draft.other_person"
    assert person().document.number not in repr(found)


def test_same_number_on_another_card_of_theirs_opens_it(here: Counter, no_line: HubLine) -> None:
    application = filled("elderly_transport_card", "wang_social")
    found = here.find(here.take(application), no_line)
    assert found.application(person("wang_social")).answers == application.answers


def test_service_that_changed_meanwhile_keeps_its_version(
    here: Counter, no_line: HubLine
) -> None:
    before = begun()
    old = {**before.service, "version": "0" * 64}
    before.service = old
    found = here.find(here.take(before), no_line)
    assert found.service == old
    assert found.application(person()).service["version"] == "0" * 64


def test_service_the_city_withdrew_is_said_to_be_gone(here: Counter, no_line: HubLine) -> None:
    before = begun()
    before.service = {**before.service, "code": "withdrawn"}
    assert here.fault_of(here.take(before), no_line) == "draft.service_gone"


def test_slip_that_does_not_print_leaves_nothing(here: Counter) -> None:
    seen: list[DraftKey] = []

    def jams(key: DraftKey, _: datetime) -> None:
        seen.append(key)
        assert here.store.drafts.read(key.draft_id) is not None  # kept first
        raise DeviceFault("printer.paper_out")

    with pytest.raises(DraftError) as error:
        keep_with_slip(begun(), "zh", here.identity, here.now, DAYS_14, here.store.drafts, jams)
    assert error.value.code == "draft.not_printed"
    assert here.store.drafts.read(seen[0].draft_id) is None
    assert here.fault_of(seen[0]) == "draft.finished"


def test_full_kiosk_says_so_and_prints_no_slip(here: Counter) -> None:
    few = Drafts(here.store._connections, here.store.audit, most=0)
    with pytest.raises(DraftError) as error:
        here.take(begun(), few)
    assert error.value.code == "draft.full"
    assert here.slips == []


def test_store_that_cannot_keep_it_says_so(here: Counter) -> None:
    here.store.close()
    with pytest.raises(DraftError) as error:
        here.take(begun())
    assert error.value.code == "draft.not_saved"
    assert here.slips == []


def test_key_is_nowhere_on_the_disk(here: Counter, tmp_path: Path) -> None:
    key = here.take(begun())
    _upload(here)
    found = here.find(key)
    commit_it(here, found.application(person()))
    needles = [key.raw, key.symbols.encode(), key.raw.hex().encode(), key.text.encode(),
               key.sealing_key(), key.sealing_key().hex().encode()]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(key.draft_id.encode() in file.read_bytes() for file in files)
    for file in files:
        assert not any(needle in file.read_bytes() for needle in needles), file.name


def commit_it(counter: Counter, application: Application) -> None:
    application.set_answer("phone", "13900000000")
    application.sign(STROKES, ("I declare it.",))
    assert application.draft is not None
    commit(application, consent(), "zh", counter.now, counter.identity, counter.store.outbox,
           counter.store.drafts.dropping(*application.draft, "handed in"))


def test_handed_in_draft_is_gone_here_and_then_at_the_hub(here: Counter) -> None:
    key = here.take(begun())
    _upload(here)
    assert hub_state(key.draft_id, here.line, here.identity) == "held"
    commit_it(here, here.find(key).application(person()))
    assert here.fault_of(key) == "draft.finished"
    here.lane()._round()
    assert hub_state(key.draft_id, here.line, here.identity) == "finished"
    assert here.store.drafts.row(key.draft_id) is None
    assert here.fault_of(key) == "draft.finished"  # the hub says it now


def test_another_kiosk_fetches_it_and_the_first_one_drops_it_once_handed_in(
    here: Counter, elsewhere: Counter
) -> None:
    before = begun()
    key = here.take(before)
    _upload(here)
    application = elsewhere.find(key).application(person())
    assert application.answers == before.answers
    assert application.pages == before.pages
    assert elsewhere.store.drafts.under_way() == []  # only looked at
    commit_it(elsewhere, application)
    elsewhere.lane()._round()
    assert here.fault_of(key) == "draft.finished"  # asked, although it lies here
    assert here.store.drafts.row(key.draft_id) is None


def test_draft_handed_in_twice_without_a_line_is_two_cases_and_the_desk_is_told(
    here: Counter, elsewhere: Counter, hub: HubBehindRelay, no_line: HubLine
) -> None:
    key = here.take(begun())
    _upload(here)
    commit_it(elsewhere, elsewhere.find(key).application(person()))
    # The other one has not heard of it: it lies here, and the line is down.
    commit_it(here, here.find(key, no_line).application(person()))
    first, second = (_case_of(counter, hub) for counter in (elsewhere, here))
    assert (first["state"], first["reasons"]) == ("received", [])
    assert second["state"] == "supplement"
    assert second["reasons"] == [f"draft.twice:{first['case_number']}"]


def _case_of(counter: Counter, hub: HubBehindRelay) -> dict[str, Any]:
    """Deliver what a kiosk has waiting: its case."""
    (item,) = counter.store.outbox.waiting()
    delivery = Delivery(counter.store.outbox, counter.line, QUICK, threading.Event())
    checked(delivery.deliver(item), item, counter.identity)
    (case,) = [case for case in hub.cases() if case["submission_id"] == item.submission_id]
    return case


def test_first_kiosk_hears_of_it_by_itself(here: Counter, elsewhere: Counter) -> None:
    key = here.take(begun())
    _upload(here)
    commit_it(elsewhere, elsewhere.find(key).application(person()))
    elsewhere.lane()._round()
    here.lane()._round()
    assert here.store.drafts.row(key.draft_id) is not None  # not asked again so soon
    here.now += timedelta(seconds=QUICK.draft_check + 1)
    here.lane()._round()
    assert here.store.drafts.row(key.draft_id) is None


def test_without_a_line_only_the_kiosk_that_kept_it_opens_it(
    here: Counter, elsewhere: Counter, no_line: HubLine
) -> None:
    key = here.take(begun())
    here.lane(no_line)._round()
    row = here.store.drafts.row(key.draft_id)
    assert row is not None
    assert (row.at_hub, row.last_error) == (False, "hub.unreachable")
    assert here.find(key, no_line).application(person()).pages == begun().pages
    assert elsewhere.fault_of(key, no_line) == "draft.line"
    assert elsewhere.fault_of(key) == "draft.unknown"
    here.now += timedelta(seconds=QUICK.retry_cap)
    _upload(here)
    assert elsewhere.find(key).service == begun().service


def test_hub_that_forgot_it_gets_it_again(
    here: Counter, elsewhere: Counter, hub: HubBehindRelay
) -> None:
    key = here.take(begun())
    _upload(here)
    here.store.drafts.attempted(key.draft_id, "hub.unreachable", 0.0)
    (hub.data / "drafts" / key.draft_id).unlink()
    with sqlite3.connect(hub.data / "hub.sqlite3", timeout=20) as connection:
        connection.execute("DELETE FROM drafts WHERE draft_id = ?", (key.draft_id,))
    here.lane()._round()  # asks, and hears that it is unknown
    _upload(here)
    assert elsewhere.find(key).service == begun().service


def test_portal_makes_no_kiosk_drop_or_forget_anything(
    here: Counter, elsewhere: Counter, hub: HubBehindRelay
) -> None:
    key = here.take(begun())
    _upload(here)
    here.store.drafts.attempted(key.draft_id, "hub.unreachable", 0.0)
    draft_id = key.draft_id
    hub.relay.portal("application/json", b'{"kind": "draft_state", "document": {"draft_id": "'
                     + draft_id.encode() + b'", "state": "finished"}}')
    try:
        here.lane()._round()
        assert here.find(key).service == begun().service
        assert elsewhere.fault_of(key) == "draft.line"
    finally:
        hub.relay.portal()
    assert here.store.drafts.read(draft_id) is not None


def test_expired_draft_is_said_to_be_so_here_and_elsewhere(
    here: Counter, elsewhere: Counter, no_line: HubLine
) -> None:
    key = here.take(begun())
    here.now += timedelta(days=14)
    assert here.fault_of(key, no_line) == "draft.expired"
    here.lane(no_line)._round()  # and its bytes go
    assert here.store.drafts.read(key.draft_id) is None
    assert here.fault_of(key, no_line) == "draft.expired"
    other = elsewhere.take(begun())
    _upload(elsewhere)
    here.now = elsewhere.now + timedelta(days=14)
    assert here.fault_of(other) == "draft.expired"


def test_damaged_draft_is_had_from_the_hub(here: Counter, no_line: HubLine) -> None:
    key = here.take(begun())
    _upload(here)
    here.store._connections.write(
        lambda connection: connection.execute("UPDATE draft_part SET bytes = zeroblob(10)")
    )
    assert here.find(key).application(person()).pages == begun().pages
    assert here.fault_of(key, no_line) == "draft.line"


def test_damaged_draft_that_the_hub_never_had_is_said_to_be_damaged(here: Counter) -> None:
    key = here.take(begun())
    here.store._connections.write(
        lambda connection: connection.execute("UPDATE draft_part SET bytes = zeroblob(10)")
    )
    assert here.fault_of(key) == "draft.damaged"


def test_lane_uploads_by_itself_once_it_is_woken(here: Counter) -> None:
    lane = here.lane()
    lane.start()
    key = here.take(begun())
    lane.wake()

    def is_there() -> bool:
        row = here.store.drafts.row(key.draft_id)
        return row is not None and row.at_hub

    wait_until(is_there, "uploaded")
    lane.stop()


def test_taking_it_along_leaves_no_key_behind_in_memory(here: Counter, no_line: HubLine) -> None:
    printed: list[str] = []
    keep_with_slip(begun(), "zh", here.identity, here.now, DAYS_14, here.store.drafts,
                   lambda key, _: printed.append(key.draft_id))
    gc.collect()
    # By type: asked for its class, a dead weak proxy of somebody else raises.
    keys = [thing for thing in gc.get_objects() if type(thing) is DraftKey]
    assert not any(key.draft_id == printed[0] for key in keys)
    assert here.find(here.take(filled(CERTIFICATE)), no_line)
