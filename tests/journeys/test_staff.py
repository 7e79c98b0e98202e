"""Staff at the kiosk, in the real app: bind a card, sign in, look, lose the line, be locked out."""

import json
from datetime import timedelta
from typing import cast

from kiosk.steps import Step
from tests.journeys.city import City, JourneyClock, eventually
from tests.journeys.private import found, personal
from tests.journeys.resident import Resident, next_visitor
from tests.journeys.telling import sentence

PIN = "280417"
CARD = "staff_liu"


class Member:
    """Somebody who looks after the kiosk, step by step with the fingers."""

    def __init__(self, at: Resident) -> None:
        self.at, self.hands = at, at.hands

    def comes_to_the_door(self, language: str = "zh", card: str = CARD) -> "Member":
        self.at.speaks_at_once(language).touches("bar.help").touches("help.staff")
        self.at.arrives_at(Step.IDENTIFY).lays(card).arrives_at(Step.STAFF_SIGN_IN)
        self.at.takes_the_card()
        return self

    def types(self, digits: str) -> "Member":
        self.hands.wait_to_see("staff.typed")
        for digit in digits:
            self.hands.tap(f"key.{digit}")
        self.hands.tap("key.done")
        return self

    def binds(self, code: str, pin: str = PIN) -> "Member":
        self.at.touches("staff.first_time")
        return self.types(code).types(pin).types(pin)

    def is_in(self) -> "Member":
        self.at.arrives_at(Step.STAFF_HOME)
        return self

    def is_told(self, code: str) -> "Member":
        self.at.is_told(code)
        return self

    def sees(self, part: str, state: str) -> "Member":
        self.hands.wait_until(
            lambda: self.hands.see(f"staff.part.{part}")
            and state in self.hands.text(f"staff.part.{part}"),
            f"{part}: {state}",
        )
        return self

    def signs_out(self, sid: str = "staff.sign_out") -> None:
        before = self.at.city.over
        self.hands.tap(sid)
        self.hands.wait_until(lambda: self.at.city.over > before, "the end of the visit")


def comes(city: City) -> Member:
    return Member(next_visitor(city))


def invite(city: City, role: str = "technician") -> tuple[str, str]:
    line = city.hub.run("staff", "add", "--name", "刘洋", "--role", role, "--hall", "桃源街道")
    staff_id, _, code = line.strip().partition(" ")
    return staff_id, code.replace(" ", "")


def audit(member: Member) -> list[str]:
    """The kiosk's audit, one JSON line each."""
    store = member.at.kiosk.store
    store.audit.verify()
    with store._connections.read() as connection:
        rows = connection.execute("SELECT event, data FROM audit ORDER BY seq").fetchall()
    return [json.dumps([event, json.loads(data)], ensure_ascii=False) for event, data in rows]


def move_clock(member: Member, by: timedelta) -> None:
    """The city's time as this kiosk knows it jumps: the wall clock does, and nobody has told the
    hub's time in this boot; monotonic time goes on."""
    clock = member.at.kiosk.hub.clock
    clock._anchor = None
    cast(JourneyClock, clock._clock).start += by


def test_member_of_staff_binds_a_card_sees_the_kiosk_and_works_on_without_a_line(
    own_city: City,
) -> None:
    staff_id, code = invite(own_city)
    first = Member(Resident(own_city, *own_city.open())).comes_to_the_door()
    first.binds(code).is_in()
    assert "刘洋" in first.at.reads
    assert not first.hands.see("staff.offline")
    for part in ("id_card", "smartcard", "camera", "printer", "line"):
        first.sees(part, "正常")
    first.sees("outbox", "没有待发送的申请")
    own_city.bench.printer.paper_out(True)
    first.sees("printer", sentence("printer.paper_out", "zh"))
    own_city.bench.printer.paper_out(False)
    first.sees("printer", "正常")
    own_city.bench.id_card.unplug()
    first.sees("id_card", sentence("reader.gone", "zh"))
    own_city.bench.id_card.replug()
    first.sees("id_card", "正常")
    first.at.touches("staff.test_print")
    first.hands.wait_to_see("staff.said")
    assert "YIMEN TEST" in own_city.bench.printer.finished_jobs()[-1].codes
    assert not found(personal(CARD)[:1], first.at.reads)
    first.signs_out()
    assert not found(("刘洋", *personal(CARD)), first.at.reads)

    own_city.hub.stop()
    again = comes(own_city).comes_to_the_door("en").types("111119").is_told("staff.offline_refused")
    again.types(PIN).is_in()
    assert again.hands.see("staff.offline")
    again.sees("line", sentence("hub.unreachable", "en"))
    lines = audit(again)
    assert not found((*personal(CARD), PIN, "刘洋", code), "\n".join(lines))
    opened = [line for line in lines if "shift.opened" in line or "shift.card_bound" in line]
    assert [json.loads(line)[1]["online"] for line in opened] == [True, False]
    assert all(json.loads(line)[1]["staff"] == staff_id for line in opened)
    again.signs_out()

    late = comes(own_city)
    move_clock(late, timedelta(hours=12))
    late.comes_to_the_door().types(PIN).is_told("staff.token_expired")
    own_city.hub.start()
    move_clock(late, timedelta(hours=-12))
    # The hub vouches for person and time: that the clock went back is no matter any more.
    late.types(PIN).is_in()
    late.signs_out()
    own_city.hub.stop()
    comes(own_city).comes_to_the_door().types(PIN).is_in()


def test_five_wrong_pins_lock_at_the_hub_and_cutting_the_line_gives_no_more(
    own_city: City,
) -> None:
    staff_id, code = invite(own_city, "assistant")
    member = Member(Resident(own_city, *own_city.open())).comes_to_the_door("ko")
    member.binds(code).is_in()
    assert not member.hands.see("staff.restart")  # an assistant
    member.signs_out()
    member = comes(own_city).comes_to_the_door()
    for _ in range(4):
        member.types("111119").is_told("staff.wrong_pin")
    member.types("111119").is_told("staff.locked")
    member.types(PIN).is_told("staff.locked")
    own_city.hub.stop()
    member.types(PIN).is_told("staff.offline_locked")
    own_city.hub.start()
    own_city.hub.run("staff", "unlock", "--id", staff_id)
    member.types(PIN).is_in()
    member.signs_out("staff.end_shift")
    own_city.hub.stop()
    comes(own_city).comes_to_the_door().types(PIN).is_told("staff.needs_line")
    own_city.hub.start()


def test_clock_set_back_does_not_make_a_shift_longer(own_city: City) -> None:
    _, code = invite(own_city)
    member = Member(Resident(own_city, *own_city.open())).comes_to_the_door()
    member.binds(code).is_in().signs_out()
    own_city.hub.stop()
    member = comes(own_city)
    move_clock(member, timedelta(hours=-3))
    member.comes_to_the_door().types(PIN).is_told("staff.clock_doubtful")


def test_stuck_application_is_sent_again_from_the_shelf(own_city: City) -> None:
    _, code = invite(own_city)
    resident = Resident(own_city, *own_city.open())
    own_city.hub.stop()
    resident.jumps_to(Step.DONE)
    number, outbox = resident.receipt, resident.kiosk.store.outbox
    (item,) = outbox.waiting()
    outbox.shelved(item.submission_id, "hub.refused")
    resident.leaves()
    own_city.hub.start()
    member = comes(own_city).comes_to_the_door("en").binds(code).is_in()
    member.hands.wait_to_see(f"staff.shelf.{number}")
    assert not found(personal("zhang_wei"), member.at.reads)
    member.at.touches(f"staff.retry.{number}")
    eventually(lambda: bool(own_city.case(number)), "the case at the hub")
    member.hands.wait_until(
        lambda: not member.hands.see(f"staff.shelf.{number}"), "an empty shelf"
    )
    assert any("shift.retried" in line for line in audit(member))


def test_staff_who_walk_away_are_signed_out_and_a_technician_restarts_the_app(
    own_city: City,
) -> None:
    _, code = invite(own_city)
    member = Member(Resident(own_city, *own_city.open())).comes_to_the_door()
    member.binds(code).is_in()
    before = own_city.over
    member.at.waits(61)
    assert member.hands.see("idle.extend")
    member.at.waits(21).arrives_at(Step.GOODBYE)
    member.hands.wait_until(lambda: own_city.over > before, "a fresh start")
    member = comes(own_city).comes_to_the_door().types(PIN).is_in()
    member.signs_out("staff.restart")


def test_easy_and_mistyped_pins_are_asked_again_and_a_wrong_code_too(own_city: City) -> None:
    _, code = invite(own_city)
    member = Member(Resident(own_city, *own_city.open())).comes_to_the_door()
    member.types(PIN).is_told("staff.unknown_card")
    member.at.touches("staff.first_time")
    member.types("0000000000").types("123456").is_told("staff.trivial_pin")
    member.types(PIN).types("280418").is_told("staff.pins_differ")
    member.types(PIN).types(PIN).is_told("staff.code_refused")
    member.types(code).types(PIN).types(PIN).is_in()


def test_door_is_shut_once_a_resident_has_identified(city: City) -> None:
    resident = Resident(city, *city.open()).jumps_to(Step.FORM)
    resident.touches("bar.help")
    assert not resident.hands.see("help.staff")
