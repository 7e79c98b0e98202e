"""From application to submission: frozen, sealed to the hub, signed, and committed in one go."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.application import Application
from kiosk.contract.keys import sealing_public_key
from kiosk.contract.messages import Consent, MaterialPages, SubmissionBody
from kiosk.contract.payload import pack, page_image
from kiosk.contract.receipts import ReceiptNumber, qr_text
from kiosk.contract.sealing import EnvelopeHeader, seal
from kiosk.device_identity import DeviceIdentity
from offline_store.connections import Connection
from offline_store.outbox import NewSubmission, Outbox


@dataclass(frozen=True)
class Committed:
    """What the person gets to know once nothing can be lost any more."""

    submission_id: str
    receipt_number: str
    receipt_qr: str
    committed: datetime


def commit(
    application: Application,
    consent: Consent,
    language: str,
    now: datetime,
    identity: DeviceIdentity,
    outbox: Outbox,
    also: Callable[[Connection], None] | None = None,
) -> Committed:
    """Freeze, seal, sign and commit. Returns after the store synced; raises StoreError.

    `also` joins the store's transaction (Outbox.commit). Plain bytes exist only inside this call.
    """
    day = now.astimezone().date()
    number = ReceiptNumber.make(
        identity.kiosk_code, day, outbox.next_receipt_sequence(day.isoformat())
    )
    submission_id = uuid.uuid4().hex
    service = application.service
    refs, images, count = [], [], 0
    for material_id, pages in application.pages.items():
        material_refs = []
        for page in pages:
            count += 1
            ref, image = page_image(count, page.jpeg, page.width, page.height)
            material_refs.append(ref)
            images.append(image)
        refs.append(MaterialPages(id=material_id, pages=tuple(material_refs)))
    person = application.person.message()
    body = SubmissionBody.model_validate(
        {
            "id": submission_id,
            "receipt_number": str(number),
            "service_code": service["code"],
            "service_version": service["version"],
            "language": language,
            "created": now,
            "applicant": person,
            "subject": person,
            "handler": person,
            "answers": application.form.clean(application.answers),
            "prefilled_sources": application.sources,
            "materials": tuple(refs),
            "signature": application.signature(),
            "consent": consent,
            "assurance": application.person.assurance,
            "draft_id": None if application.draft is None else application.draft[0],
        }
    )
    sealed = seal(
        pack(body, images),
        EnvelopeHeader(
            submission_id=submission_id,
            service_code=service["code"],
            service_version=service["version"],
            kiosk_id=identity.kiosk_id,
            created=now.isoformat(),
        ),
        sealing_public_key(identity.hub.sealing),
        identity.private_key,
    )
    qr = qr_text(number, identity.kiosk_id, identity.private_key)
    outbox.commit(
        NewSubmission(
            submission_id=submission_id,
            receipt_number=str(number),
            service_code=service["code"],
            service_name=dict(service["name"]),
            language=language,
            digest=hashlib.sha256(sealed).hexdigest(),
            sealed=sealed,
            receipt_qr=qr,
            created=now.isoformat(),
        ),
        also,
    )
    return Committed(submission_id, str(number), qr, now)
