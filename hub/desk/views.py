"""Cases as the desk's pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import cases, published
from hub.desk.drawing import Drawing, draw
from hub.desk.words import DOCUMENTS, EVENTS, REASONS, SEXES, STATES, WORDS
from hub.numbers import OFFICIAL_TIME
from hub.tables import Case, CaseEvent, Kiosk
from kiosk.contract.messages import SubmissionBody

LANGUAGE = "zh"


@dataclass(frozen=True)
class CaseRow:
    """One line of the list."""

    case_number: str
    service: str
    applicant: str
    number: str
    state: str
    state_word: str
    receipt_number: str
    received_at: str


@dataclass(frozen=True)
class Material:
    """One material and the numbers of its pages (from 1 through the whole case)."""

    name: str
    pages: tuple[int, ...]


@dataclass(frozen=True)
class CaseDetail:
    """One case. `facts`, `person`, `answers` are pairs of label and text."""

    row: CaseRow
    facts: tuple[tuple[str, str], ...]
    person: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    materials: tuple[Material, ...]
    signature: Drawing | None
    history: tuple[tuple[str, str, str], ...]
    readable: bool
    open: bool


def row(session: Session, case: Case) -> CaseRow:
    """Return a case as a line of the list; the number masked, as shoulders are looked over."""
    service = published.service(session, case.service_code, case.service_version)
    return CaseRow(
        case_number=case.case_number,
        service=service["name"][LANGUAGE] if service else case.service_code,
        applicant=case.person_name or "—",
        number=masked(case.person_number),
        state=case.state,
        state_word=STATES[case.state],
        receipt_number=case.receipt_number,
        received_at=when(case.received_at),
    )


def detail(session: Session, case: Case) -> CaseDetail:
    """Return everything the page of a case shows."""
    service = published.service(session, case.service_code, case.service_version)
    body = case.body
    parsed = _parsed(body)
    kiosk = session.get(Kiosk, case.kiosk_id)
    place = f"{kiosk.name}（{case.kiosk_id}）" if kiosk and kiosk.name else case.kiosk_id
    shown = cases.answers(service, body.get("answers"))
    events = session.scalars(
        select(CaseEvent).where(CaseEvent.case_number == case.case_number).order_by(CaseEvent.seq)
    )
    return CaseDetail(
        row=row(session, case),
        facts=(
            (WORDS["receipt"], case.receipt_number),
            (WORDS["received_at"], when(case.received_at)),
            (WORDS["kiosk"], place),
        ),
        person=_person(body.get("applicant")),
        answers=tuple((a.label[LANGUAGE], a.value[LANGUAGE]) for a in shown),
        reasons=tuple(_reason(service, reason) for reason in case.reasons),
        materials=_materials(service, parsed, case.pages),
        signature=draw(parsed.signature if parsed else None),
        history=tuple((when(e.at), EVENTS.get(e.event, e.event), e.actor) for e in events),
        readable=bool(body),
        open=case.state in ("received", "supplement"),
    )


def when(moment: datetime) -> str:
    """Return a moment in local time, to the minute."""
    return moment.astimezone(OFFICIAL_TIME).strftime("%Y-%m-%d %H:%M")


def masked(number: str) -> str:
    """Return an identity number with its middle hidden."""
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:] if len(number) > 7 else number


def _person(person: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(person, dict):
        return ()
    text = {name: str(value) for name, value in person.items() if value is not None}
    kind, sex = text.get("document_kind", ""), text.get("sex", "")
    pairs = (
        (WORDS["applicant"], " ".join(filter(None, (text.get("name"), text.get("name_latin"))))),
        (WORDS["document"], DOCUMENTS.get(kind, kind)),
        (WORDS["number"], text.get("number", "")),
        (WORDS["sex"], SEXES.get(sex, sex)),
        (WORDS["birth_date"], text.get("birth_date", "")),
        (WORDS["address"], text.get("address", "")),
    )
    return tuple((label, value) for label, value in pairs if value)


def _reason(service: dict[str, Any] | None, reason: str) -> str:
    code, _, place = reason.partition(":")
    name = place
    if service and code == "material.missing":
        named = {m["id"]: m["name"][LANGUAGE] for m in service["materials"]}
        name = named.get(place, place)
    elif service and service.get("form"):
        fields = [f for page in service["form"]["ui"]["pages"] for f in page["fields"]]
        name = next((f["label"][LANGUAGE] for f in fields if f["id"] == place), place)
    word = REASONS.get(code, code)
    return f"{name}：{word}" if name else word


def _parsed(body: dict[str, Any]) -> SubmissionBody | None:
    # A case may hold what its kiosk should not have sent; the desk shows what can be shown.
    try:
        return SubmissionBody.model_validate(body)
    except ValidationError:
        return None


def _materials(
    service: dict[str, Any] | None, body: SubmissionBody | None, pages: int
) -> tuple[Material, ...]:
    named = {m["id"]: m["name"][LANGUAGE] for m in service["materials"]} if service else {}
    shown = []
    first = 1
    for material in body.materials if body else ():
        last = min(first + len(material.pages), pages + 1)
        shown.append(Material(named.get(material.id, material.id), tuple(range(first, last))))
        first = last
    if first <= pages:
        # Pages nobody refers to (a damaged payload) are shown all the same.
        shown.append(Material("—", tuple(range(first, pages + 1))))
    return tuple(shown)
