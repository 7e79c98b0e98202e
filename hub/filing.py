"""What becomes of an envelope: opened, looked at, and always a case.

Only an envelope whose signature does not hold is turned away. Everything else
that is wrong (the seal, the payload, the answers) becomes a reason on the case
and state "supplement": a person at the desk sees to it (decision 8).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import published
from hub.city import City
from hub.numbers import next_case_number, official_day
from hub.tables import Case, CaseEvent, DraftCase, Upload
from kiosk.contract.forms import FormModel
from kiosk.contract.messages import SignedReceipt, SubmissionBody
from kiosk.contract.payload import PageImage, PayloadError, unpack, unpack_raw
from kiosk.contract.sealing import (
    EnvelopeHeader,
    ForgedEnvelope,
    MalformedEnvelope,
    SealError,
    open_envelope,
    read_header,
)
from kiosk.contract.signing import sign_document


class NotAuthentic(Exception):
    """No kiosk of ours signed this envelope for this announcement."""


@dataclass(frozen=True, repr=False)
class Inside:
    """What an opened envelope holds, as far as it could be read."""

    header: EnvelopeHeader
    body: dict[str, Any]
    pages: int
    reasons: list[str]
    """Why it could not be read to the end; empty when it could."""


def make_case(
    city: City, session: Session, upload: Upload, envelope: Path, inside: Inside
) -> Case:
    """Make the case of an envelope that was looked into, with its signed receipt.

    A submission that this hub once had and forgot gets its own case number back, when nobody has
    it now.
    """
    header, body, reasons = inside.header, inside.body, inside.reasons
    now, case_number = _when_and_number(city, session, header.service_code, upload.before)
    if not reasons:
        submission = SubmissionBody.model_validate(body)
        reasons = [
            *_check_content(session, header, upload, submission),
            *_check_draft(session, upload, submission, now),
        ]
    receipt = SignedReceipt(
        submission_id=upload.submission_id,
        digest=upload.digest,
        receipt_number=upload.receipt_number,
        case_number=case_number,
        received_at=now,
    )
    state = "supplement" if reasons else "received"
    session.add(CaseEvent(case_number=case_number, at=now, actor=upload.kiosk_id, event=state))
    if upload.before is not None:
        session.add(
            CaseEvent(
                case_number=case_number, at=city.clock(), actor=upload.kiosk_id, event="restored"
            )
        )
    applicant = body.get("applicant")
    person: Mapping[str, Any] = applicant if isinstance(applicant, dict) else {}
    return Case(
        case_number=case_number,
        submission_id=upload.submission_id,
        digest=upload.digest,
        kiosk_id=upload.kiosk_id,
        receipt_number=upload.receipt_number,
        service_code=header.service_code,
        service_version=header.service_version,
        person_number=str(person.get("number", "")),
        person_name=str(person.get("name") or person.get("name_latin") or ""),
        state=state,
        reasons=reasons,
        body=body,
        pages=inside.pages,
        envelope=str(envelope.relative_to(city.folders.root)),
        receipt=sign_document(receipt.model_dump(mode="json"), city.keys.signing, "receipt"),
        received_at=now,
        updated=now,
    )


def make_empty_case(city: City, session: Session, kiosk_id: str, receipt: SignedReceipt) -> Case:
    """Make the case of a receipt whose content is lost; the desk has to ask for it again."""
    number = receipt.case_number
    if session.get(Case, number) is not None:
        number = next_case_number(session, number[:31], official_day(receipt.received_at))
    again = receipt.model_copy(update={"case_number": number})
    event = CaseEvent(case_number=number, at=city.clock(), actor=kiosk_id, event="content_lost")
    session.add(event)
    return Case(
        case_number=number, submission_id=receipt.submission_id, digest=receipt.digest,
        kiosk_id=kiosk_id, receipt_number=receipt.receipt_number, service_code=number[:31],
        service_version="", person_number="", person_name="", state="supplement",
        reasons=["envelope.lost"], body={}, pages=0, envelope="",
        receipt=sign_document(again.model_dump(mode="json"), city.keys.signing, "receipt"),
        received_at=receipt.received_at, updated=city.clock(),
    )  # fmt: skip


def receipt_of(city: City, case: Case) -> dict[str, Any]:
    """Return a case's receipt, signed with the key that is in use now: whoever asks trusts that
    one, and may not have known the one before."""
    if case.receipt["key_id"] == city.keys.public().signing_id:
        return case.receipt
    return sign_document(case.receipt["document"], city.keys.signing, "receipt")


def pages_of(city: City, keys: Sequence[Ed25519PublicKey], envelope: str) -> list[PageImage]:
    """Open a filed envelope again for its pages; empty when it cannot be opened."""
    if not envelope:
        return []
    try:
        sealed = (city.folders.root / envelope).read_bytes()
        return unpack_raw(_opened(city, sealed, keys))[1]
    except (FileNotFoundError, SealError, PayloadError):
        return []


def _when_and_number(
    city: City, session: Session, service_code: str, before: dict[str, Any] | None
) -> tuple[datetime, str]:
    now = city.clock()
    if before is not None:
        once = SignedReceipt.model_validate(before["document"])
        if session.get(Case, once.case_number) is None:
            return once.received_at, once.case_number
    return now, next_case_number(session, service_code, official_day(now))


def _opened(city: City, sealed: bytes, keys: Sequence[Ed25519PublicKey]) -> bytes:
    """Open an envelope that one of these keys signed. Raises SealError."""
    for key in keys[:-1]:
        try:
            return open_envelope(sealed, city.keys.sealing, key)[1]
        except ForgedEnvelope:
            continue
    return open_envelope(sealed, city.keys.sealing, keys[-1])[1]


def look_inside(
    city: City, upload: Upload, sealed: bytes, keys: Sequence[Ed25519PublicKey]
) -> Inside:
    """Open an envelope, outside any transaction. Raises NotAuthentic.

    keys: every key the kiosk ever had; what an old board sealed may come in later.
    """
    try:
        header = read_header(sealed)
        if (header.submission_id, header.kiosk_id) != (upload.submission_id, upload.kiosk_id):
            raise NotAuthentic("announced as another submission")
        plain = _opened(city, sealed, keys)
    except (MalformedEnvelope, ForgedEnvelope) as error:
        raise NotAuthentic(error.code) from error
    except SealError as error:
        return Inside(header, {}, 0, [error.code])
    try:
        body, pages = unpack_raw(plain)
    except PayloadError:
        return Inside(header, {}, 0, ["payload.damaged"])
    try:
        unpack(plain)
    except PayloadError:
        return Inside(header, body, len(pages), ["payload.damaged"])
    return Inside(header, body, len(pages), [])


def _check_draft(
    session: Session, upload: Upload, body: SubmissionBody, now: datetime
) -> list[str]:
    """One draft, handed in at two kiosks that could not know of each other: a person looks."""
    if body.draft_id is None:
        return []
    first = session.get(DraftCase, body.draft_id)
    if first is None:
        session.add(
            DraftCase(draft_id=body.draft_id, submission_id=upload.submission_id, at=now)
        )
        return []
    if first.submission_id == upload.submission_id:
        return []
    number = session.scalar(
        select(Case.case_number).where(Case.submission_id == first.submission_id)
    )
    return [f"draft.twice:{number}" if number else "draft.twice"]


@lru_cache(maxsize=256)
def _form(text: str) -> FormModel:
    """A form, checked once: looking through its schema takes longer than all answers to it."""
    return FormModel(json.loads(text))


def _check_content(
    session: Session, header: EnvelopeHeader, upload: Upload, body: SubmissionBody
) -> list[str]:
    claimed = (body.id, body.service_code, body.service_version, body.receipt_number)
    expected = (header.submission_id, header.service_code, header.service_version)
    if claimed != (*expected, upload.receipt_number):
        return ["payload.mismatch"]
    service = published.service(session, header.service_code, header.service_version)
    if service is None:
        return ["service.unknown_version"]
    reasons = []
    if service.get("form"):
        model = _form(json.dumps(service["form"]))
        reasons += [f"{p.code}:{p.field}" for p in model.validate_strictly(body.answers)]
    handed_in = {material.id: len(material.pages) for material in body.materials}
    for material in service.get("materials", ()):
        needed = material.get("required") and material.get("form") == "scan"
        if needed and not handed_in.get(material["id"]):
            reasons.append(f"material.missing:{material['id']}")
    if body.signature is None or not body.signature.strokes:
        reasons.append("signature.missing")
    return reasons
