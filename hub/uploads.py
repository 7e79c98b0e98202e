"""The upload itself: tus 1.0 core with expiration, at an address only the announcer knows.

https://tus.io/protocols/resumable-upload. The offset is the size of the file on
the disk, and 204 is answered only after fsync, so what a client was told is safe
stays safe. Bytes of a PATCH that breaks off are kept.
"""

import os
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from hub import durable, intake
from hub.city import City
from hub.gate import CityOf
from hub.problems import Refusal
from hub.tables import Upload
from kiosk.contract.messages import MAX_SUBMISSION

VERSION = "1.0.0"
OFFSET_TYPE = "application/offset+octet-stream"

router = APIRouter(prefix="/v1/uploads")


@router.options("/{token}")
def options(token: str) -> Response:
    """Say what this server can do; needs no Tus-Resumable field."""
    extensions = {"Tus-Version": VERSION, "Tus-Extension": "expiration"}
    return Response(status_code=204, headers=_headers() | extensions)


@router.head("/{token}")
def head(token: str, request: Request, city: CityOf) -> Response:
    """Say how many bytes are safe."""
    _check_version(request)
    upload = intake.find_upload(city, token)
    here = intake.received(city, upload)
    headers = _progress(upload, here) | {"Upload-Length": str(upload.size)}
    return Response(status_code=200, headers=headers)


@router.patch("/{token}")
async def patch(token: str, request: Request, city: CityOf) -> Response:
    """Append bytes at the offset; the last ones make the case before 204 is answered."""
    _check_version(request)
    if request.headers.get("content-type") != OFFSET_TYPE:
        raise Refusal(415, "hub.invalid_message", OFFSET_TYPE)
    upload = await run_in_threadpool(intake.find_upload, city, token)
    if upload.submission_id in city.patching:
        raise Refusal(423, "hub.busy", "another PATCH is under way")
    city.patching.add(upload.submission_id)
    try:
        here = await _append(city, upload, request)
    finally:
        city.patching.discard(upload.submission_id)
    if here >= upload.size:
        await run_in_threadpool(intake.finish, city, upload)
    return Response(status_code=204, headers=_progress(upload, here))


async def _append(city: City, upload: Upload, request: Request) -> int:
    here = await run_in_threadpool(intake.received, city, upload)
    if request.headers.get("upload-offset") != str(here):
        refusal = Refusal(409, "hub.busy", f"the offset is {here}")
        refusal.headers = _progress(upload, here)
        raise refusal
    if here >= upload.size:
        return here
    length = request.headers.get("content-length", "")
    if length.isdecimal() and here + int(length) > upload.size:
        raise Refusal(413, "hub.invalid_message", "more than was announced")
    path = intake.part(city, upload)
    descriptor = await run_in_threadpool(_open, path)
    try:
        async for chunk in request.stream():
            if here + len(chunk) > upload.size:
                raise Refusal(413, "hub.invalid_message", "more than was announced")
            await run_in_threadpool(_write, descriptor, chunk)
            here += len(chunk)
    except ClientDisconnect:
        # The client is gone; it will ask with HEAD how much arrived.
        pass
    finally:
        await run_in_threadpool(_sync, descriptor, path)
    return here


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync(descriptor: int, path: Path) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    durable.sync_folder(path.parent)


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        refusal = Refusal(412, "hub.invalid_message", f"Tus-Resumable: {VERSION}")
        refusal.headers = _headers() | {"Tus-Version": VERSION}
        raise refusal


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
