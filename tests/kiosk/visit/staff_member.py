"""Somebody with a staff card at the kiosk: invited at the hub, at the door, on the page."""



from kiosk.staff_views import StaffPhase
from kiosk.steps import Step
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import document
from tests.kiosk.visit.guest import Guest

PIN = "280417"
PERSONAL = (document("staff_liu").number, document("staff_liu").name, PIN)


def invite(hub: HubBehindRelay, role: str = "assistant") -> tuple[str, str]:
    """Everybody bound with this card before is revoked, so that it is free."""
    for line in hub.run("staff", "list").splitlines():
        if '"name": "刘洋"' in line and '"revoked"' not in line:
            hub.run("staff", "revoke", "--id", line.split('"')[3])
    line = hub.run("staff", "add", "--name", "刘洋", "--role", role)
    staff_id, _, code = line.strip().partition(" ")
    return staff_id, code.replace(" ", "")


def to_door(member: Guest) -> None:
    member.to_home()
    member.visit.open_staff()
    member.lay("staff_liu")
    member.recognised()
    member.at(Step.STAFF_SIGN_IN)


def to_page(member: Guest, hub: HubBehindRelay, role: str = "assistant") -> str:
    staff_id, code = invite(hub, role)
    to_door(member)
    visit = member.visit
    visit.staff_first_time()
    for digits in (code, PIN, PIN):
        visit.staff_digits(digits)
    member.on(Step.STAFF_HOME)
    return staff_id


def phase_of(member: Guest) -> StaffPhase:
    return member.visit.staff_door.phase


def fault_of(member: Guest) -> str:
    fault = member.visit.staff_door.fault
    return fault.code if fault is not None else ""
