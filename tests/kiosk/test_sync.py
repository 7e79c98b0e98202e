"""Sync deletes only on the hub's signed receipt for exactly this submission, and never tires."""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.keys import new_signing_key
from kiosk.contract.messages import SignedReceipt
from kiosk.contract.signing import sign_document
from kiosk.delivery import Delivery
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubLine
from kiosk.hub_side import LANES
from kiosk.sync import Sync, backoff
from kiosk.timings import Timings
from offline_store.database import Store
from offline_store.outbox import NewSubmission, OutboxItem
from tests.kiosk.lines import HubBehindRelay, RawServer, http_answer
from tests.kiosk.rig import QUICK, City, HandClock, hand_in, identity_for, sealed_bytes, wait_until


class Desk:
    """One sync over one line, and what it told."""

    def __init__(
        self, store: Store, url: str, identity: DeviceIdentity, clock: HandClock | None = None,
        timings: Timings = QUICK,
    ) -> None:
        self.store = store
        self.clock = clock or HandClock()
        self.receipts: list[SignedReceipt] = []
        self.faults: list[str] = []
        self.lines = [HubLine(url, timings.hub_timeout) for _ in range(LANES)]
        for line in self.lines:
            line.sign_as(identity.kiosk_id, identity.private_key)
        self.sync = Sync(store.outbox, self.lines, lambda: identity, self.clock, timings,
                         self._confirmed, self.faults.append)
        self.threads: set[str] = set()
        """Names of the threads that brought receipts."""
        self.sync.start()

    def _confirmed(self, receipt: SignedReceipt) -> None:
        self.threads.add(threading.current_thread().name)
        self.receipts.append(receipt)

    def stop(self) -> None:
        self.sync.stop()
        for line in self.lines:
            line.close()


Opening = Callable[..., Desk]


@pytest.fixture
def desk(store: Store) -> Iterator[Opening]:
    desks: list[Desk] = []

    def open_desk(url: str, identity: DeviceIdentity, **more: Any) -> Desk:
        desks.append(Desk(store, url, identity, **more))
        return desks[-1]

    yield open_desk
    for each in desks:
        each.stop()


def _cases_of(hub: HubBehindRelay, submission_id: str) -> list[dict[str, Any]]:
    return [case for case in hub.cases() if case["submission_id"] == submission_id]


def _confirmed(store: Store, submission_id: str) -> Callable[[], bool]:
    return lambda: store.outbox.item(submission_id).state == "confirmed"


def _receipt(item: OutboxItem, **changes: str) -> dict[str, Any]:
    return {
        "submission_id": item.submission_id, "digest": item.digest,
        "receipt_number": item.receipt_number, "case_number": "1" * 43,
        "received_at": "2026-11-23T08:00:00Z",
    } | changes


# ---- with the real hub


def test_submission_becomes_one_case_and_its_bytes_go(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    committed = hand_in(store, enrolled)
    opened = desk(hub.url, enrolled)
    wait_until(_confirmed(store, committed.submission_id), "confirmed")
    assert len(_cases_of(hub, committed.submission_id)) == 1
    assert store.outbox.read(committed.submission_id, 0, 1) == b""
    wait_until(lambda: bool(opened.receipts), "told")
    assert opened.receipts[0].receipt_number == committed.receipt_number
    row = store.outbox.find_receipt(committed.receipt_number)
    assert row is not None
    assert row.case_number == opened.receipts[0].case_number
    signed = store.outbox.signed_receipt(committed.submission_id)
    assert signed is not None
    assert json.loads(signed)["document"]["digest"] == store.outbox.item(
        committed.submission_id).digest
    assert opened.sync.last_fault is None


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/submissions"), ("PATCH", "/v1/uploads/"), ("GET", "/v1/submissions/")],
)
def test_submission_becomes_one_case_when_an_answer_gets_lost(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity,
    method: str, path: str,
) -> None:
    committed = hand_in(store, enrolled)
    hub.relay.swallow_answer(method, path)
    desk(hub.url, enrolled, clock=RealClock())
    wait_until(_confirmed(store, committed.submission_id), "confirmed")
    assert len(_cases_of(hub, committed.submission_id)) == 1
    assert store.outbox.item(committed.submission_id).attempts >= 1


def test_lanes_share_the_work_and_never_an_item(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    committed = [hand_in(store, enrolled).submission_id for _ in range(8)]
    before = len(hub.relay.log)
    opened = desk(hub.url, enrolled)
    wait_until(lambda: len(opened.receipts) == len(committed), "all told")
    asked = [(method, path) for method, path, _ in hub.relay.log[before:]]
    assert asked.count(("POST", "/v1/submissions")) == len(committed)
    assert sorted(receipt.submission_id for receipt in opened.receipts) == sorted(committed)
    assert {case["submission_id"] for case in hub.cases()} >= set(committed)
    assert opened.threads == {"sync-1", "sync-2"}
    wait_until(lambda: not opened.sync.busy(), "nothing on its way")


class RealClock(HandClock):
    """Wall time that passes by itself, for attempts that have to be repeated."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def test_kiosk_killed_between_upload_and_confirmation_still_makes_one_case(
    tmp_path: Path, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    """A first life uploads everything and dies before it hears; the second finds it known."""
    path = tmp_path / "twice.db"
    with Store.open(path) as store:
        committed = hand_in(store, enrolled)
        hub.relay.swallow_answer("PATCH", "/v1/uploads/")
        first = Desk(store, hub.url, enrolled)
        wait_until(lambda: bool(first.faults), "the line broke after the upload")
        first.stop()
        assert len(_cases_of(hub, committed.submission_id)) == 1
        assert store.outbox.item(committed.submission_id).state == "waiting"
        assert sealed_bytes(store, committed.submission_id)
    with Store.open(path) as store:
        second = Desk(store, hub.url, enrolled, clock=RealClock())
        wait_until(_confirmed(store, committed.submission_id), "confirmed")
        second.stop()
    assert len(_cases_of(hub, committed.submission_id)) == 1


def test_same_submission_delivered_twice_gets_the_same_receipt_and_one_case(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    committed = hand_in(store, enrolled)
    item = store.outbox.item(committed.submission_id)
    opened = desk(hub.url, enrolled)
    wait_until(_confirmed(store, committed.submission_id), "confirmed")
    opened.stop()
    signed = store.outbox.signed_receipt(committed.submission_id)
    again = Delivery(store.outbox, opened.lines[0], QUICK, threading.Event()).deliver(item)
    assert again["document"] == json.loads(signed or b"{}")["document"]
    assert len(_cases_of(hub, committed.submission_id)) == 1


def test_refused_submission_goes_to_the_shelf_and_the_next_one_passes(
    tmp_path: Path, store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    """The first one's id is known to the hub with other content."""
    known = hand_in(store, enrolled)
    one = desk(hub.url, enrolled)
    wait_until(_confirmed(store, known.submission_id), "confirmed")
    one.stop()
    other = Store.open(tmp_path / "other.db")
    try:
        sealed = b"other content"
        other.outbox.commit(NewSubmission(
            known.submission_id, "YM-OTHER", "code", {"zh": "x"}, "zh",
            hashlib.sha256(sealed).hexdigest(), sealed, "qr", "2026-11-23T08:00:00Z",
        ))
        behind = hand_in(other, enrolled)
        two = Desk(other, hub.url, enrolled, clock=RealClock())
        wait_until(_confirmed(other, behind.submission_id), "the one behind")
        wait_until(lambda: bool(two.faults), "the one before")
        two.stop()
        assert other.outbox.item(known.submission_id).state == "shelved"
        assert other.outbox.item(known.submission_id).last_error == "hub.digest_conflict"
        assert sealed_bytes(other, known.submission_id) == sealed
        assert two.faults[0] == "hub.digest_conflict"
        assert two.sync.last_fault is None
    finally:
        other.close()


def test_unauthentic_envelope_is_shelved(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity, city: City
) -> None:
    """Sealed and signed with another kiosk's key than the one that announces it."""
    committed = hand_in(store, identity_for(city, enrolled.kiosk_id, enrolled.kiosk_code))
    desk(hub.url, enrolled)
    wait_until(lambda: bool(store.outbox.shelf()), "shelved")
    assert store.outbox.shelf()[0].last_error == "hub.invalid_message"
    assert sealed_bytes(store, committed.submission_id)


def test_portal_keeps_everything_and_the_line_coming_back_delivers_it(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    committed = hand_in(store, enrolled)
    before = sealed_bytes(store, committed.submission_id)
    hub.relay.portal("text/html", b"<html>Please log in</html>")
    try:
        opened = desk(hub.url, enrolled, clock=RealClock())
        wait_until(lambda: len(opened.faults) >= 2, "tried")
        assert set(opened.faults) == {"hub.captive_portal"}
        assert opened.sync.last_fault == "hub.captive_portal"
        assert sealed_bytes(store, committed.submission_id) == before
    finally:
        hub.relay.portal()
    wait_until(_confirmed(store, committed.submission_id), "confirmed")


# ---- with servers that do what a hub never does


@pytest.mark.parametrize("wrong", ["other key", "other kind", "other digest", "other id",
                                   "no signature", "not a receipt"])
def test_receipt_that_is_not_exactly_ours_deletes_nothing(
    store: Store, desk: Opening, city: City, wrong: str
) -> None:
    identity = identity_for(city)
    committed = hand_in(store, identity)
    item = store.outbox.item(committed.submission_id)
    before = sealed_bytes(store, committed.submission_id)
    document, key, kind = _receipt(item), city.signing, "receipt"
    match wrong:
        case "other key":
            key = new_signing_key()
        case "other kind":
            kind = "keys"
        case "other digest":
            document = _receipt(item, digest="0" * 64)
        case "other id":
            document = _receipt(item, submission_id="0" * 32)
        case "not a receipt":
            document = {"submission_id": item.submission_id, "digest": item.digest}
    signed = sign_document(document, key, kind)
    if wrong == "no signature":
        signed["signature"] = "A" * 86 + "=="
    if wrong == "other key":
        signed["key_id"] = city.keys.signing_id
    server = RawServer(http_answer("200 OK", "application/json", json.dumps(signed).encode()))
    opened = desk(server.url, identity)
    wait_until(lambda: bool(opened.faults), "tried")
    assert store.outbox.item(committed.submission_id).state == "waiting"
    assert sealed_bytes(store, committed.submission_id) == before
    assert opened.receipts == []
    server.close()


def test_receipt_signed_by_our_hub_for_exactly_this_confirms(
    store: Store, desk: Opening, city: City
) -> None:
    identity = identity_for(city)
    committed = hand_in(store, identity)
    signed = sign_document(_receipt(store.outbox.item(committed.submission_id)), city.signing,
                           "receipt")
    server = RawServer(http_answer("200 OK", "application/json", json.dumps(signed).encode()))
    desk(server.url, identity)
    wait_until(_confirmed(store, committed.submission_id), "confirmed")
    server.close()


@pytest.mark.parametrize("offset", [-1, 10**9])
def test_offer_with_an_impossible_offset_is_not_believed(
    store: Store, desk: Opening, city: City, offset: int
) -> None:
    identity = identity_for(city)
    committed = hand_in(store, identity)
    expires = "2030-01-01T00:00:00Z"
    offer = {"upload_url": "http://127.0.0.1/x", "offset": offset, "expires": expires}
    server = RawServer(http_answer("201 Created", "application/json", json.dumps(offer).encode()))
    opened = desk(server.url, identity)
    wait_until(lambda: bool(opened.faults), "tried")
    assert opened.faults[0] == "hub.unreachable"
    assert store.outbox.item(committed.submission_id).state == "waiting"
    server.close()


def test_hub_that_hangs_ends_the_attempt_and_stopping_does_not_wait_for_it(
    store: Store, desk: Opening, city: City
) -> None:
    server = RawServer(None)
    for _ in range(LANES):
        hand_in(store, identity_for(city))
    opened = desk(server.url, identity_for(city))
    wait_until(lambda: server.asked == LANES, "asked on every lane")
    started = datetime.now(UTC)
    opened.stop()
    assert datetime.now(UTC) - started < timedelta(seconds=1.4)
    server.close()


def test_one_item_that_breaks_in_an_unexpected_way_does_not_hold_up_the_next(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    """An item that no message can name: pydantic refuses its announcement on our side."""
    store.outbox.commit(NewSubmission(
        "bad id", "YM-BAD", "code", {"zh": "x"}, "zh", hashlib.sha256(b"x").hexdigest(), b"x",
        "qr", "2026-11-23T08:00:00Z",
    ))
    behind = hand_in(store, enrolled)
    desk(hub.url, enrolled)
    wait_until(_confirmed(store, behind.submission_id), "the one behind")
    wait_until(lambda: store.outbox.item("bad id").last_error == "unexpected", "the one before")
    assert store.outbox.item("bad id").state == "waiting"


def test_attempt_waits_for_its_time_and_a_clock_set_back_does_not_make_it_wait_for_years(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity
) -> None:
    clock = HandClock()
    committed = hand_in(store, enrolled)
    far = clock.now() + timedelta(days=3650)
    store.outbox.attempted(committed.submission_id, "hub.unreachable", far.timestamp())
    soon = hand_in(store, enrolled)
    due = clock.now().timestamp() + 0.9 * QUICK.retry_cap
    store.outbox.attempted(soon.submission_id, "hub.unreachable", due)
    opened = desk(hub.url, enrolled, clock=clock)
    wait_until(_confirmed(store, committed.submission_id), "confirmed")
    assert store.outbox.item(soon.submission_id).state == "waiting"
    clock.pass_by(QUICK.retry_cap)
    opened.sync.wake()
    wait_until(_confirmed(store, soon.submission_id), "confirmed")


def test_nothing_personal_is_logged_on_good_and_bad_days(
    store: Store, desk: Opening, hub: HubBehindRelay, enrolled: DeviceIdentity,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)  # the level of main.py
    hub.relay.swallow_answer("POST", "/v1/submissions")
    committed = hand_in(store, enrolled)
    desk(hub.url, enrolled, clock=RealClock())
    wait_until(_confirmed(store, committed.submission_id), "confirmed")
    wait_until(lambda: "confirmed" in caplog.text, "logged")
    for personal in ("张伟", "220104198503120", "13900000000", "/v1/uploads/"):
        assert personal not in caplog.text


# ---- back-off


@given(st.integers(0, 10_000), st.floats(0.001, 100), st.floats(0.001, 1000), st.floats(0, 1))
def test_backoff_stays_between_half_and_whole_of_its_doubling_and_never_above_the_cap(
    attempts: int, first: float, cap: float, jitter: float
) -> None:
    timings = Timings(retry_first=first, retry_cap=cap)
    whole = min(cap, first * 2 ** min(attempts, 20))
    pause = backoff(attempts, timings, lambda: jitter)
    assert 0.499 * whole <= pause <= 1.001 * whole
    assert pause <= cap * 1.001
    assert backoff(attempts + 1, timings, lambda: jitter) >= pause * 0.999
