"""The upload itself: tus 1.0 at an address only the announcer knows.

https://tus.io/protocols/resumable-upload: core, creation (signed, as every kiosk request),
creation-with-upload, checksum, expiration, termination. The offset is what is safe on the disk:
204 is answered only after fsync. Bytes of a PATCH that breaks off are kept, unless it carried a
checksum: those count only when they were checked (hub/parts.py).
"""

from datetime import datetime
from email.utils import format_datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from hub import intake, parts, tus_words
from hub.city import City
from hub.gate import CityOf, SignedCreation
from hub.problems import Refusal
from hub.tables import Upload
from hub.tus_words import CREATION, UPLOAD
from kiosk.contract.messages import MAX_SUBMISSION, Announce

VERSION = "1.0.0"
OFFSET_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"

router = APIRouter(prefix="/v1/uploads", tags=["tus 1.0"])


@router.options("", status_code=204, responses=tus_words.OPTIONS)
@router.options("/{token}", status_code=204, responses=tus_words.OPTIONS)
def options() -> Response:
    """Say what this server can do; needs no Tus-Resumable field."""
    able = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(parts.ALGORITHMS),
    }
    return Response(status_code=204, headers=_headers() | able)


@router.post("", status_code=201, responses=CREATION.responses, openapi_extra=CREATION.extra)
async def create(request: Request, city: CityOf, caller: SignedCreation) -> Response:
    """Announce by tus: Upload-Length and Upload-Metadata (submission_id, digest, receipt_number).

    The same as POST /v1/submissions, with the first bytes in the same request if wanted. The
    answer is 200 with the signed receipt when the hub has the submission already.
    """
    _check_version(request)
    message = _announced(request)
    answer = await run_in_threadpool(intake.announce, city, caller.kiosk_id, message)
    if isinstance(answer, dict):
        return JSONResponse(answer)
    upload, here = answer.upload, answer.offset
    if caller.body:
        _check_type(request)
        if here:
            raise _at(Refusal(409, "hub.busy", f"the offset is {here}"), upload, here)
        here = await _take_in(city, upload, parts.at_once(caller.body), request, 0)
    headers = _progress(upload, here)
    headers["Location"] = f"{city.public_url}/v1/uploads/{answer.token}"
    return Response(status_code=201, headers=headers)


@router.head("/{token}", responses=UPLOAD.head, openapi_extra=UPLOAD.plain)
def head(token: str, request: Request, city: CityOf) -> Response:
    """Say how many bytes are safe."""
    _check_version(request)
    upload = intake.find_upload(city, token)
    here = intake.received(city, upload)
    headers = _progress(upload, here) | {"Upload-Length": str(upload.size)}
    return Response(status_code=200, headers=headers)


@router.patch("/{token}", status_code=204, responses=UPLOAD.patch, openapi_extra=UPLOAD.extra)
async def patch(token: str, request: Request, city: CityOf) -> Response:
    """Append bytes at the offset; the last ones make the case before 204 is answered."""
    _check_version(request)
    _check_type(request)
    upload = await run_in_threadpool(intake.find_upload, city, token)
    length = request.headers.get("content-length", "")
    at = request.headers.get("upload-offset", "")
    here = await run_in_threadpool(intake.received, city, upload)
    if at != str(here):
        raise _at(Refusal(409, "hub.busy", f"the offset is {here}"), upload, here)
    if length.isdecimal() and here + int(length) > upload.size:
        raise Refusal(413, "hub.invalid_message", "more than was announced")
    here = await _take_in(city, upload, request.stream(), request, here)
    return Response(status_code=204, headers=_progress(upload, here))


@router.delete(
    "/{token}", status_code=204, responses=UPLOAD.delete, openapi_extra=UPLOAD.plain
)
def delete(token: str, request: Request, city: CityOf) -> Response:
    """Forget an upload that is not wanted any more. A case is never taken back this way."""
    _check_version(request)
    upload = intake.find_upload(city, token)
    if upload.submission_id in city.patching:
        raise Refusal(423, "hub.busy", "a PATCH is under way")
    intake.terminate(city, upload)
    return Response(status_code=204, headers=_headers())


@router.post("/{token}", include_in_schema=False)
async def overridden(token: str, request: Request, city: CityOf) -> Response:
    """X-HTTP-Method-Override, for clients behind proxies that know GET and POST only (core)."""
    match request.headers.get("x-http-method-override", "").upper():
        case "PATCH":
            return await patch(token, request, city)
        case "DELETE":
            return await run_in_threadpool(delete, token, request, city)
        case "HEAD":
            return await run_in_threadpool(head, token, request, city)
    raise Refusal(405, "hub.invalid_message", "PATCH, HEAD or DELETE")


async def _take_in(
    city: City, upload: Upload, data: parts.Chunks, request: Request, here: int
) -> int:
    """Append, one request at a time; finish when all is here. Returns the new offset."""
    checksum = parts.checksum_of(request.headers.get("upload-checksum"))
    if upload.submission_id in city.patching:
        raise Refusal(423, "hub.busy", "another PATCH is under way")
    city.patching.add(upload.submission_id)
    try:
        # Looked at again under the lock: another request may have ended in between.
        if await run_in_threadpool(intake.received, city, upload) != here:
            raise Refusal(409, "hub.busy", "the offset has moved")
        if here < upload.size:
            part = intake.part(city, upload)
            here = await parts.append(part, data, here, upload.size, checksum)
    finally:
        city.patching.discard(upload.submission_id)
    if here >= upload.size:
        await run_in_threadpool(intake.finish, city, upload)
    return here


def _announced(request: Request) -> Announce:
    try:
        metadata = tus_words.metadata(request.headers.get("upload-metadata", ""))
        length = request.headers.get("upload-length", "")
        return Announce.model_validate(
            {name: metadata.get(name) for name in ("submission_id", "digest", "receipt_number")}
            | {"size": length}
        )
    except (ValueError, ValidationError) as error:
        if request.headers.get("upload-length", "").isdecimal() and (
            int(request.headers["upload-length"]) > MAX_SUBMISSION
        ):
            raise Refusal(413, "hub.invalid_message", "Upload-Length") from error
        raise Refusal(400, "hub.invalid_message", "Upload-Length or Upload-Metadata") from error


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        refusal = Refusal(412, "hub.invalid_message", f"Tus-Resumable: {VERSION}")
        refusal.headers = _headers() | {"Tus-Version": VERSION}
        raise refusal


def _check_type(request: Request) -> None:
    if request.headers.get("content-type") != OFFSET_TYPE:
        raise Refusal(415, "hub.invalid_message", OFFSET_TYPE)


def _at(refusal: Refusal, upload: Upload, here: int) -> Refusal:
    refusal.headers = _progress(upload, here)
    return refusal


def _headers() -> dict[str, str]:
    return {
        "Tus-Resumable": VERSION,
        "Tus-Max-Size": str(MAX_SUBMISSION),
        "Cache-Control": "no-store",
    }


def _progress(upload: Upload, here: int) -> dict[str, str]:
    expires: datetime = upload.expires
    return _headers() | {
        "Upload-Offset": str(here),
        "Upload-Expires": format_datetime(expires, usegmt=True),
    }
