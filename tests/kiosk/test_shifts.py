"""Shift tokens kept here: opened by their card and PIN, on this kiosk, in their time, or not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract.messages import SignedDocument
from kiosk.contract.signing import sign_document
from kiosk.contract.staff import SHIFT_LIFETIME, ShiftToken, StaffCard
from kiosk.device_identity import DeviceIdentity
from kiosk.shifts import CLOCK_TOLERANCE, MOST_HELD, TRIES, Cost, Shifts, StaffFault
from offline_store.database import Store
from tests.kiosk.rig import City, HandClock, identity_for, new_city

PIN = "280417"
LIGHT = Cost(memory_kib=64, passes=1)
"""So that many tries fit into a test; the usual cost has a test of its own."""
CITY = new_city()


def card(number: str = "220103198811020429", name: str = "刘洋") -> StaffCard:
    return StaffCard(number=number, name=name, document_kind="resident_card",
                     assurance="chip_verified")


@dataclass
class Kiosk:
    """One kiosk's lock, its clock, and a hub that signs."""

    store: Store
    clock: HandClock = field(default_factory=HandClock)
    identity: DeviceIdentity = field(default_factory=lambda: identity_for(CITY))

    @property
    def shifts(self) -> Shifts:
        """As a process that has just begun would have it."""
        return Shifts(self.store.settings, self.clock, LIGHT)

    def token(self, staff_id: str = "S0001", **changes: Any) -> ShiftToken:
        now = self.clock.now()
        values = {"token_id": "t" * 24, "staff_id": staff_id, "name": "刘洋", "hall": "",
                  "role": "assistant", "kiosk_id": self.identity.kiosk_id, "not_before": now,
                  "expires": now + SHIFT_LIFETIME}
        return ShiftToken.model_validate(values | changes)

    def keep(
        self, one: StaffCard | None = None, pin: str = PIN, city: City = CITY,
        token: ShiftToken | None = None,
    ) -> None:
        token = token or self.token()
        signed = sign_document(token.model_dump(mode="json"), city.signing, "shift")
        self.shifts.keep(SignedDocument.model_validate(signed), token, one or card(), pin,
                         self.identity)

    def tries(self, one: StaffCard | None = None, pin: str = PIN) -> str:
        """The staff id that opened, or the code of the fault."""
        try:
            return self.shifts.open(one or card(), pin, self.identity).staff_id
        except StaffFault as fault:
            return fault.code


@pytest.fixture
def kiosk(store: Store) -> Kiosk:
    return Kiosk(store)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiosk]:
    with Store.open(tmp_path_factory.mktemp("shifts") / "kiosk.db") as store:
        kiosk = Kiosk(store)
        kiosk.keep()
        yield kiosk


@given(
    number=st.one_of(st.just(card().number), st.text("0123456789X", min_size=1, max_size=18)),
    name=st.one_of(st.just(card().name), st.text(min_size=1, max_size=6)),
    pin=st.one_of(st.just(PIN), st.from_regex("[0-9]{6}", fullmatch=True)),
)
@settings(deadline=None)
def test_only_its_card_with_its_pin_opens_a_shift(
    shared: Kiosk, number: str, name: str, pin: str
) -> None:
    shared.store.settings.put("shift.tries", 0)
    right = (number, name, pin) == (card().number, card().name, PIN)
    assert shared.tries(card(number, name), pin) == ("S0001" if right else "staff.offline_refused")


def test_five_wrong_tries_lock_until_the_hub_was_asked_and_restarts_give_none_back(
    kiosk: Kiosk,
) -> None:
    kiosk.keep()
    said = [kiosk.tries(pin="111119") for _ in range(TRIES)]
    assert said == ["staff.offline_refused"] * (TRIES - 1) + ["staff.offline_locked"]
    assert kiosk.tries() == "staff.offline_locked"
    kiosk.clock.pass_by(3600)
    assert kiosk.tries() == "staff.offline_locked"
    kiosk.keep()
    assert kiosk.tries() == "S0001"


def test_right_try_gives_back_its_own_and_no_others(kiosk: Kiosk) -> None:
    """Else one member of staff could guess for another, five tries after each sign-in."""
    kiosk.keep()
    kiosk.keep(card("1", "陈静"), "590213", token=kiosk.token("S0002"))
    for _ in range(TRIES - 1):
        assert kiosk.tries(pin="111119") == "staff.offline_refused"
        assert kiosk.tries(card("1", "陈静"), "590213") == "S0002"
    assert kiosk.tries(pin="111119") == "staff.offline_locked"


def test_wrong_tries_at_the_hub_count_here_as_well(kiosk: Kiosk) -> None:
    kiosk.keep()
    for _ in range(TRIES - 1):
        kiosk.shifts.count_wrong()
    assert kiosk.tries(pin="111119") == "staff.offline_locked"
    kiosk.keep()
    kiosk.shifts.lock()
    assert kiosk.tries() == "staff.offline_locked"


def test_nobody_signed_in_today(kiosk: Kiosk) -> None:
    assert kiosk.tries() == "staff.needs_line"
    kiosk.keep()
    kiosk.shifts.drop("S0001")
    assert kiosk.tries() == "staff.needs_line"


def test_card_that_the_hub_knows_no_more_opens_no_more(kiosk: Kiosk) -> None:
    kiosk.keep()
    kiosk.shifts.forget(card(), "111119", kiosk.identity)
    assert kiosk.tries() == "S0001"
    kiosk.shifts.forget(card(), PIN, kiosk.identity)
    assert kiosk.tries() == "staff.needs_line"


# ---- time


@given(
    passes=st.lists(st.integers(0, 3 * 3600), max_size=8),
    jumps=st.lists(st.integers(-40 * 3600, 3 * 3600), max_size=8),
    noted=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_no_setting_of_the_clock_makes_a_shift_longer(
    tmp_path_factory: pytest.TempPathFactory, passes: list[int], jumps: list[int], noted: bool
) -> None:
    """Within one boot the monotonic clock tells, however the wall clock jumps."""
    with Store.open(tmp_path_factory.mktemp("clock") / "kiosk.db") as store:
        kiosk = Kiosk(store)
        kiosk.keep()
        real = 0
        for step, seconds in enumerate(passes):
            kiosk.clock.pass_by(seconds)
            real += seconds
            if step < len(jumps):
                kiosk.clock.set_wall(kiosk.clock.now() + timedelta(seconds=jumps[step]))
            if noted:
                kiosk.shifts.note_time()
            if real >= SHIFT_LIFETIME.total_seconds():
                assert kiosk.tries() != "S0001"
        if not any(jumps[: len(passes)]) and real < SHIFT_LIFETIME.total_seconds():
            assert kiosk.tries() == "S0001"


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(hours=11), timedelta(days=90)])
def test_clock_set_back_over_a_restart_is_not_believed(kiosk: Kiosk, back: timedelta) -> None:
    kiosk.keep()
    kiosk.clock.pass_by(3600)
    kiosk.shifts.note_time()
    seen = kiosk.clock.now()
    kiosk.clock = HandClock(seen - back)
    kiosk.clock._seconds = 5.0
    assert kiosk.tries() == "staff.clock_doubtful"
    kiosk.clock.set_wall(seen - CLOCK_TOLERANCE)  # a battery-backed clock drifts a little
    assert kiosk.tries() == "S0001"


def test_lock_is_gone_from_the_store_when_its_time_is_over(kiosk: Kiosk) -> None:
    kiosk.keep()
    kiosk.clock.pass_by(SHIFT_LIFETIME.total_seconds() - 1)
    kiosk.shifts.note_time()
    assert kiosk.shifts.any_held
    kiosk.clock.pass_by(1)
    kiosk.shifts.note_time()
    assert not kiosk.shifts.any_held
    assert kiosk.tries() == "staff.token_expired"


# ---- of elsewhere, altered


def test_lock_opens_on_its_own_kiosk_only(kiosk: Kiosk) -> None:
    kiosk.keep()
    mine = kiosk.identity
    kiosk.identity = identity_for(CITY, kiosk_id=mine.kiosk_id)  # another device key
    assert kiosk.tries() == "staff.offline_refused"
    kiosk.identity = DeviceIdentity(mine.private_key, "K0099", "0099", mine.hub)
    assert kiosk.tries() == "staff.offline_refused"
    kiosk.identity = mine
    assert kiosk.tries() == "S0001"


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_altered_lock_does_not_open(shared: Kiosk, data: st.DataObject) -> None:
    settings_ = shared.store.settings
    good = settings_.get("shift.held")
    settings_.put("shift.tries", 0)
    assert isinstance(good, str)
    (held,) = json.loads(good)
    name = data.draw(st.sampled_from(["expires", "received", "monotonic", "boot", "salt",
                                      "sealed", "staff_id"]))
    held[name] = {
        "expires": "2099-01-01T00:00:00+00:00", "received": "2099-01-01T00:00:00+00:00",
        "monotonic": 10.0**9, "boot": "another", "salt": "A" * 22 + "==", "staff_id": "S0002",
    }.get(name) or _flip(held["sealed"], data.draw(st.integers(0, len(held["sealed"]) - 5)))
    try:
        settings_.put("shift.held", json.dumps([held]))
        assert shared.tries() == "staff.offline_refused"
    finally:
        settings_.put("shift.held", good)


def _flip(text: str, place: int) -> str:
    return text[:place] + ("B" if text[place] == "A" else "A") + text[place + 1 :]


def test_token_of_another_hub_or_kiosk_is_not_honoured_even_when_locked_here(
    kiosk: Kiosk,
) -> None:
    kiosk.keep(city=new_city())
    assert kiosk.tries() == "staff.needs_line"
    kiosk.keep(token=kiosk.token(kiosk_id="K0099"))
    assert kiosk.tries() == "staff.needs_line"


def test_store_of_another_version_asks_the_hub(kiosk: Kiosk) -> None:
    for nonsense in ("{", '[{"x": 1}]', "[1]", 7):
        kiosk.store.settings.put("shift.held", nonsense)
        assert kiosk.tries() == "staff.needs_line"


# ---- many, and what lies on the disk


def test_few_shifts_are_kept_and_the_newest_of_each(kiosk: Kiosk) -> None:
    for number in range(1, MOST_HELD + 3):
        kiosk.keep(card(str(number)), token=kiosk.token(f"S{number:04d}"))
    kiosk.keep(card(str(MOST_HELD)), "590213", token=kiosk.token(f"S{MOST_HELD:04d}"))
    assert kiosk.tries(card("1")) == "staff.offline_refused"
    assert kiosk.tries(card(str(MOST_HELD))) == "staff.offline_refused"
    assert kiosk.tries(card(str(MOST_HELD)), "590213") == f"S{MOST_HELD:04d}"
    assert kiosk.tries(card(str(MOST_HELD + 2))) == f"S{MOST_HELD + 2:04d}"


def test_nothing_of_card_or_pin_lies_in_the_store(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    with Store.open(path) as store:
        Kiosk(store).keep()
    lying = path.read_bytes()
    assert b"S0001" in lying
    for secret in (card().number, card().name, PIN):
        assert secret.encode() not in lying


def test_usual_cost_is_paid(store: Store) -> None:
    """The lock made at the usual cost opens at no other: the cost is part of the key."""
    kiosk = Kiosk(store)
    token = kiosk.token()
    signed = SignedDocument.model_validate(
        sign_document(token.model_dump(mode="json"), CITY.signing, "shift")
    )
    usual = Shifts(store.settings, kiosk.clock)
    usual.keep(signed, token, card(), PIN, kiosk.identity)
    assert kiosk.tries() == "staff.offline_refused"
    assert usual.open(card(), PIN, kiosk.identity).staff_id == "S0001"
