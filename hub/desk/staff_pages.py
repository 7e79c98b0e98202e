"""The desk's page of kiosk staff, for administrators: see, unlock, renew, revoke."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from hub import staff, staff_secrets
from hub.city import City
from hub.desk import views
from hub.desk.accounts import Desk
from hub.desk.pages import message, page, signed_in
from hub.desk.words import STAFF_ROLES, STAFF_STATES, WORDS
from hub.gate import CityOf
from hub.tables import StaffMember

router = APIRouter(prefix="/desk/staff", include_in_schema=False)
Csrf = Annotated[str, Form()]


@dataclass(frozen=True)
class StaffRow:
    """One line of the list."""

    staff_id: str
    name: str
    hall: str
    role: str
    state: str
    state_word: str
    last: str


@router.get("")
def list_staff(request: Request, city: CityOf) -> Response:
    """List everybody who may sign in at kiosks."""
    desk = signed_in(request, city)
    if desk.role != "admin":
        return message(desk, 403, WORDS["not_admin"])
    return _list(city, desk)


@router.post("/{staff_id}/unlock")
def unlock(staff_id: str, request: Request, city: CityOf, csrf: Csrf = "") -> Response:
    """Let a locked record try again."""

    def act(session: Session, desk: Desk, now: datetime) -> None:
        staff.unlock(session, staff_id, desk.account, now)

    return _do(request, city, csrf, act)


@router.post("/{staff_id}/revoke")
def revoke(staff_id: str, request: Request, city: CityOf, csrf: Csrf = "") -> Response:
    """End a record."""

    def act(session: Session, desk: Desk, now: datetime) -> None:
        staff.revoke(session, staff_id, desk.account, now)

    return _do(request, city, csrf, act)


@router.post("/{staff_id}/code")
def new_code(staff_id: str, request: Request, city: CityOf, csrf: Csrf = "") -> Response:
    """Forget card and PIN; show the new one-time code, this once."""
    key = staff_secrets.binding_key(city.folders)

    def act(session: Session, desk: Desk, now: datetime) -> tuple[str, str]:
        code = staff.new_code(session, key, staff_id, desk.account, now)
        return staff.find(session, staff_id).name, code

    return _do(request, city, csrf, act)


def _do(
    request: Request,
    city: City,
    csrf: str,
    act: Callable[[Session, Desk, datetime], tuple[str, str] | None],
) -> Response:
    desk = signed_in(request, city)
    if desk.role != "admin":
        return message(desk, 403, WORDS["not_admin"])
    if not hmac.compare_digest(desk.csrf, csrf):
        return message(desk, 403, WORDS["stale"])
    try:
        with city.database.transaction() as session:
            told = act(session, desk, city.clock())
    except (staff.NoSuchStaff, ValueError):
        return message(desk, 404, WORDS["no_such_staff"])
    return RedirectResponse("/desk/staff", 303) if told is None else _list(city, desk, *told)


def _list(city: City, desk: Desk, name: str = "", code: str = "") -> Response:
    now = city.clock()
    with city.database.transaction() as session:
        rows = [_row(session, member, now) for member in staff.everybody(session)]
    return page("staff_list.html", desk=desk, rows=rows, name=name, code=code)


def _row(session: Session, member: StaffMember, now: datetime) -> StaffRow:
    state = staff.state(member, now)
    last = staff.last_shift(session, member.staff_id)
    return StaffRow(
        staff_id=member.staff_id,
        name=member.name,
        hall=member.hall or "—",
        role=STAFF_ROLES.get(member.role, member.role),
        state=state,
        state_word=STAFF_STATES[state],
        last=f"{views.when(last.at)} · {last.actor}" if last else "—",
    )
