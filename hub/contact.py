"""What kiosks report, what this hub has forgotten, and what staff escalate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import cases, enrolment, filing, settings
from hub.city import City
from hub.problems import Refusal
from hub.tables import Case, Escalation, Kiosk, KioskContact, Upload
from kiosk.contract import contact
from kiosk.contract.contact import Contact, ContactReply, Forgotten, Kept, Returned
from kiosk.contract.messages import SignedReceipt
from kiosk.contract.signing import SignatureError, sign_document


def report(city: City, kiosk_id: str, message: Contact) -> dict[str, Any]:
    """Keep a kiosk's report; return the signed answer."""
    now = city.clock()
    city.halls.every()  # read, if need be, before anybody waits for the database
    with city.database.transaction() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        assert kiosk is not None, "the gate let it in"
        known = session.get(KioskContact, kiosk_id)
        told = message.model_dump(mode="json")
        if known is None:
            session.add(KioskContact(kiosk_id=kiosk_id, at=now, report=told))
        else:
            if message.audit_seq < known.report["audit_seq"]:
                # Somebody cut its end off, or the store was lost: either way a person must know.
                was = f"{known.report['audit_seq']} → {message.audit_seq}"
                enrolment.note(session, now, kiosk_id, kiosk_id, "audit_shorter", was)
            elif _written_anew(message, known.report):
                at = str(known.report["audit_seq"])
                enrolment.note(session, now, kiosk_id, kiosk_id, "audit_changed", at)
            known.at, known.report = now, told
        reply = ContactReply(
            kiosk_id=kiosk_id, name=kiosk.name, hall=kiosk.hall, epoch=city.epoch, time=now,
            audit_seq=message.audit_seq,
            settings=settings.layers_for(session, city.halls, kiosk.hall),
        )
    return sign_document(reply.model_dump(mode="json"), city.keys.signing, contact.CONTACT)


def _written_anew(message: Contact, known: dict[str, Any]) -> bool:
    """Whether the line whose hash this hub has on record hashes to something else now."""
    if known["audit_seq"] == 0:
        return False
    if message.audit_seq == known["audit_seq"]:
        return bool(message.audit_head != known["audit_head"])
    # A kiosk whose last answer got lost tells of an older length; it knows better next time.
    return bool(
        message.audit_told == known["audit_seq"] and message.audit_told_hash != known["audit_head"]
    )


def forgotten(city: City, kept: Sequence[Kept]) -> Forgotten:
    """Return which of these submissions are no cases here."""
    with city.database.transaction() as session:
        known = set(
            session.scalars(
                select(Case.submission_id).where(
                    Case.submission_id.in_([one.submission_id for one in kept])
                )
            )
        )
    return Forgotten(
        submission_ids=tuple(o.submission_id for o in kept if o.submission_id not in known)
    )


def returned(city: City, kiosk_id: str, message: Returned) -> dict[str, Any]:
    """Take back our own receipt for what was forgotten: a case without its content, which the
    desk sees. Returns the receipt that holds now. Refusal hub.invalid_message: not ours."""
    receipt = own_receipt(city, message.receipt.model_dump())
    with city.database.transaction() as session:
        known = session.scalar(select(Case).where(Case.submission_id == receipt.submission_id))
        if known is not None:
            return filing.receipt_of(city, known)
        case = filing.make_empty_case(city, session, kiosk_id, receipt)
        session.add(case)
        upload = session.get(Upload, receipt.submission_id)
        if upload is not None:
            upload.done = True
        return case.receipt


def own_receipt(city: City, signed: Any) -> SignedReceipt:
    """Check that this hub signed a receipt. Refusal hub.invalid_message."""
    try:
        return SignedReceipt.model_validate(city.keys.verify_own(signed, "receipt"))
    except (SignatureError, ValueError):
        raise Refusal(422, "hub.invalid_message", "not a receipt of this hub") from None


def escalate(city: City, kiosk_id: str, message: contact.Escalation) -> int:
    """Note a stuck submission; the same one again gets the same number."""
    with city.database.transaction() as session:
        known = session.scalar(
            select(Escalation).where(
                Escalation.submission_id == message.submission_id,
                Escalation.kiosk_id == kiosk_id,
                Escalation.closed.is_(None),
            )
        )
        told = message.model_dump(mode="json")
        if known is None:
            known = Escalation(
                at=city.clock(), kiosk_id=kiosk_id, submission_id=message.submission_id,
                report=told, closed=None,
            )  # fmt: skip
            session.add(known)
            session.flush()
        else:
            known.report = told
        return known.number


def escalations(session: Session) -> list[Escalation]:
    """Return what nobody has seen to yet, oldest first."""
    return list(
        session.scalars(
            select(Escalation).where(Escalation.closed.is_(None)).order_by(Escalation.number)
        )
    )


def close_escalation(session: Session, number: int, now: datetime) -> None:
    """Somebody has seen to it. cases.NotOpen when there is none."""
    known = session.get(Escalation, number)
    if known is None or known.closed is not None:
        raise cases.NotOpen(str(number))
    known.closed = now
