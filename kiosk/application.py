"""An application: what a person fills in at one visit, editable until it is frozen.

Pure: no device, no store, no pixels. `kiosk.submission` freezes it.
"""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import rfc8785

from kiosk.contract.forms import FormModel
from kiosk.contract.messages import Point, Signature
from kiosk.person import Person
from kiosk.views import FieldView, FormView, MaterialView, ReviewSection, Stroke
from kiosk.words import Words

# What a chip says about who somebody is cannot be typed over; an address may be out of date.
LOCKED_SOURCES = frozenset(
    f"person.{name}"
    for name in ("name", "name_latin", "number", "document_number", "sex", "birth_date")
)

PAPER_SOURCE = "paper."
"""What the source of an answer begins with that was read from a paper; its kind follows."""


@dataclass(frozen=True, repr=False)
class KeptPage:
    """One scanned page as it will be handed in: JPEG bytes, size in pixels."""

    jpeg: bytes
    width: int
    height: int


class Application:
    """One person's application for one service, at one version of that service."""

    def __init__(self, service: Mapping[str, Any], person: Person) -> None:
        self.service = service
        self.person = person
        self.form = FormModel(service["form"])
        self._asked = asked_fields(service)
        self.answers, self.sources = self.form.prefill(person.prefill())
        self.pages: dict[str, list[KeptPage]] = {m["id"]: [] for m in scanned_materials(service)}
        self.strokes: tuple[Stroke, ...] = ()
        self.signed_digest = ""
        self.draft: tuple[str, float] | None = None
        """The draft it was taken up from: (id, expires as Unix seconds)."""
        self._left: set[str] = set()
        self._doubtful: set[str] = set()

    def snapshot(self) -> "Application":
        """A copy for the commit: what is done to this application later does not reach it."""
        frozen = copy.copy(self)
        frozen.answers, frozen.sources = dict(self.answers), dict(self.sources)
        frozen.pages = {name: list(pages) for name, pages in self.pages.items()}
        return frozen

    # ---- the form

    def set_answer(self, field_id: str, value: str) -> bool:
        """Take a typed or chosen value; True when other fields appear or go because of it."""
        if self._locked(field_id):
            return False
        before = self._shape()
        if value == "":
            self.answers.pop(field_id, None)
        else:
            self.answers[field_id] = value
        self.sources.pop(field_id, None)
        self._doubtful.discard(field_id)
        self._unsign()
        return self._shape() != before

    def suggest(self, field_id: str, value: object, source: str, *, certain: bool) -> None:
        """Take what was read from a paper; `certain` or else pointed out until it was looked at."""
        self.answers[field_id], self.sources[field_id] = value, source
        (self._doubtful.discard if certain else self._doubtful.add)(field_id)
        self._unsign()

    def source_asked(self, field_id: str) -> str:
        """Where the form would take this answer from ("person.name"), "" for nowhere."""
        return str(self._asked[field_id].get("prefill", ""))

    def leave_field(self, field_id: str) -> None:
        """From now on a problem of this field is shown."""
        self._left.add(field_id)
        self._doubtful.discard(field_id)

    def check_page(self, index: int, language: str) -> bool:
        """Look at every field of a page; True when all are fine."""
        page = self.form.pages(self.answers, language)[index]
        self._left.update(field.id for field in page.fields)
        return not self._problems() & {field.id for field in page.fields}

    def page_count(self) -> int:
        return len(self.form.pages(self.answers, "zh"))

    def form_view(self, index: int, words: Words, sentences: Mapping[str, str]) -> FormView:
        """Page `index` as the screen shows it; `sentences` words each problem code."""
        pages = self.form.pages(self.answers, words.language)
        page = pages[index]
        problems = {p.field: p.code for p in self.form.validate(self.answers)}
        fields = tuple(
            FieldView(
                id=field.id,
                label=field.label,
                hint=field.hint,
                kind=field.kind,
                keyboard=field.keyboard,
                value=_as_text(self.answers.get(field.id)),
                display=self._display(field.id, words),
                source=self._source_text(field.id, words),
                choices=field.choices,
                required=field.required,
                problem=sentences[problems[field.id]]
                if field.id in problems and field.id in self._left
                else "",
                max_length=field.max_length or 200,
                locked=self._locked(field.id),
                from_paper=self._from_paper(field.id),
                doubtful=field.id in self._doubtful,
            )
            for field in page.fields
        )
        complete = not any(field.id in problems for field in page.fields)
        return FormView(page.title, index, len(pages), fields, complete)

    # ---- materials

    def keep_page(self, material_id: str, page: KeptPage) -> None:
        self.pages[material_id].append(page)
        self._unsign()

    def drop_pages(self, material_id: str) -> None:
        """Forget what was scanned of one material, to scan it afresh."""
        self.pages[material_id].clear()
        self._unsign()

    def material_views(self, words: Words) -> tuple[MaterialView, ...]:
        return tuple(
            MaterialView(
                id=m["id"],
                name=words.pick(m["name"]),
                note=words.pick(m.get("note") or {}),
                required=bool(m["required"]),
                pages=len(self.pages[m["id"]]),
                pages_max=int(m["pages_max"]),
                next_side=_next_side(m, len(self.pages[m["id"]]), words),
            )
            for m in scanned_materials(self.service)
        )

    def missing_material(self) -> str | None:
        """The first required material without a page."""
        for material in scanned_materials(self.service):
            if material["required"] and not self.pages[material["id"]]:
                return str(material["id"])
        return None

    # ---- review and signature

    def summary(self, words: Words) -> tuple[tuple[str, str], ...]:
        """Every answer as (label, value) in the visit's language."""
        sections = (one for one in self.review(words) if one.id != "signature")
        return tuple(row for section in sections for row in section.rows)

    def review(self, words: Words) -> tuple[ReviewSection, ...]:
        language = words.language
        sections = [
            ReviewSection(
                f"form:{index}",
                page.title,
                tuple(
                    (field.label, self._display(field.id, words) or "—")
                    for field in page.fields
                ),
            )
            for index, page in enumerate(self.form.pages(self.answers, language))
        ]
        if self.pages:
            rows = tuple(
                (view.name, words.plural("{n} page", "{n} pages", view.pages))
                for view in self.material_views(words)
            )
            sections.append(ReviewSection("materials", words("Your papers"), rows))
        signed = words("signed") if self.strokes else words("not signed yet")
        sections.append(
            ReviewSection("signature", words("Signature"), ((words("Signature"), signed),))
        )
        return tuple(sections)

    def shown_digest(self, declaration: tuple[str, ...]) -> str:
        """SHA-256 over what the signer is shown: service version, declaration, answers, pages.

        Canonical JSON (RFC 8785), so hub and kiosk compute the same from the same content.
        """
        return hashlib.sha256(
            rfc8785.dumps(
                {
                    "service": self.service["code"],
                    "version": self.service["version"],
                    "declaration": list(declaration),
                    "answers": self.form.clean(self.answers),
                    "pages": {
                        material: [hashlib.sha256(page.jpeg).hexdigest() for page in pages]
                        for material, pages in self.pages.items()
                    },
                }
            )
        ).hexdigest()

    def sign(self, strokes: tuple[Stroke, ...], declaration: tuple[str, ...]) -> None:
        """Bind the strokes to what is shown now; any later change takes the signature away."""
        self.strokes = strokes
        self.signed_digest = self.shown_digest(declaration) if strokes else ""

    def signature(self) -> Signature | None:
        if not self.strokes:
            return None
        return Signature(
            strokes=tuple(
                tuple(Point(x=x, y=y, t=t) for x, y, t in stroke) for stroke in self.strokes
            ),
            digest_of_what_was_shown=self.signed_digest,
        )

    @property
    def touched(self) -> bool:
        """Something was entered that quitting would throw away."""
        given = {name for name in self.sources if not self._from_paper(name)}
        return bool(self.strokes or any(self.pages.values()) or set(self.answers) - given)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Fields that were read from a paper, not surely, and not looked at yet."""
        return tuple(sorted(self._doubtful))

    # ---- inside

    def _unsign(self) -> None:
        self.strokes, self.signed_digest = (), ""

    def _locked(self, field_id: str) -> bool:
        return self.sources.get(field_id) in LOCKED_SOURCES

    def _shape(self) -> list[list[str]]:
        return [[f.id for f in page.fields] for page in self.form.pages(self.answers, "zh")]

    def _problems(self) -> set[str]:
        return {problem.field for problem in self.form.validate(self.answers)}

    def _display(self, field_id: str, words: Words) -> str:
        value = self.answers.get(field_id)
        if value is None:
            return ""
        text = self.form.answer_text(field_id, value, words.language)
        return as_read(self._asked[field_id], text, words)

    def _from_paper(self, field_id: str) -> bool:
        return self.sources.get(field_id, "").startswith(PAPER_SOURCE)

    def _source_text(self, field_id: str, words: Words) -> str:
        if self._from_paper(field_id):
            return words("Read from the paper, please check")
        return words("From your card") if field_id in self.sources else ""


def asked_fields(service: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every field of a service's form as its UI schema describes it, by id."""
    pages = service["form"]["ui"]["pages"] if service["form"] else ()
    return {field["id"]: field for page in pages for field in page["fields"]}


def as_read(field: Mapping[str, Any], text: str, words: Words) -> str:
    """An answer as it stands on a screen: masked where the form masks it, dates in words."""
    if field.get("masked"):
        return mask(text)
    if field["kind"] == "date":
        try:
            return words.date(date.fromisoformat(text))
        except ValueError:
            return text
    return text


def mask(text: str) -> str:
    """Hide the middle of a number: the first three and last four characters stay."""
    return text if len(text) <= 7 else text[:3] + "*" * (len(text) - 7) + text[-4:]


def scanned_materials(service: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The materials a kiosk takes in by scanning; others are only shown in the guide."""
    return [m for m in service["materials"] if m.get("form") == "scan"]


def _next_side(material: Mapping[str, Any], pages: int, words: Words) -> str:
    sides = material.get("sides") or ()
    return words.pick(sides[pages]) if pages < len(sides) else ""


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
