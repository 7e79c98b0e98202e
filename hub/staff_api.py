"""What kiosks ask for their staff: bind a card, open a shift, end one."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from hub import staff
from hub.api import read_body
from hub.gate import CityOf, Signed
from hub.problems import Refusal
from kiosk.contract.messages import PROTOCOL
from kiosk.contract.sealing import SealError
from kiosk.contract.staff import (
    BindRequest,
    ShiftEnd,
    ShiftRequest,
    StaffQuestion,
    answer,
    understand,
)

router = APIRouter(prefix=f"/v{PROTOCOL}/staff")


@router.post("/bindings")
def bind(city: CityOf, caller: Signed) -> dict[str, Any]:
    """Bind a card with a one-time code and a PIN; return the first shift token, sealed."""
    question = read_body(caller, StaffQuestion)
    try:
        request = understand(question, city.keys.sealing, caller.kiosk_id, BindRequest)
        token = staff.bind(city, request, caller.kiosk_id)
        return answer(token, question, city.keys.signing, caller.kiosk_id)
    except SealError as error:
        raise Refusal(422, "hub.invalid_message", error.code) from None


@router.post("/shifts")
def open_shift(city: CityOf, caller: Signed) -> dict[str, Any]:
    """Check card and PIN; return a shift token, sealed to the key in the question."""
    question = read_body(caller, StaffQuestion)
    try:
        request = understand(question, city.keys.sealing, caller.kiosk_id, ShiftRequest)
        token = staff.open_shift(city, request, caller.kiosk_id)
        return answer(token, question, city.keys.signing, caller.kiosk_id)
    except SealError as error:
        raise Refusal(422, "hub.invalid_message", error.code) from None


@router.post("/shifts/end")
def end_shift(city: CityOf, caller: Signed) -> Response:
    """Note that a shift is over."""
    ended = read_body(caller, ShiftEnd)
    staff.end_shift(city, ended.staff_id, caller.kiosk_id)
    return Response("{}", media_type="application/json")
