"""What kiosks call: /v1. See docs of kiosk.contract.messages for the bodies."""

from typing import Any, TypeVar

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from hub import cases, enrolment, intake
from hub.gate import Caller, CityOf, Newcomer, Signed
from hub.problems import Refusal
from kiosk.contract import case_search, receipts
from kiosk.contract.messages import (
    Announce,
    CaseList,
    CaseSearch,
    EnrolmentReply,
    KeyDirectory,
    ReceiptStatus,
    UploadOffer,
)
from kiosk.contract.sealing import SealError
from kiosk.contract.signing import sign_document

router = APIRouter(prefix="/v1")
M = TypeVar("M", bound=BaseModel)


@router.get("/health")
def health(city: CityOf) -> dict[str, str]:
    """Say that the hub is here, and what time it has."""
    return {"status": "ok", "time": city.clock().isoformat()}


@router.post("/enrolments", status_code=201)
def enrol(city: CityOf, newcomer: Newcomer) -> EnrolmentReply:
    """Take in a kiosk that shows a one-time code; signed with the key it wants enrolled."""
    with city.database.transaction() as session:
        kiosk = enrolment.enrol(session, newcomer, city.clock())
        return EnrolmentReply(
            kiosk_id=kiosk.kiosk_id,
            kiosk_code=kiosk.kiosk_code,
            hub=city.keys.public(),
            time=city.clock(),
        )


@router.get("/keys")
def keys(city: CityOf) -> dict[str, Any]:
    """Return the signed key directory (kind "keys")."""
    with city.database.transaction() as session:
        kiosks = enrolment.directory(session)
    directory = KeyDirectory(hub=city.keys.public(), kiosks=kiosks, time=city.clock())
    return sign_document(directory.model_dump(mode="json"), city.keys.signing, "keys")


@router.post("/submissions")
def announce(city: CityOf, caller: Signed) -> Response:
    """Answer 201 with an upload address, or 200 with the signed receipt."""
    answer = intake.announce(city, caller.kiosk_id, read_body(caller, Announce))
    if isinstance(answer, dict):
        return JSONResponse(answer)
    offer = UploadOffer(
        upload_url=f"{city.public_url}/v1/uploads/{answer.token}",
        offset=answer.offset,
        expires=answer.upload.expires,
    )
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(offer.model_dump(mode="json"), status_code=201, headers=headers)


@router.get("/submissions/{submission_id}/receipt")
def receipt(submission_id: str, city: CityOf, caller: Signed) -> Response:
    """Return the signed receipt (kind "receipt"), or 202 while bytes are missing."""
    answer = intake.receipt(city, caller.kiosk_id, submission_id)
    if isinstance(answer, int):
        return JSONResponse({"status": "waiting", "offset": answer}, status_code=202)
    return JSONResponse(answer)


@router.get("/receipts/{number}/status")
def receipt_status(number: str, city: CityOf, caller: Signed) -> ReceiptStatus:
    """Return the status behind a receipt number, and nothing else."""
    try:
        printed = str(receipts.parse(number))
    except receipts.ReceiptCodeError:
        raise Refusal(404, "code.unknown", "not a receipt number") from None
    with city.database.transaction() as session:
        return cases.status_of(session, printed)


@router.post("/cases/search")
def search(city: CityOf, caller: Signed) -> dict[str, Any]:
    """Return a person's cases, sealed to the key in the question (kind "case_list")."""
    question = read_body(caller, CaseSearch)
    try:
        query = case_search.understand(question, city.keys.sealing, caller.kiosk_id)
        with city.database.transaction() as session:
            found = CaseList(cases=cases.cases_of(session, query.number, query.name))
        return case_search.answer(found, question, city.keys.signing, caller.kiosk_id)
    except SealError as error:
        raise Refusal(422, "hub.invalid_message", error.code) from None


def read_body(caller: Caller, model: type[M]) -> M:
    """Return the body as a message. Refusal hub.invalid_message names the wrong fields only."""
    try:
        return model.model_validate_json(caller.body)
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors()[:5])
        raise Refusal(422, "hub.invalid_message", places) from None
