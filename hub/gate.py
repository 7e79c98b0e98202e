"""Who is calling: every kiosk request is signed, recent, and counts once (decision 9)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from pydantic import ValidationError
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from hub import enrolment
from hub.city import City
from hub.problems import Refusal
from hub.tables import Kiosk, Nonce
from kiosk.contract import keys
from kiosk.contract.drafts import MAX_DRAFT
from kiosk.contract.messages import EnrolmentRequest
from kiosk.contract.signing import (
    MAX_AGE,
    ClockSkew,
    SignatureError,
    SignedRequest,
    UnknownSigner,
    verify_request,
)

MAX_BODY = 1024 * 1024
"""Largest signed body, bytes. Submissions themselves go through an upload address."""
TUS_FIELDS = ("upload-length", "upload-metadata")
"""What a signature over a tus creation has to cover besides."""


@dataclass(frozen=True)
class Caller:
    """An enrolled kiosk, and the exact bytes it signed."""

    kiosk_id: str
    body: bytes


def city_of(request: Request) -> City:
    """Return the hub this request came to."""
    city: City = request.app.state.city
    return city


async def signed(request: Request) -> Caller:
    """Let only enrolled, unrevoked kiosks pass."""
    city = city_of(request)
    message = await _message(city, request)
    return await run_in_threadpool(_check, city, message)


async def signed_creation(request: Request) -> Caller:
    """As signed, for tus creation: what it announces stands in header fields, so they count."""
    city = city_of(request)
    message = await _message(city, request)
    return await run_in_threadpool(_check, city, message, TUS_FIELDS)


async def signed_draft(request: Request) -> Caller:
    """As signed, for a sealed draft, which is larger than any message."""
    city = city_of(request)
    message = await _message(city, request, MAX_DRAFT)
    return await run_in_threadpool(_check, city, message)


async def signed_by_new_key(request: Request) -> EnrolmentRequest:
    """Let a newcomer pass who proves to hold the key it wants enrolled."""
    city = city_of(request)
    message = await _message(city, request)
    return await run_in_threadpool(_check_newcomer, city, message)


CityOf = Annotated[City, Depends(city_of)]
Signed = Annotated[Caller, Depends(signed)]
SignedCreation = Annotated[Caller, Depends(signed_creation)]
SignedDraft = Annotated[Caller, Depends(signed_draft)]
Newcomer = Annotated[EnrolmentRequest, Depends(signed_by_new_key)]


async def _message(city: City, request: Request, most: int = MAX_BODY) -> SignedRequest:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refusal(413, "hub.invalid_message", "body too large")
    # The signed address is the public one, whatever a proxy made of the Host field.
    path = request.scope["raw_path"].decode("ascii")
    query = request.scope["query_string"].decode("ascii")
    url = city.public_url + path + (f"?{query}" if query else "")
    return SignedRequest(request.method, url, request.headers, bytes(body))


def _check(city: City, message: SignedRequest, also: tuple[str, ...] = ()) -> Caller:
    now = city.clock()
    with city.database.transaction() as session:
        try:
            signer = verify_request(
                message, lambda k: enrolment.public_key(session, k), now, also
            )
        except UnknownSigner:
            raise Refusal(403, "hub.unknown_kiosk") from None
        except ClockSkew:
            raise Refusal(401, "hub.clock_skew", time=now.isoformat()) from None
        except SignatureError as error:
            raise Refusal(401, "hub.bad_signature", str(error)) from None
        kiosk = session.get(Kiosk, signer.key_id)
        if kiosk is None or kiosk.revoked:
            raise Refusal(403, "hub.refused", "revoked")
        if not kiosk.approved:
            raise Refusal(403, "hub.not_approved")
        session.execute(delete(Nonce).where(Nonce.seen < now - 2 * MAX_AGE))
        session.add(Nonce(key_id=signer.key_id, nonce=signer.nonce, seen=now))
        try:
            session.flush()
        except IntegrityError:
            # Repeated somewhere on the way; signed again, it passes.
            raise Refusal(401, "hub.bad_signature", "this request was seen before") from None
    return Caller(signer.key_id, message.body)


def _check_newcomer(city: City, message: SignedRequest) -> EnrolmentRequest:
    try:
        request = EnrolmentRequest.model_validate_json(message.body)
        key = keys.signing_public_key(request.public_key)
    except (ValidationError, ValueError):
        raise Refusal(422, "hub.invalid_message", "not an enrolment request") from None
    try:
        verify_request(message, lambda k: key if k == keys.key_id(key) else None, city.clock())
    except ClockSkew:
        raise Refusal(401, "hub.clock_skew", time=city.clock().isoformat()) from None
    except SignatureError as error:
        raise Refusal(401, "hub.bad_signature", str(error)) from None
    return request
