"""What kiosks call: /v1. See kiosk.contract.messages and docs/protocol.md for the bodies."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from hub import cases, described, enrolment, intake
from hub.gate import Caller, CityOf, Newcomer, Signed
from hub.problems import Refusal
from kiosk.contract import case_search, contact, receipts
from kiosk.contract.contact import Health, HubTime, Waiting
from kiosk.contract.messages import (
    PROTOCOL,
    Announce,
    CaseList,
    CaseSearch,
    EnrolmentReply,
    EnrolmentRequest,
    KeyDirectory,
    ReceiptStatus,
    SignedDocument,
    UploadOffer,
)
from kiosk.contract.sealing import SealError
from kiosk.contract.signing import sign_document

router = APIRouter(prefix=f"/v{PROTOCOL}", tags=["kiosks"])
M = TypeVar("M", bound=BaseModel)

_SIGNED = {"description": "A signed document (kind {})."}
_INVALID = (422, "hub.invalid_message")


@router.get("/health", responses=described.problems())
def health(city: CityOf) -> Health:
    """Say that the hub is here, and what time it has."""
    return Health(status="ok", time=city.clock(), epoch=city.epoch)


@router.get("/time", responses=described.problems(_INVALID))
def time(
    city: CityOf, nonce: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{16,64}$")]
) -> SignedDocument:
    """Return the time, signed for this one question (kind "time").

    Not signed by the caller: a clock that is wrong could not sign anything that passes.
    """
    document = HubTime(time=city.clock(), nonce=nonce).model_dump(mode="json")
    return SignedDocument(**sign_document(document, city.keys.signing, contact.TIME))


_ENROLMENT = described.signed(
    EnrolmentReply, (403, "hub.code_refused"), body=EnrolmentRequest, status=201,
    says="Who this kiosk is now, and whom to trust.",
)  # fmt: skip


@router.post(
    "/enrolments", status_code=201, responses=_ENROLMENT.responses, openapi_extra=_ENROLMENT.extra
)
def enrol(city: CityOf, newcomer: Newcomer) -> EnrolmentReply:
    """Take in a kiosk that shows a one-time code; signed with the key it wants enrolled.

    The keyid of the signature is the key's own id (kiosk.contract.keys.key_id).
    """
    with city.database.transaction() as session:
        kiosk = enrolment.enrol(session, newcomer, city.clock())
        return EnrolmentReply(
            kiosk_id=kiosk.kiosk_id,
            kiosk_code=kiosk.kiosk_code,
            hub=city.keys.public(),
            time=city.clock(),
        )


@router.get("/keys", responses=described.problems())
def keys(city: CityOf) -> SignedDocument:
    """Return the signed key directory (kind "keys")."""
    with city.database.transaction() as session:
        kiosks = enrolment.directory(session)
    ring = city.keys
    directory = KeyDirectory(
        hub=ring.public(),
        kiosks=kiosks,
        time=city.clock(),
        chain=tuple(SignedDocument(**one) for one in ring.chain),
    )
    return SignedDocument(**sign_document(directory.model_dump(mode="json"), ring.signing, "keys"))


_ANNOUNCE = described.signed(
    UploadOffer, (409, "hub.digest_conflict"), (410, "hub.upload_gone"), body=Announce, status=201,
    says="Upload here (tus 1.0).",
)  # fmt: skip
_ANNOUNCE.responses[200] = described.answer(
    SignedDocument, 'The signed receipt (kind "receipt"): the hub has it already.'
)


@router.post(
    "/submissions",
    status_code=201,
    responses=_ANNOUNCE.responses,
    openapi_extra=_ANNOUNCE.extra,
)
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


_RECEIPT = described.signed(
    SignedDocument, (404, "hub.not_found"), (410, "hub.upload_gone"), _INVALID,
    says='The signed receipt (kind "receipt").',
)  # fmt: skip
_RECEIPT.responses[202] = described.answer(Waiting, "Bytes are missing.")


@router.get(
    "/submissions/{submission_id}/receipt",
    responses=_RECEIPT.responses,
    openapi_extra=_RECEIPT.extra,
)
def receipt(
    submission_id: Annotated[str, Path(max_length=64)], city: CityOf, caller: Signed
) -> Response:
    """Return the signed receipt (kind "receipt"), or 202 while bytes are missing."""
    answer = intake.receipt(city, caller.kiosk_id, submission_id)
    if isinstance(answer, int):
        return JSONResponse(Waiting(offset=answer).model_dump(), status_code=202)
    return JSONResponse(answer)


_STATUS = described.signed(ReceiptStatus, (404, "code.unknown"), says="A status, nothing else.")


@router.get(
    "/receipts/{number}/status", responses=_STATUS.responses, openapi_extra=_STATUS.extra
)
def receipt_status(number: str, city: CityOf, caller: Signed) -> ReceiptStatus:
    """Return the status behind a receipt number, and nothing else."""
    try:
        printed = str(receipts.parse(number))
    except receipts.ReceiptCodeError:
        raise Refusal(404, "code.unknown", "not a receipt number") from None
    with city.database.transaction() as session:
        return cases.status_of(session, printed)


_SEARCH = described.signed(
    SignedDocument, body=CaseSearch, says='The sealed answer (kind "case_list").'
)


@router.post("/cases/search", responses=_SEARCH.responses, openapi_extra=_SEARCH.extra)
def search(city: CityOf, caller: Signed) -> SignedDocument:
    """Return a person's cases, sealed to the key in the question (kind "case_list")."""
    question = read_body(caller, CaseSearch)
    try:
        query = case_search.understand(question, city.keys.sealing, caller.kiosk_id)
        with city.database.transaction() as session:
            found = CaseList(cases=cases.cases_of(session, query.number, query.name))
        return SignedDocument(
            **case_search.answer(found, question, city.keys.signing, caller.kiosk_id)
        )
    except SealError as error:
        raise Refusal(422, "hub.invalid_message", error.code) from None


def read_body(caller: Caller, model: type[M]) -> M:
    """Return the body as a message. Refusal hub.invalid_message names the wrong fields only."""
    try:
        return model.model_validate_json(caller.body)
    except ValidationError as error:
        raise Refusal(422, "hub.invalid_message", wrong_places(error)) from None


def wrong_places(error: ValidationError) -> str:
    """Name the first fields that are wrong, never what they hold."""
    places: list[dict[str, Any]] = [dict(one) for one in error.errors()[:5]]
    return ", ".join(".".join(str(part) for part in one["loc"]) for one in places)
