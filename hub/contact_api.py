"""What kiosks tell the hub about themselves, and what they hand in again after a restore."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from hub import contact, described
from hub.api import read_body
from hub.gate import CityOf, Signed
from kiosk.contract.contact import (
    Contact,
    Escalation,
    EscalationReply,
    Forgotten,
    KeptList,
    Returned,
)
from kiosk.contract.messages import PROTOCOL, SignedDocument

router = APIRouter(prefix=f"/v{PROTOCOL}", tags=["kiosks"])

_CONTACT = described.signed(
    SignedDocument, body=Contact, says='Who asks, the time, the epoch (kind "contact").'
)


@router.post("/contact", responses=_CONTACT.responses, openapi_extra=_CONTACT.extra)
def report(city: CityOf, caller: Signed) -> SignedDocument:
    """Take in how a kiosk stands; the answer's epoch tells it whether to name what it keeps."""
    return SignedDocument(
        **contact.report(city, caller.kiosk_id, read_body(caller, Contact))
    )


_KNOWN = described.signed(Forgotten, body=KeptList, says="What to hand in again.")


@router.post("/submissions/known", responses=_KNOWN.responses, openapi_extra=_KNOWN.extra)
def known(city: CityOf, caller: Signed) -> Forgotten:
    """Say which of these confirmed submissions this hub does not have (any more)."""
    return contact.forgotten(city, read_body(caller, KeptList).kept)


_RETURNED = described.signed(
    SignedDocument, body=Returned, says="The receipt, as this hub holds it from now on."
)


@router.post("/receipts/returned", responses=_RETURNED.responses, openapi_extra=_RETURNED.extra)
def returned(city: CityOf, caller: Signed) -> SignedDocument:
    """Take back our own receipt for what was forgotten and cannot be handed in again."""
    return SignedDocument(
        **contact.returned(city, caller.kiosk_id, read_body(caller, Returned))
    )


_ESCALATION = described.signed(
    EscalationReply, body=Escalation, status=201, says="The number the operator sees to it by."
)


@router.post(
    "/escalations", status_code=201, responses=_ESCALATION.responses,
    openapi_extra=_ESCALATION.extra,
)  # fmt: skip
def escalate(city: CityOf, caller: Signed) -> Response:
    """Ask the operator to see to a stuck submission."""
    number = contact.escalate(city, caller.kiosk_id, read_body(caller, Escalation))
    return JSONResponse({"number": number}, 201)
