"""Staff cards at the hub: no token without the right card and PIN, patience, the desk's page."""

import hashlib
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect, sync_playwright

from hub import city as cities
from hub import staff, staff_secrets
from hub.city import City
from hub.problems import Refusal
from hub.tables import StaffMember
from kiosk.contract import staff as contract
from kiosk.contract.signing import SignatureError
from kiosk.contract.staff import BindRequest, ShiftRequest, ShiftToken, StaffCard
from tests import shipped_catalog
from tests.hub.rig import HubProcess, KioskSide

CARD = StaffCard(
    number="220103198811020429", name="刘洋", document_kind="resident_card",
    assurance="chip_verified",
)  # fmt: skip
OTHER = CARD.model_copy(update={"number": "22010319900101001X"})
PIN = "280417"
PASSWORD = "a long enough one"


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


# ---- over the wire


@dataclass
class Corner:
    """A kiosk's staff corner, with the contract and plain requests."""

    kiosk: KioskSide

    def post(self, path: str, request: ShiftRequest) -> tuple[requests.Response, X25519PrivateKey]:
        asked = contract.ask(request, self.kiosk.hub_sealing, self.kiosk.kiosk_id)
        body = asked.question.model_dump(mode="json")
        return self.kiosk.call("POST", f"/v1/staff/{path}", body), asked.reply_key

    def token(self, path: str, request: ShiftRequest) -> ShiftToken:
        reply, key = self.post(path, request)
        assert reply.status_code == 200, reply.text
        signed = contract.read(reply.json(), key, self.kiosk.hub_signing, self.kiosk.kiosk_id)
        return contract.check_token(
            signed, self.kiosk.hub_signing, self.kiosk.kiosk_id, datetime.now(UTC)
        )


@pytest.fixture
def corner(kiosk: KioskSide) -> Corner:
    return Corner(kiosk)


def test_member_of_staff_binds_a_card_signs_in_and_ends_the_shift(
    hub: HubProcess, corner: Corner
) -> None:
    staff_id, _, code = hub.run("staff", "add", "--name", "刘洋", "--role", "technician",
                                "--hall", "桃源").strip().partition(" ")  # fmt: skip
    bound = corner.token("bindings", BindRequest(card=CARD, pin=PIN, code=code.replace(" ", "")))
    assert (bound.staff_id, bound.role, bound.name) == (staff_id, "technician", "刘洋")
    again = corner.token("shifts", ShiftRequest(card=CARD, pin=PIN))
    assert again.token_id != bound.token_id
    assert again.expires - again.not_before == contract.SHIFT_LIFETIME
    refused, _ = corner.post("shifts", ShiftRequest(card=CARD, pin="111119"))
    assert (refused.status_code, refused.json()["code"]) == (403, "staff.wrong_pin")
    ended = {"token_id": again.token_id, "staff_id": staff_id}
    assert corner.kiosk.call("POST", "/v1/staff/shifts/end", ended).status_code == 200
    lines = hub.run("staff", "log").splitlines()
    events = [re.search('"event": "([a-z_]+)"', line)[1] for line in lines]  # type: ignore[index]
    assert events[-5:] == ["added", "bound", "shift", "refused", "shift_ended"]
    log = hub.log.read_text("utf-8")
    for secret in (CARD.number, CARD.name, PIN, code.replace(" ", "")):
        assert secret not in log + "\n".join(lines)


def test_question_of_one_kiosk_is_no_question_of_another(hub: HubProcess, corner: Corner) -> None:
    asked = contract.ask(ShiftRequest(card=CARD, pin=PIN), corner.kiosk.hub_sealing, "K9999")
    reply = corner.kiosk.call(
        "POST", "/v1/staff/shifts", asked.question.model_dump(mode="json")
    )
    assert (reply.status_code, reply.json()["code"]) == (422, "hub.invalid_message")
    sealed = contract.ask(
        ShiftRequest(card=CARD, pin=PIN), corner.kiosk.hub_sealing, corner.kiosk.kiosk_id
    ).question.model_dump(mode="json")
    wrong_way = corner.kiosk.call("POST", "/v1/staff/bindings", sealed)
    assert wrong_way.json()["code"] == "hub.invalid_message"
    assert CARD.number not in reply.text + wrong_way.text


def test_unsigned_request_is_refused(hub: HubProcess) -> None:
    for path in ("shifts", "bindings", "shifts/end"):
        assert requests.post(f"{hub.url}/v1/staff/{path}", json={}, timeout=20).status_code == 401


def test_answer_opens_with_its_own_key_only(hub: HubProcess, corner: Corner) -> None:
    _, _, code = hub.run("staff", "add", "--name", "吴芳").strip().partition(" ")
    card = CARD.model_copy(update={"number": "220103195501010018"})
    request = BindRequest(card=card, pin=PIN, code=code.replace(" ", ""))
    reply, _ = corner.post("bindings", request)
    stranger = contract.ask(request, corner.kiosk.hub_sealing, corner.kiosk.kiosk_id).reply_key
    with pytest.raises(SignatureError):
        contract.read(
            reply.json(), stranger, corner.kiosk.hub_signing, corner.kiosk.kiosk_id
        )


# ---- the desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()


def test_administrator_unlocks_renews_and_revokes_in_a_browser(
    hub: HubProcess, corner: Corner, browser: Browser
) -> None:
    hub.run("account", "--name", "管理员", "--password", PASSWORD, "--role", "admin")
    staff_id, _, code = hub.run("staff", "add", "--name", "孙莉", "--hall",
                                "桃源街道").strip().partition(" ")  # fmt: skip
    card = CARD.model_copy(update={"number": "220103195001010011"})
    corner.token("bindings", BindRequest(card=card, pin=PIN, code=code.replace(" ", "")))
    for _ in range(5):
        refused, _ = corner.post("shifts", ShiftRequest(card=card, pin="111119"))
    assert refused.json()["code"] == "staff.locked"

    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(hub.url)
    page.get_by_label("账号").fill("管理员")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="终端人员").click()
    row = page.get_by_role("row").filter(has_text=staff_id)
    expect(row).to_contain_text("孙莉")
    expect(row).to_contain_text("大厅助理")
    expect(row).to_contain_text("已锁定")
    expect(row).to_contain_text(corner.kiosk.kiosk_id)
    row.get_by_role("button", name=f"解锁 {staff_id}").click()
    expect(row).to_contain_text("已绑定")
    corner.token("shifts", ShiftRequest(card=card, pin=PIN))

    row.locator("summary", has_text="重置密码").click()
    row.get_by_role("button", name="确认重置").click()
    expect(row).to_contain_text("待绑定")
    shown = (page.locator("#code").text_content() or "").replace(" ", "")
    assert corner.post("shifts", ShiftRequest(card=card, pin=PIN))[0].status_code == 403
    corner.token("bindings", BindRequest(card=card, pin="590213", code=shown))
    page.goto(f"{hub.url}/desk/staff")
    expect(page.locator("#code")).to_have_count(0)

    row.locator("summary", has_text="停用").click()
    row.get_by_role("button", name="确认停用").click()
    expect(row).to_contain_text("已停用")
    expect(row.get_by_role("button")).to_have_count(0)
    assert corner.post("shifts", ShiftRequest(card=card, pin="590213"))[0].status_code == 403
    assert complaints == []
    page.close()


def test_only_administrators_with_their_forms_token_touch_records(hub: HubProcess) -> None:
    hub.run("account", "--name", "窗口", "--password", PASSWORD, "--role", "intake")
    hub.run("account", "--name", "主任", "--password", PASSWORD, "--role", "admin")
    staff_id = hub.run("staff", "add", "--name", "周强").split()[0]
    for name, seen in (("窗口", 403), ("主任", 200)):
        with requests.Session() as session:
            form = {"name": name, "password": PASSWORD}
            session.post(f"{hub.url}/desk/sign-in", form, timeout=20)
            assert session.get(f"{hub.url}/desk/staff", timeout=20).status_code == seen
            for verb in ("unlock", "revoke", "code"):
                done = session.post(f"{hub.url}/desk/staff/{staff_id}/{verb}", timeout=20)
                assert done.status_code == 403
    assert f'"id": "{staff_id}", "name": "周强"' in hub.run("staff", "list")
    listed = hub.run("staff", "list").splitlines()
    assert '"state": "invited"' in next(line for line in listed if staff_id in line)


def test_command_line_unlocks_renews_and_revokes(hub: HubProcess) -> None:
    staff_id = hub.run("staff", "add", "--name", "冯军").split()[0]
    code = hub.run("staff", "new-code", "--id", staff_id).strip()
    assert re.fullmatch(r"\d{4} \d{3} \d{3}", code)
    hub.run("staff", "unlock", "--id", staff_id)
    hub.run("staff", "revoke", "--id", staff_id)
    line = next(l for l in hub.run("staff", "list").splitlines() if staff_id in l)  # noqa: E741
    assert '"state": "revoked"' in line
