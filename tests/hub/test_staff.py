"""Staff cards at the hub: no token without the right card and PIN, and patience."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import city as cities
from hub import staff, staff_secrets
from hub.city import City
from hub.problems import Refusal
from hub.tables import StaffMember
from kiosk.contract import staff as contract
from kiosk.contract.staff import BindRequest, ShiftRequest, ShiftToken, StaffCard
from tests import shipped_catalog
from tests.hub.staff_corner import CARD, PIN

OTHER = CARD.model_copy(update={"number": "22010319900101001X"})


@dataclass
class Town:
    """A hub without its web server, on a clock moved by hand; one record bound to CARD."""

    city: City
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    staff_id: str = ""

    def invite(self, name: str = "刘洋", role: str = "assistant") -> tuple[str, str]:
        with self.city.database.transaction() as session:
            key = staff_secrets.binding_key(self.city.folders)
            staff_id, code = staff.add(session, key, name, role, "大厅", self.now)
        return staff_id, code.replace(" ", "")

    def bind(self, code: str, card: StaffCard = CARD, pin: str = PIN) -> ShiftToken:
        return staff.bind(self.city, BindRequest(card=card, pin=pin, code=code), "K0001")

    def sign_in(self, card: StaffCard = CARD, pin: str = PIN, kiosk: str = "K0001") -> str:
        """The staff id of the token, or the code of the refusal."""
        try:
            return staff.open_shift(self.city, ShiftRequest(card=card, pin=pin), kiosk).staff_id
        except Refusal as refusal:
            return refusal.fault.code

    def pass_by(self, time: timedelta) -> None:
        self.now += time

    def fresh(self) -> None:
        """As if nobody had tried anything."""
        self.pass_by(timedelta(days=2))
        with self.city.database.transaction() as session:
            staff.unlock(session, self.staff_id, "test", self.now)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    root = tmp_path_factory.mktemp("town")
    made: list[Town] = []
    catalog = shipped_catalog.written(root)
    city = cities.found(
        root, catalog, "http://hub", clock=lambda: made[0].now if made else datetime.now(UTC)
    )
    made.append(town := Town(city))
    town.staff_id, code = town.invite()
    town.bind(code)
    yield town
    city.database.close()


# ---- never a token without card and PIN


@given(
    number=st.one_of(st.just(CARD.number), st.text("0123456789X", min_size=1, max_size=18)),
    name=st.one_of(st.just(CARD.name), st.text(min_size=1, max_size=8)),
    kind=st.sampled_from(["resident_card", "social_security_card", "passport"]),
    assurance=st.sampled_from(["card_present", "chip_verified", "card_and_check"]),
    pin=st.one_of(st.just(PIN), st.from_regex(r"[0-9]{6}", fullmatch=True)),
)
@settings(max_examples=40, deadline=None)
def test_token_is_given_for_the_right_card_with_the_right_pin_and_no_other(
    town: Town, number: str, name: str, kind: str, assurance: str, pin: str
) -> None:
    town.fresh()
    card = StaffCard.model_validate(
        {"number": number, "name": name, "document_kind": kind, "assurance": assurance}
    )
    same = (number, name, kind) == (CARD.number, CARD.name, CARD.document_kind)
    known = same and assurance != "card_present"
    wanted = "staff.unknown_card" if not known else (
        town.staff_id if pin == PIN else "staff.wrong_pin"
    )  # fmt: skip
    assert town.sign_in(card, pin) == wanted


def test_five_wrong_pins_lock_and_time_unlocks_for_one_try_more(town: Town) -> None:
    town.fresh()
    said = [town.sign_in(pin="111119") for _ in range(5)]
    assert said == ["staff.wrong_pin"] * 4 + ["staff.locked"]
    assert town.sign_in() == "staff.locked"
    town.pass_by(staff.LOCK + timedelta(seconds=1))
    assert town.sign_in(pin="111119") == "staff.locked"
    town.pass_by(staff.LOCK + timedelta(seconds=1))
    assert town.sign_in() == "staff.locked"  # the second lock is twice as long
    town.pass_by(staff.LOCK)
    assert town.sign_in() == town.staff_id
    assert town.sign_in(pin="111119") == "staff.wrong_pin"


def test_four_wrong_pins_are_forgiven_by_a_right_one(town: Town) -> None:
    town.fresh()
    for _ in range(3):
        assert [town.sign_in(pin="111119") for _ in range(4)] == ["staff.wrong_pin"] * 4
        assert town.sign_in() == town.staff_id


def test_many_tries_at_once_are_not_more_tries(town: Town) -> None:
    town.fresh()
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: said.append(town.sign_in(pin=f"11111{n}")))
        for n in range(2, 10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("staff.wrong_pin") == 4
    assert said.count("staff.locked") == 4


def test_kiosk_that_tries_card_after_card_has_to_wait(town: Town) -> None:
    town.fresh()
    cards = [CARD.model_copy(update={"number": str(n)}) for n in range(staff.KIOSK_TRIES)]
    assert {town.sign_in(card, kiosk="K0002") for card in cards} == {"staff.unknown_card"}
    assert town.sign_in(kiosk="K0002") == "staff.locked"
    assert town.sign_in(kiosk="K0001") == town.staff_id
    town.pass_by(staff.LOCK + timedelta(seconds=1))
    assert town.sign_in(kiosk="K0002") == town.staff_id


# ---- binding


def test_code_binds_once_and_only_for_a_day(town: Town) -> None:
    town.fresh()
    staff_id, code = town.invite("陈静")
    with pytest.raises(Refusal, match="code_refused"):
        town.bind("0" * 10, OTHER)
    assert town.bind(code, OTHER).staff_id == staff_id
    with pytest.raises(Refusal, match="code_refused"):
        town.bind(code, OTHER)
    assert town.sign_in(OTHER) == staff_id
    _, late = town.invite("马超")
    town.pass_by(staff.CODE_LIFETIME + timedelta(seconds=1))
    with pytest.raises(Refusal, match="code_refused"):
        town.bind(late, CARD.model_copy(update={"number": "1"}))


def test_card_of_one_record_binds_to_no_other_and_the_code_stays_good(town: Town) -> None:
    town.fresh()
    staff_id, code = town.invite("郑爽")
    with pytest.raises(Refusal, match="card_taken"):
        town.bind(code)
    free = CARD.model_copy(update={"number": "220103197001010013"})
    assert town.bind(code, free).staff_id == staff_id


def test_new_code_ends_the_old_card_and_pin_and_revoking_ends_all(town: Town) -> None:
    town.fresh()
    card = CARD.model_copy(update={"number": "220103196001010010"})
    staff_id, code = town.invite("何勇", "technician")
    assert town.bind(code, card).role == "technician"
    key = staff_secrets.binding_key(town.city.folders)
    with town.city.database.transaction() as session:
        renewed = staff.new_code(session, key, staff_id, "test", town.now).replace(" ", "")
    assert town.sign_in(card) == "staff.unknown_card"
    assert town.bind(renewed, card, "590213").staff_id == staff_id
    assert town.sign_in(card) == "staff.wrong_pin"
    with town.city.database.transaction() as session:
        staff.revoke(session, staff_id, "test", town.now)
    assert town.sign_in(card, "590213") == "staff.unknown_card"
    with town.city.database.transaction() as session, pytest.raises(ValueError, match="revoked"):
        staff.new_code(session, key, staff_id, "test", town.now)


@pytest.mark.parametrize("pin", ["000000", "123456", "987654", "890123", "121212", "123123",
                                 "881102", "042935"])  # fmt: skip
def test_pin_that_is_guessed_first_is_refused_and_others_are_not(town: Town, pin: str) -> None:
    card = OTHER.model_copy(update={"number": CARD.number})
    easy = pin != "042935"
    assert contract.is_trivial_pin(pin, card.number) is easy
    if easy:
        with pytest.raises(Refusal, match="trivial_pin"):
            town.bind("0" * 10, card, pin)


def test_database_holds_neither_number_nor_pin_nor_a_bare_hash(town: Town) -> None:
    town.fresh()
    path = town.city.folders.root / "hub.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        dump = "\n".join(connection.iterdump())
    assert "刘洋" in dump  # the record's own display name: the dump is the right one
    bare = [hashlib.sha256(text).hexdigest() for text in (
        CARD.number.encode(), CARD.canonical(), PIN.encode(), b"0" * 10
    )]  # fmt: skip
    for secret in (CARD.number, PIN, *bare):
        assert secret not in dump
    with town.city.database.transaction() as session:
        hashes = [member.pin_hash for member in session.query(StaffMember) if member.pin_hash]
    assert hashes
    assert all(text.startswith("$argon2id$") for text in hashes)


def test_key_made_twice_at_once_is_one_key(tmp_path: Path) -> None:
    found: list[bytes] = []
    folders = cities.Folders(tmp_path)
    threads = [
        threading.Thread(target=lambda: found.append(staff_secrets.binding_key(folders)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["binding.key"]
