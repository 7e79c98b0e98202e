"""The staff's door against a real hub: who is let in, what is noted, and what a bad line does."""

import json
import logging
import zlib

import pytest

from kiosk.contract.staff import StaffCard
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from kiosk.shifts import Cost, Shifts, StaffFault
from kiosk.staff import StaffDoor, staff_card
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import HandClock, new_city, person

PIN = "280417"
LIGHT = Cost(memory_kib=64, passes=1)


class Corner:
    """One kiosk's door; every card of its own, since the hub is shared."""

    def __init__(self, hub: HubBehindRelay, store: Store, line: HubLine,
                 identity: DeviceIdentity, number: str) -> None:
        self.hub, self.store, self.identity = hub, store, identity
        self.clock = HandClock()
        self.card = StaffCard(number=number, name="刘洋", document_kind="resident_card",
                              assurance="chip_verified")
        self.shifts = Shifts(store.settings, self.clock, LIGHT)
        self.door = StaffDoor(line, lambda: self.identity, self.shifts, store.audit, self.clock)
        self.staff_id, _, code = hub.run(
            "staff", "add", "--name", "刘洋", "--role", "assistant"
        ).strip().partition(" ")
        self.code = code.replace(" ", "")

    def bind(self) -> "Corner":
        assert self.door.bind(self.card, PIN, self.code).token.staff_id == self.staff_id
        return self

    def tries(self, pin: str = PIN) -> str:
        """"online" or "offline" when let in, else the fault's code."""
        try:
            return "online" if self.door.sign_in(self.card, pin).online else "offline"
        except (StaffFault, HubFault) as fault:
            return fault.code

    @property
    def noted(self) -> list[tuple[str, dict[str, object]]]:
        self.store.audit.verify()
        with self.store._connections.read() as connection:
            rows = connection.execute("SELECT event, data FROM audit ORDER BY seq").fetchall()
        return [(event, json.loads(data)) for event, data in rows]


@pytest.fixture
def corner(
    hub: HubBehindRelay, store: Store, line: HubLine, enrolled: DeviceIdentity,
    request: pytest.FixtureRequest,
) -> Corner:
    return Corner(hub, store, line, enrolled, str(zlib.crc32(request.node.name.encode())))


def test_every_way_in_and_out_is_noted_with_the_staff_id_alone(
    corner: Corner, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert corner.tries() == "staff.unknown_card"
    corner.bind()
    assert corner.tries("111119") == "staff.wrong_pin"
    assert corner.tries() == "online"
    token = corner.door.sign_in(corner.card, PIN).token
    corner.door.sign_out(token)
    corner.door.end_shift(token)
    who = {"staff": corner.staff_id}
    assert corner.noted == [
        ("shift.refused", {"reason": "staff.unknown_card", "online": True}),
        ("shift.card_bound", {**who, "role": "assistant", "online": True}),
        ("shift.refused", {"reason": "staff.wrong_pin", "online": True}),
        ("shift.opened", {**who, "role": "assistant", "online": True}),
        ("shift.opened", {**who, "role": "assistant", "online": True}),
        ("shift.left", who),
        ("shift.ended", who),
    ]
    events = [json.loads(line) for line in corner.hub.run("staff", "log").splitlines()]
    mine = [event["event"] for event in events if event["id"] == corner.staff_id]
    assert mine == ["added", "bound", "refused", "shift", "shift", "shift_ended"]
    for secret in (corner.card.number, corner.card.name, PIN, corner.code):
        assert secret not in caplog.text + repr(corner.noted)


@pytest.mark.parametrize("bad_day", ["cut", "portal", "swallowed"])
def test_line_that_brings_no_answer_leaves_the_lock_of_this_shift(
    corner: Corner, bad_day: str
) -> None:
    relay = corner.bind().hub.relay
    good, target = corner.identity, relay.target
    if bad_day == "cut":
        relay.target = 9  # the discard port: nobody listens
    elif bad_day == "portal":
        relay.portal("application/json", b'{"kind": "shift_answer", "document": {}}')
    else:
        relay.swallow_answer("POST", "/v1/staff/shifts")
    try:
        if bad_day != "swallowed":
            assert corner.tries("111119") == "staff.offline_refused"
        assert corner.tries() == "offline"
    finally:
        relay.target = target
        relay.portal()
    assert corner.identity is good
    assert corner.tries() == "online"


def test_end_of_a_shift_needs_no_line(corner: Corner) -> None:
    token = corner.bind().door.sign_in(corner.card, PIN).token
    relay = corner.hub.relay
    target, relay.target = relay.target, 9
    try:
        corner.door.end_shift(token)
        assert corner.tries() == "staff.needs_line"
    finally:
        relay.target = target


def test_renewed_or_revoked_record_opens_no_lock_either(corner: Corner) -> None:
    corner.bind()
    corner.hub.run("staff", "revoke", "--id", corner.staff_id)
    assert corner.tries() == "staff.unknown_card"
    relay = corner.hub.relay
    target, relay.target = relay.target, 9
    try:
        assert corner.tries() == "staff.needs_line"
    finally:
        relay.target = target


def test_lock_at_the_hub_holds_without_the_line_too(corner: Corner) -> None:
    corner.bind()
    said = [corner.tries("111119") for _ in range(5)]
    assert said == ["staff.wrong_pin"] * 4 + ["staff.locked"]
    relay = corner.hub.relay
    target, relay.target = relay.target, 9
    try:
        assert corner.tries() == "staff.offline_locked"
    finally:
        relay.target = target
    corner.hub.run("staff", "unlock", "--id", corner.staff_id)
    assert corner.tries() == "online"


def test_answer_signed_by_another_hub_is_no_answer(corner: Corner) -> None:
    corner.bind()
    hub = corner.identity.hub.model_copy(update={"signing": new_city().keys.signing})
    stranger = DeviceIdentity(
        corner.identity.private_key, corner.identity.kiosk_id, corner.identity.kiosk_code, hub
    )
    corner.identity = stranger
    assert corner.tries() == "staff.needs_line"


def test_kiosk_that_is_nobody_signs_nobody_in(
    store: Store, line: HubLine, corner: Corner
) -> None:
    door = StaffDoor(line, lambda: None, corner.shifts, store.audit, corner.clock)
    with pytest.raises(StaffFault, match="needs_line"):
        door.sign_in(corner.card, PIN)


def test_card_is_known_by_its_document() -> None:
    card = staff_card(person("staff_liu"))
    assert (card.document_kind, card.assurance) == ("resident_card", "chip_verified")
    assert card.number == person("staff_liu").document.number
    passport = staff_card(person("kim_passport"))
    assert passport.name == "KIM, MINJI"
