"""Cases as others may see them: their applicant, anyone with a receipt, the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import published
from hub.tables import Case, CaseEvent
from kiosk.contract.forms import FormModel
from kiosk.contract.messages import (
    AnswerView,
    CaseView,
    PromisedTime,
    ReceiptStatus,
    Status,
    Words,
)

_LANGUAGES = ("zh", "en", "ko")
_STATUS: dict[str, Status] = {
    "received": "received",
    "supplement": "supplement",
    "accepted": "reviewing",
    "closed": "ready",
}
_DUE = ("received", "accepted")
"""States in which an answer is due; while something is missing, the time limit rests."""


class NotOpen(Exception):
    """The case is not in a state in which this can be done to it."""


def status_of(session: Session, receipt_number: str) -> ReceiptStatus:
    """Return what a receipt's code may tell anyone; "unknown" when it is not here (yet)."""
    case = session.scalar(
        select(Case).where(Case.receipt_number == receipt_number).order_by(Case.received_at)
    )
    if case is None:
        return ReceiptStatus(number=receipt_number, status="unknown")
    service = published.service(session, case.service_code, case.service_version)
    return ReceiptStatus(
        number=receipt_number,
        status=_STATUS[case.state],
        updated=case.updated,
        promised=_promised(case, service),
    )


def cases_of(session: Session, number: str, name: str) -> tuple[CaseView, ...]:
    """Return a person's cases, newest first. Number and name must both be theirs."""
    found = session.scalars(
        select(Case)
        .where(Case.person_number == number, Case.person_name == name)
        .order_by(Case.received_at.desc())
    )
    return tuple(view(session, case) for case in found)


def view(session: Session, case: Case) -> CaseView:
    """Return a case as its applicant sees it."""
    service = published.service(session, case.service_code, case.service_version)
    plain = dict.fromkeys(_LANGUAGES, case.service_code)
    return CaseView(
        case_number=case.case_number,
        receipt_number=case.receipt_number,
        submission_id=case.submission_id,
        service_code=case.service_code,
        service_name=service["name"] if service else plain,
        status=_STATUS[case.state],
        received_at=case.received_at,
        updated=case.updated,
        answers=tuple(answers(service, case.body.get("answers"))),
        pages=case.pages,
        notes=tuple(case.reasons),
        promised=_promised(case, service),
    )


def _promised(case: Case, service: dict[str, Any] | None) -> PromisedTime | None:
    """The promise of the service as it was applied for, counted from the handing in at the kiosk:
    a line that was down is not the applicant's."""
    if service is None or case.state not in _DUE:
        return None
    try:
        handed_in = datetime.fromisoformat(case.body["created"])
    except (KeyError, TypeError, ValueError):  # what could not be read came here nevertheless
        handed_in = case.received_at
    days = service["guide"]["time"]["promised_days"]
    return PromisedTime(handed_in=handed_in, working_days=days)


def answers(service: dict[str, Any] | None, given: Any) -> list[AnswerView]:
    """Return answers in words, in the order of the form; unknown fields as they came."""
    if not isinstance(given, dict):
        return []
    model = FormModel(service["form"]) if service and service.get("form") else None
    known = model.field_ids if model else ()
    shown = []
    for name in [*(n for n in known if n in given), *(n for n in given if n not in known)]:
        label: Words = dict.fromkeys(_LANGUAGES, name)
        value: Words = dict.fromkeys(_LANGUAGES, str(given[name]))
        if model and name in known:
            label = {language: model.label(name, language) for language in _LANGUAGES}
            value = {
                language: model.answer_text(name, given[name], language) for language in _LANGUAGES
            }
        shown.append(AnswerView(field=name, label=label, value=value))
    return shown


def accept(session: Session, case_number: str, account: str, now: datetime) -> None:
    """Accept a case at the desk. NotOpen when it was accepted before or does not exist."""
    case = session.get(Case, case_number)
    if case is None or case.state not in ("received", "supplement"):
        raise NotOpen(case_number)
    case.state = "accepted"
    case.updated = now
    session.add(CaseEvent(case_number=case_number, at=now, actor=account, event="accepted"))


def close(session: Session, case_number: str, account: str, now: datetime) -> None:
    """Close an accepted case: its result was given. NotOpen when it was not accepted."""
    case = session.get(Case, case_number)
    if case is None or case.state != "accepted":
        raise NotOpen(case_number)
    case.state = "closed"
    case.updated = now
    session.add(CaseEvent(case_number=case_number, at=now, actor=account, event="closed"))
