"""What kiosks ask for their staff: bind a card, open a shift, end one."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from hub import described, staff
from hub.api import read_body
from hub.gate import CityOf, Signed
from hub.problems import Refusal
from kiosk.contract.messages import PROTOCOL, Noted, SignedDocument
from kiosk.contract.sealing import SealError
from kiosk.contract.staff import (
    BindRequest,
    ShiftEnd,
    ShiftRequest,
    StaffQuestion,
    answer,
    understand,
)

router = APIRouter(prefix=f"/v{PROTOCOL}/staff", tags=["staff"])
_SAYS = 'A shift token, sealed to the key in the question (kind "shift_answer").'
_BIND = described.signed(
    SignedDocument, (403, "staff.code_refused"), (403, "staff.locked"), (409, "staff.card_taken"),
    (422, "staff.trivial_pin"), (429, "staff.locked"), body=StaffQuestion, says=_SAYS,
)  # fmt: skip
_SHIFT = described.signed(
    SignedDocument, (403, "staff.unknown_card"), (403, "staff.wrong_pin"), (403, "staff.locked"),
    (429, "staff.locked"), body=StaffQuestion, says=_SAYS,
)  # fmt: skip
_END = described.signed(Noted, body=ShiftEnd, says="Noted.")


@router.post("/bindings", responses=_BIND.responses, openapi_extra=_BIND.extra)
def bind(city: CityOf, caller: Signed) -> dict[str, Any]:
    """Bind a card with a one-time code and a PIN; return the first shift token, sealed."""
    question = read_body(caller, StaffQuestion)
    try:
        request = understand(question, city.keys.sealing, caller.kiosk_id, BindRequest)
        token = staff.bind(city, request, caller.kiosk_id)
        return answer(token, question, city.keys.signing, caller.kiosk_id)
    except SealError as error:
        raise Refusal(422, "hub.invalid_message", error.code) from None


@router.post("/shifts", responses=_SHIFT.responses, openapi_extra=_SHIFT.extra)
def open_shift(city: CityOf, caller: Signed) -> dict[str, Any]:
    """Check card and PIN; return a shift token, sealed to the key in the question."""
    question = read_body(caller, StaffQuestion)
    try:
        request = understand(question, city.keys.sealing, caller.kiosk_id, ShiftRequest)
        token = staff.open_shift(city, request, caller.kiosk_id)
        return answer(token, question, city.keys.signing, caller.kiosk_id)
    except SealError as error:
        raise Refusal(422, "hub.invalid_message", error.code) from None


@router.post("/shifts/end", responses=_END.responses, openapi_extra=_END.extra)
def end_shift(city: CityOf, caller: Signed) -> Response:
    """Note that a shift is over."""
    ended = read_body(caller, ShiftEnd)
    staff.end_shift(city, ended.staff_id, caller.kiosk_id)
    return Response("{}", media_type="application/json")
