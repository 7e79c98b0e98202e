"""From an announcement to a case, exactly once, whenever the hub dies in between.

announce → bytes arrive (uploads.py) → complete: digest checked → the envelope
is moved into its folder → opened → case and signed receipt written in one
transaction. Each step can be repeated; the next one looks at what it finds on
the disk. A case is unique by submission id. Nobody else's transaction waits
while bytes are read, synced or opened.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import crashpoints, durable, enrolment, filing, parts
from hub.city import City
from hub.problems import Refusal
from hub.tables import Case, Kiosk, Upload
from kiosk.contract.messages import Announce, SignedReceipt
from kiosk.contract.signing import SignatureError

OFFER_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Offer:
    """An upload address: its secret token and how many bytes are here already."""

    token: str
    offset: int
    upload: Upload


def announce(city: City, kiosk_id: str, message: Announce) -> Offer | dict[str, Any]:
    """Answer an announcement: the signed receipt when the case exists, else an offer.

    Raises Refusal hub.digest_conflict for a known id with another digest.
    """
    now = city.clock()
    before = _receipt_before(city, message)
    with city.database.transaction() as session:
        case = _case(session, message.submission_id)
        if case is not None:
            if case.digest != message.digest:
                raise Refusal(409, "hub.digest_conflict")
            return filing.receipt_of(city, case)
        upload = session.get(Upload, message.submission_id)
        if upload is not None:
            same = (upload.digest, upload.size) == (message.digest, message.size)
            if not same or upload.kiosk_id != kiosk_id:
                raise Refusal(409, "hub.digest_conflict")
            if upload.refused:
                raise Refusal(422, "hub.invalid_message", "the envelope is not authentic")
            if upload.expires < now:
                upload.token = secrets.token_urlsafe(32)
            upload.expires = now + OFFER_LIFETIME
            upload.before = upload.before or before
        else:
            upload = Upload(
                submission_id=message.submission_id,
                token=secrets.token_urlsafe(32),
                kiosk_id=kiosk_id,
                digest=message.digest,
                size=message.size,
                receipt_number=message.receipt_number,
                expires=now + OFFER_LIFETIME,
                refused=False,
                done=False,
                before=before,
            )
            session.add(upload)
    if received(city, upload) >= upload.size:
        return finish(city, upload)
    return Offer(upload.token, received(city, upload), upload)


def receipt(city: City, kiosk_id: str, submission_id: str) -> dict[str, Any] | int:
    """Return the signed receipt, or how many bytes are here; Refusal hub.not_found."""
    with city.database.transaction() as session:
        case = _case(session, submission_id)
        if case is not None:
            return filing.receipt_of(city, case)
        upload = session.get(Upload, submission_id)
    if upload is None or upload.kiosk_id != kiosk_id:
        raise Refusal(404, "hub.not_found")
    if upload.refused:
        raise Refusal(422, "hub.invalid_message", "the envelope is not authentic")
    here = received(city, upload)
    return finish(city, upload) if here >= upload.size else here


def find_upload(city: City, token: str) -> Upload:
    """Return the upload behind a secret address; Refusal hub.upload_gone, hub.refused."""
    with city.database.transaction() as session:
        upload = session.scalar(select(Upload).where(Upload.token == token))
        if upload is None:
            raise Refusal(404, "hub.upload_gone")
        kiosk = session.get(Kiosk, upload.kiosk_id)
        if kiosk is None or kiosk.revoked:
            raise Refusal(403, "hub.refused", "revoked")
    if upload.expires < city.clock():
        raise Refusal(410, "hub.upload_gone", "expired")
    if upload.refused:
        raise Refusal(422, "hub.invalid_message", "the envelope is not authentic")
    return upload


def terminate(city: City, upload: Upload) -> None:
    """Forget an upload and its bytes. Refusal hub.invalid_message when it is a case already."""
    with city.filing(upload.digest):
        with city.database.transaction() as session:
            known = session.get(Upload, upload.submission_id)
            if known is None:
                return
            if known.done or _case(session, upload.submission_id) is not None:
                raise Refusal(403, "hub.refused", "it is a case already")
            session.delete(known)
        part(city, upload).unlink(missing_ok=True)


def part(city: City, upload: Upload) -> Path:
    """Return the file that takes in an upload's bytes."""
    # Named by the submission, not by the address: a renewed address goes on with the same bytes.
    return city.folders.uploads / f"{_file_stem(upload)}.part"


def received(city: City, upload: Upload) -> int:
    """Return how many bytes of an upload are safe on this disk."""
    if upload.done or _envelope(city, upload).exists():
        return upload.size
    try:
        return part(city, upload).stat().st_size
    except FileNotFoundError:
        return 0


def finish(city: City, upload: Upload) -> dict[str, Any]:
    """Turn a complete upload into its case; return the signed receipt.

    Safe to call again, also at the same time from two requests. Raises Refusal
    hub.upload_gone (bytes differ from the announced digest: they are dropped,
    announce again) or hub.invalid_message (not an authentic envelope).
    """
    crashpoints.reached("upload.complete")
    with city.filing(upload.digest):
        with city.database.transaction() as session:
            case = _case(session, upload.submission_id)
            if case is not None:
                return filing.receipt_of(city, case)
            keys = enrolment.public_keys(session, upload.kiosk_id)
        assert keys, "kiosks are revoked, never deleted"
        path = _file(city, upload)
        crashpoints.reached("envelope.filed")
        try:
            inside = filing.look_inside(city, upload, path.read_bytes(), keys)
        except filing.NotAuthentic:
            inside = None
        case = _settle(city, upload, path, inside)
    if case is None:
        raise Refusal(422, "hub.invalid_message", "the envelope is not authentic")
    crashpoints.reached("case.committed")
    return filing.receipt_of(city, case)


def _file(city: City, upload: Upload) -> Path:
    """Move a complete upload's bytes to their place, durably; Refusal hub.upload_gone."""
    path = _envelope(city, upload)
    if path.exists():
        return path
    arrived = part(city, upload)
    try:
        digest = _sha256(arrived)
    except FileNotFoundError:
        raise Refusal(410, "hub.upload_gone", "dropped: start again") from None
    if digest != upload.digest:
        arrived.unlink()
        raise Refusal(410, "hub.upload_gone", "digest differs: start again")
    # The request that brought the last bytes may not have flushed them yet.
    durable.sync_file(arrived)
    durable.make_folder(path.parent)
    durable.move(arrived, path)
    return path


def _settle(
    city: City, upload: Upload, path: Path, inside: filing.Inside | None
) -> Case | None:
    """Write what became of it: its case, or None and never asked again (not authentic)."""
    with city.database.transaction() as session:
        case = _case(session, upload.submission_id)
        if case is not None:  # its receipt was returned meanwhile, see hub/contact.py
            return case
        known = session.get(Upload, upload.submission_id)
        if inside is None:
            # The bytes stay in their folder: somebody may want to know what this was.
            if known is not None:
                known.refused = True
            return None
        case = filing.make_case(city, session, upload, path, inside)
        session.add(case)
        if known is not None:
            # Kept until it expires: a client whose last answer got lost asks with HEAD.
            known.done = True
    return case


def recover(city: City) -> int:
    """At the start: finish what was complete when the hub died. Returns how many."""
    with city.database.transaction() as session:
        uploads = list(session.scalars(select(Upload)))
    waiting = [upload for upload in uploads if not upload.refused and not upload.done]
    known = {_file_stem(upload) for upload in uploads}
    for file in city.folders.uploads.iterdir():
        # A chunk that was being checked when the hub died is not checked any more.
        if file.suffix == parts.WAITING or file.stem not in known:
            file.unlink()
    done = 0
    for upload in waiting:
        if received(city, upload) >= upload.size:
            try:
                finish(city, upload)
            except Refusal:
                continue  # said again when the kiosk asks
            done += 1
    return done


def _receipt_before(city: City, message: Announce) -> dict[str, Any] | None:
    """The receipt this hub once gave for exactly this submission, when one was shown."""
    if message.receipt is None:
        return None
    shown = message.receipt.model_dump()
    try:
        once = SignedReceipt.model_validate(city.keys.verify_own(shown, "receipt"))
    except (SignatureError, ValidationError):
        raise Refusal(422, "hub.invalid_message", "not a receipt of this hub") from None
    if (once.submission_id, once.digest) != (message.submission_id, message.digest):
        raise Refusal(422, "hub.invalid_message", "a receipt of something else")
    return shown


def _case(session: Session, submission_id: str) -> Case | None:
    return session.scalar(select(Case).where(Case.submission_id == submission_id))


def _file_stem(upload: Upload) -> str:
    return f"{upload.submission_id}.{upload.digest[:16]}"


def _envelope(city: City, upload: Upload) -> Path:
    # Spread over 256 folders, so that no folder grows without end.
    return city.folders.envelopes / upload.digest[:2] / f"{_file_stem(upload)}.ymn"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
