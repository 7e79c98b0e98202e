"""What becomes of an envelope: opened, looked at, and always a case.

Only an envelope whose signature does not hold is turned away. Everything else
that is wrong (the seal, the payload, the answers) becomes a reason on the case
and state "supplement": a person at the desk sees to it (decision 8).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from hub import published
from hub.city import City
from hub.numbers import next_case_number, official_day
from hub.tables import Case, CaseEvent, Upload
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


def make_case(
    city: City, session: Session, upload: Upload, envelope: Path, key: Ed25519PublicKey
) -> Case:
    """Make the case of an envelope, with its signed receipt. Raises NotAuthentic."""
    now = city.clock()
    header, body, pages, reasons = _look_inside(city, upload, envelope.read_bytes(), key)
    if not reasons:
        reasons = _check_content(session, header, upload, SubmissionBody.model_validate(body))
    case_number = next_case_number(session, header.service_code, official_day(now))
    receipt = SignedReceipt(
        submission_id=upload.submission_id,
        digest=upload.digest,
        receipt_number=upload.receipt_number,
        case_number=case_number,
        received_at=now,
    )
    state = "supplement" if reasons else "received"
    session.add(CaseEvent(case_number=case_number, at=now, actor=upload.kiosk_id, event=state))
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
        pages=len(pages),
        envelope=str(envelope.relative_to(city.folders.root)),
        receipt=sign_document(receipt.model_dump(mode="json"), city.keys.signing, "receipt"),
        received_at=now,
        updated=now,
    )


def pages_of(city: City, kiosk_key: Ed25519PublicKey, envelope: str) -> list[PageImage]:
    """Open a filed envelope again for its pages; empty when it cannot be opened."""
    sealed = (city.folders.root / envelope).read_bytes()
    try:
        _, plain = open_envelope(sealed, city.keys.sealing, kiosk_key)
        return unpack_raw(plain)[1]
    except (SealError, PayloadError):
        return []


def _look_inside(
    city: City, upload: Upload, sealed: bytes, key: Ed25519PublicKey
) -> tuple[EnvelopeHeader, dict[str, Any], list[PageImage], list[str]]:
    try:
        header = read_header(sealed)
        if (header.submission_id, header.kiosk_id) != (upload.submission_id, upload.kiosk_id):
            raise NotAuthentic("announced as another submission")
        _, plain = open_envelope(sealed, city.keys.sealing, key)
    except (MalformedEnvelope, ForgedEnvelope) as error:
        raise NotAuthentic(error.code) from error
    except SealError as error:
        return header, {}, [], [error.code]
    try:
        body, pages = unpack_raw(plain)
    except PayloadError:
        return header, {}, [], ["payload.damaged"]
    try:
        unpack(plain)
    except PayloadError:
        return header, body, pages, ["payload.damaged"]
    return header, body, pages, []


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
        model = FormModel(service["form"])
        reasons += [f"{p.code}:{p.field}" for p in model.validate_strictly(body.answers)]
    handed_in = {material.id: len(material.pages) for material in body.materials}
    for material in service.get("materials", ()):
        needed = material.get("required") and material.get("form") == "scan"
        if needed and not handed_in.get(material["id"]):
            reasons.append(f"material.missing:{material['id']}")
    if body.signature is None or not body.signature.strokes:
        reasons.append("signature.missing")
    return reasons
