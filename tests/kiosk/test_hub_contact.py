"""A kiosk and a hub over a long time: restored from a backup, new keys, wrong clocks."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from kiosk.city_clock import CityClock
from kiosk.contract.sealing import read_header
from kiosk.delivery import Delivery
from kiosk.device_identity import load_identity
from kiosk.hub_line import HubLine
from kiosk.submission import Committed
from offline_store.database import Store
from tests.hub.rig import HubProcess
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import QUICK, HandClock, Place, hand_in, place, sealed_bytes, wait_until


class BadLine(HubBehindRelay):
    """A hub at the end of a line that outlives it."""

    def stop(self) -> None:
        HubProcess.stop(self)


class Street:
    """A hub, and kiosks that live and die beside it."""

    def __init__(self, folder: Path, kind: type[HubProcess] = HubProcess) -> None:
        self.folder = folder
        self.hub = kind(folder / "hub").start()
        self.stores: dict[str, Store] = {}
        self.running: dict[str, Place] = {}

    def kiosk(self, name: str, clock: HandClock | None = None, **settings: Any) -> Place:
        """A new kiosk that enrolled, or one that lives on with its folder and store."""
        home = self.folder / name
        if name not in self.stores:
            self.stores[name] = Store.open(self.folder / f"{name}.db")
        code = "" if (home / "device.json").exists() else self.hub.run("enrol-code").strip()
        opened = place(home, self.stores[name], url=self.hub.url, code=code, clock=clock,
                       hub_settings=settings)
        self.running[name] = opened
        opened.hub.start()
        wait_until(lambda: opened.hub.identity is not None, "enrolled", 15)
        return opened

    def sleep(self, name: str) -> None:
        self.running.pop(name).hub.stop()

    def close(self) -> None:
        for opened in self.running.values():
            opened.hub.stop()
        for store in self.stores.values():
            store.close()
        self.hub.stop()

    def restart(self, restored_from: Path | None = None) -> None:
        self.hub.stop()
        if restored_from is not None:
            shutil.rmtree(self.hub.data)
            shutil.copytree(restored_from, self.hub.data)
        self.hub.start()

    def backup(self) -> Path:
        self.hub.stop()
        copy = self.folder / "backup"
        shutil.copytree(self.hub.data, copy)
        self.hub.start()
        return copy

    def case(self, submission_id: str) -> dict[str, Any]:
        (case,) = [c for c in self.hub.cases() if c["submission_id"] == submission_id]
        return case


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    street = Street(tmp_path)
    yield street
    street.close()


def confirmed(opened: Place) -> Committed:
    """Hand in an application and wait for the hub's receipt."""
    assert opened.hub.identity is not None
    committed = hand_in(opened.store, opened.hub.identity)
    opened.hub.sync.wake()
    wait_until(lambda: state(opened, committed) == "confirmed", "confirmed", 15)
    return committed


def state(opened: Place, committed: Committed) -> str:
    return opened.store.outbox.item(committed.submission_id).state


def case_number(store: Store, committed: Committed) -> str | None:
    row = store.outbox.find_receipt(committed.receipt_number)
    assert row is not None
    return row.case_number


def looked_through(street: Street, opened: Place) -> None:
    """The kiosk named everything it keeps to the hub as it runs now."""
    epoch = requests.get(street.hub.url + "/v1/health", timeout=20).json()["epoch"]
    wait_until(lambda: opened.store.settings.get("contact.epoch") == epoch, "looked through", 20)


# ---- a hub restored from yesterday's backup


def test_restored_hub_gets_what_it_forgot_with_the_same_numbers(street: Street) -> None:
    kiosk = street.kiosk("one")
    early = confirmed(kiosk)
    copy = street.backup()
    late = [confirmed(kiosk) for _ in range(2)]
    before = {c["submission_id"]: c for c in street.hub.cases()}
    street.restart(restored_from=copy)
    looked_through(street, kiosk)
    after = {c["submission_id"]: c for c in street.hub.cases()}
    assert len(street.hub.cases()) == 3
    assert set(after) == {c.submission_id for c in (early, *late)}
    for name, case in after.items():
        assert case["case_number"] == before[name]["case_number"]
        assert case["received_at"] == before[name]["received_at"]
        assert case["state"] == "received"
    kiosk.store.audit.verify()


def test_number_that_was_given_away_meanwhile_is_replaced_and_the_kiosk_knows(
    street: Street,
) -> None:
    kiosk = street.kiosk("one")
    confirmed(kiosk)
    copy = street.backup()
    forgotten = confirmed(kiosk)
    number = case_number(kiosk.store, forgotten)
    street.sleep("one")
    street.restart(restored_from=copy)
    taken = confirmed(street.kiosk("two"))
    assert street.case(taken.submission_id)["case_number"] == number
    kiosk = street.kiosk("one")
    looked_through(street, kiosk)
    again = street.case(forgotten.submission_id)
    assert again["case_number"] != number
    assert case_number(kiosk.store, forgotten) == again["case_number"]
    assert len(street.hub.cases()) == 3


def test_new_numbers_reach_the_kiosk_also_when_the_line_broke_after_the_hub_gave_them(
    tmp_path: Path,
) -> None:
    street = Street(tmp_path, BadLine)
    assert isinstance(street.hub, BadLine)
    relay = street.hub.relay
    try:
        kiosk = street.kiosk("one")
        copy = street.backup()
        forgotten = [confirmed(kiosk), confirmed(kiosk)]
        numbers = {case_number(kiosk.store, each) for each in forgotten}
        street.sleep("one")
        street.restart(restored_from=copy)
        other = street.kiosk("two")
        taken = [confirmed(other), confirmed(other)]
        assert {case_number(other.store, each) for each in taken} == numbers
        street.sleep("two")
        # The first one's case is made and nobody hears of it; then the second one's.
        relay.swallow_answer("PATCH", "/v1/uploads/")
        relay.swallow_answer("GET", "/v1/submissions/")
        kiosk = street.kiosk("one")
        looked_through(street, kiosk)
        assert not relay._swallow, "both answers got lost"
        for each in forgotten:
            again = street.case(each.submission_id)
            assert again["case_number"] not in numbers
            assert case_number(kiosk.store, each) == again["case_number"]
        assert kiosk.store.settings.get("contact.asked") == []
        kiosk.store.audit.verify()
    finally:
        street.close()
        relay.close()


def test_content_that_is_nowhere_any_more_becomes_a_case_the_desk_sees(street: Street) -> None:
    kiosk = street.kiosk("one", keep_sealed_days=0)
    copy = street.backup()
    forgotten = confirmed(kiosk)
    assert kiosk.store.outbox.read(forgotten.submission_id, 0, 1) == b""
    street.restart(restored_from=copy)
    looked_through(street, kiosk)
    case = street.case(forgotten.submission_id)
    assert (case["state"], case["reasons"]) == ("supplement", ["envelope.lost"])
    assert case["case_number"] == case_number(kiosk.store, forgotten)
    street.restart()
    looked_through(street, kiosk)
    assert len(street.hub.cases()) == 1


def test_sealed_bytes_go_after_their_time_and_the_receipt_stays(street: Street) -> None:
    kiosk = street.kiosk("one", keep_sealed_days=1)
    committed = confirmed(kiosk)
    assert sealed_bytes(kiosk.store, committed.submission_id)
    assert kiosk.store.kept.forget_sealed("2020-01-01") == 0
    street.sleep("one")
    street.kiosk("one", keep_sealed_days=0)
    wait_until(lambda: not sealed_bytes(kiosk.store, committed.submission_id), "forgotten", 15)
    assert kiosk.store.outbox.signed_receipt(committed.submission_id)


# ---- new keys while a kiosk is away


def test_kiosk_away_for_two_rotations_hands_in_what_it_sealed_to_the_old_key(
    street: Street,
) -> None:
    kiosk = street.kiosk("one")
    first = kiosk.hub.identity
    assert first is not None
    old_receipt = confirmed(kiosk)
    street.sleep("one")
    sealed = hand_in(kiosk.store, first)
    for kind in ([], ["--signing"], [], ["--signing"]):
        street.hub.run("keys", "rotate", *kind)
    kept = [json.loads(line) for line in street.hub.run("keys", "prune").splitlines()]
    assert [first.kiosk_id in one["needed_by"] for one in kept] == [True, True]
    # What it missed includes a restart; the chain leads from the key of its enrolment to today's.
    street.restart()
    kiosk = street.kiosk("one")
    wait_until(lambda: state(kiosk, sealed) == "confirmed", "handed in", 20)
    case = street.case(sealed.submission_id)
    assert (case["state"], case["pages"]) == ("received", case["pages"])
    kept_identity = load_identity(street.folder / "one")
    assert kept_identity is not None
    present = [json.loads(line) for line in street.hub.run("keys", "list").splitlines()]
    in_use = {one["kind"]: one["id"] for one in present if one["in_use"]}
    assert kept_identity.hub.sealing_id == in_use["sealing"] != first.hub.sealing_id
    assert kept_identity.hub.signing_id == in_use["signing"] != first.hub.signing_id
    newest = confirmed(kiosk)
    header = read_header(sealed_bytes(kiosk.store, newest.submission_id))
    assert header.hub_key_id == in_use["sealing"]
    # The same receipt again, signed with the key the kiosk trusts now.
    item = kiosk.store.outbox.item(old_receipt.submission_id)
    assert kiosk.hub.identity is not None
    asking = HubLine(street.hub.url, QUICK.hub_timeout)
    asking.sign_as(kiosk.hub.identity.kiosk_id, kiosk.hub.identity.private_key)
    signed = Delivery(kiosk.store.outbox, asking, QUICK, threading.Event()).deliver(item)
    asking.close()
    assert signed["key_id"] == in_use["signing"]
    assert signed["document"]["case_number"] == case_number(kiosk.store, old_receipt)


def test_old_sealing_key_goes_when_nothing_needs_it(street: Street) -> None:
    kiosk = street.kiosk("one")
    street.hub.run("keys", "rotate")
    looked_through(street, kiosk)

    def pruned() -> bool:
        return street.hub.run("keys", "prune") == ""

    wait_until(pruned, "the kiosk said that it holds nothing sealed to it", 20)
    assert len(list((street.hub.data / "keys").glob("sealing-*.key"))) == 1
    assert confirmed(kiosk)


# ---- the clock


@pytest.mark.parametrize("days", [-400, 30])
def test_kiosk_with_a_wrong_clock_enrols_and_follows_the_citys_time(
    street: Street, days: int
) -> None:
    clock = HandClock(datetime.now(UTC) + timedelta(days=days))
    kiosk = street.kiosk("one", clock)
    wait_until(lambda: abs(kiosk.hub.clock.now() - datetime.now(UTC)) < timedelta(seconds=30),
               "corrected", 15)
    committed = confirmed(kiosk)
    assert street.case(committed.submission_id)["state"] == "received"
    assert abs(kiosk.hub.clock.offset + days * 86400) < 60
    assert clock.now() < datetime.now(UTC) - timedelta(days=300) or days > 0


def test_time_goes_on_through_jumps_of_the_wall_clock_and_a_boot(store: Store) -> None:
    machine = HandClock(datetime(2020, 1, 1, tzinfo=UTC))
    city = datetime(2026, 11, 23, 8, tzinfo=UTC)
    clock = CityClock(machine, store.settings)
    assert clock.now() == machine.now()
    clock.correct(city, 1000.0, 1000.0)
    machine.set_wall(datetime(2035, 1, 1, tzinfo=UTC))
    machine._seconds += 60
    assert clock.now() == city + timedelta(seconds=60)
    # The same boot, a fresh process: the anchor holds.
    machine.set_wall(datetime(1999, 1, 1, tzinfo=UTC))
    assert CityClock(machine, store.settings).now() == city + timedelta(seconds=60)
    # Another boot, an hour later by a wall clock that is wrong as before.
    later = HandClock(datetime(2020, 1, 1, 1, tzinfo=UTC))
    later._seconds = 5.0
    assert CityClock(later, store.settings).now() == city + timedelta(hours=1)
    # Another boot, a battery that died: never earlier than what was known.
    dead = HandClock(datetime(1970, 1, 1, tzinfo=UTC))
    dead._seconds = 5.0
    assert CityClock(dead, store.settings).now() == city


def test_answer_that_took_too_long_sets_no_clock(store: Store) -> None:
    machine = HandClock()
    clock = CityClock(machine, store.settings)
    machine._seconds += 60
    clock.correct(datetime(2040, 1, 1, tzinfo=UTC), 1000.0, 1060.0)
    assert clock.now() == machine.now()
    assert store.settings.get("clock.anchor") is None


# ---- the audit chain


def test_hub_notices_a_trail_whose_end_was_cut_off_and_written_on(street: Street) -> None:
    kiosk = street.kiosk("one")
    for number in range(4):
        kiosk.store.audit.append("kiosk.test", {"n": number})
    said = kiosk.store.audit.head()[0]

    def told() -> bool:
        known = kiosk.store.settings.get("contact.audit")
        return isinstance(known, int) and known >= said

    wait_until(told, "the hub told", 20)
    street.sleep("one")
    kiosk.store._connections.write(
        lambda connection: connection.execute("DELETE FROM audit WHERE seq > ?", (said - 2,))
    )
    for number in range(6):
        kiosk.store.audit.append("kiosk.other", {"n": number})
    kiosk.store.audit.verify()  # the trail itself adds up
    identity = kiosk.hub.identity
    assert identity is not None
    log = ("kiosks", "log", "--kiosk", identity.kiosk_id)
    assert "audit_changed" not in street.hub.run(*log)
    street.kiosk("one")
    wait_until(lambda: "audit_changed" in street.hub.run(*log), "noticed", 20)
