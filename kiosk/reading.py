"""Filling a form from a paper under the camera: what may be taken from it, and for whom.

What a paper says is a suggestion. It never replaces what a chip said or what somebody entered, it
is marked as read from a paper wherever it stands, and what is not certain is pointed out.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from devices.ocr.fields import DOUBTFUL, Field, Paper, PaperKind
from devices.ocr.papers import parse_paper
from devices.ocr.text_reader import TextReader
from devices.vision.quads import Image
from kiosk.application import PAPER_SOURCE, Application
from kiosk.contract.form_schema import SOURCES
from kiosk.person import Person

__all__ = ["Unfit", "fill_from", "fillable", "read_paper"]

# Field of a paper → key of a form's prefill source; a person's fields have the source's own name.
_OF_COMPANY: Mapping[str, str] = {
    "company": "company.name",
    "credit_code": "company.credit_code",
    "type": "company.type",
    "representative": "company.representative",
    "capital": "company.capital",
    "founded": "company.founded",
    "address": "company.address",
    "scope": "company.scope",
}
_OF_HOUSEHOLD: Mapping[str, str] = {
    "householder": "household.householder",
    "household_number": "household.number",
    "relation": "household.relation",
    "address": "household.address",
}
_OF_PERSON = frozenset(s.removeprefix("person.") for s in SOURCES if s.startswith("person."))


class Unfit(Exception):
    """Nothing can be taken from this paper; `code` is a fault of faults.toml."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_paper(reader: TextReader, image: Image, today: date) -> Paper:
    """The paper in a flattened picture (BGR); for a worker's thread, takes seconds.

    Raises Unfit "text.nothing" where none of the known papers is recognised, and what
    TextReader.read raises.
    """
    paper = parse_paper(reader.read(image), today)
    if paper is None or not paper.fields:
        raise Unfit("text.nothing")
    return paper


def fillable(application: Application, field_ids: Iterable[str]) -> frozenset[str]:
    """Which of these fields a paper may still fill: those with a source, whose answer is open or
    was itself read from a paper."""
    return frozenset(
        field_id
        for field_id in field_ids
        if application.source_asked(field_id)
        and (
            field_id not in application.answers
            or application.sources.get(field_id, "").startswith(PAPER_SOURCE)
        )
    )


def fill_from(paper: Paper, application: Application, field_ids: Iterable[str]) -> int:
    """Enter what the paper says into these fields; returns how many were filled.

    Raises Unfit "text.other_person" for the paper of somebody else, "text.other_paper" when it
    says nothing that is asked here.
    """
    said = _values(paper, application.person)
    answers, _ = application.form.prefill({key: field.value for key, field in said.items()})
    chosen = fillable(application, field_ids) & set(answers)
    if not chosen:
        raise Unfit("text.other_paper")
    for field_id in chosen:
        source = application.source_asked(field_id).removeprefix("person.")
        application.suggest(
            field_id, answers[field_id], f"{PAPER_SOURCE}{paper.kind.value}",
            certain=said[source].certain,
        )
    return len(chosen)


def _values(paper: Paper, person: Person) -> dict[str, Field]:
    """What the paper gives, by prefill source."""
    if paper.kind is PaperKind.LICENCE:
        return {_OF_COMPANY[name]: field for name, field in paper.fields.items()}
    said: dict[str, Field] = {}
    if paper.kind is PaperKind.HOUSEHOLD:
        said = {
            _OF_HOUSEHOLD[name]: field
            for name, field in paper.fields.items()
            if name in _OF_HOUSEHOLD
        }
    theirs = _belongs(paper, person)
    if theirs is False:
        if not said:
            raise Unfit("text.other_person")
        return said
    for name, field in paper.fields.items():
        if name in _OF_PERSON:
            said[name] = field if theirs else Field(
                field.value, min(field.confidence, DOUBTFUL), field.checked
            )
    return said


def _belongs(paper: Paper, person: Person) -> bool | None:
    """Whether the paper is this person's; None when it does not say."""
    document = person.document
    for name, known in (
        ("number", document.number),
        ("document_number", document.number),
        ("name", document.name),
        ("householder", document.name),
        ("name_latin", document.name_latin),
    ):
        field = paper.fields.get(name)
        if field is None or not known or field.checked is False:
            continue
        if name == "number" and len(known) != len(field.value):
            continue  # a passport's number beside a citizen's
        if name == "householder" and field.value != known:
            return None  # others live in this household as well
        return field.value == known
    return None
