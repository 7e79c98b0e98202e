"""Forms: what to ask, when, and whether an answer is right. One validator for kiosk and hub.

A form is ``{"schema": …, "ui": …}``: `schema` is JSON Schema 2020-12 of the
answers, `ui` says how to ask. The UI schema::

    {"pages": [{"id", "title": {zh, en, ko}, "role": form_schema.ROLES (optional), "fields": [
        {"id":         property of the schema; each stands in the ui exactly once,
         "label":      {zh, en, ko},
         "hint":       {zh, en, ko}                                     (optional)
         "kind":       text | number | phone | idnumber | date | choice | boolean | address | note,
         "keyboard":   latin | pinyin | digits | hangul                 (optional),
         "prefill":    "person.name", "company.name" …: form_schema.SOURCES (optional),
         "choices":    [{"value": …, "label": {zh, en, ko}}]  (choice only; the schema's enum),
         "visible_if": {"field": earlier field, "equals": value} or {"field": …, "in": [values]},
         "masked":     true                            (shown as 220***********1234 until touched)}
    ]}]}

A hidden field hides those that depend on it. A field with visible_if is never
in the schema's top-level `required`; when it must be filled in, an `allOf`
entry ``{"if": <mirror of visible_if>, "then": {"required": [field]}}`` says so.
form_schema.check_form refuses every form that breaks these rules.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from kiosk.contract.form_schema import FormError, check_form
from kiosk.contract.formats import CHECKS, checker

__all__ = ["Field", "FormError", "FormModel", "FormPage", "Problem"]

Answers = dict[str, Any]

_KEYBOARD = {"phone": "digits", "idnumber": "digits", "number": "digits", "date": "digits"}
_BOOLEAN = {
    "zh": (("true", "是"), ("false", "否")),
    "en": (("true", "Yes"), ("false", "No")),
    "ko": (("true", "예"), ("false", "아니요")),
}
_CODE_OF = {
    "required": "field.required",
    "minLength": "field.required",
    "maxLength": "field.too_long",
    "enum": "field.choice",
    "const": "field.choice",
}
_FORMATS = checker()


@dataclass(frozen=True)
class Field:
    """One question, in one language. `choices` are pairs (value, label)."""

    id: str
    label: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    hint: str
    keyboard: str
    prefill: str
    masked: bool
    max_length: int | None


@dataclass(frozen=True)
class FormPage:
    """One page of questions, in one language."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Problem:
    """What is wrong with which answer; `code` is a fault of faults.toml."""

    field: str
    code: str


class FormModel:
    """A form of the catalog, ready to be asked and checked. Immutable after __init__."""

    def __init__(self, form: Mapping[str, Any]) -> None:
        """Take service["form"]; FormError when schema and ui do not belong together."""
        check_form(form)
        self._schema = form["schema"]
        self._pages = form["ui"]["pages"]
        self._fields = {field["id"]: field for page in self._pages for field in page["fields"]}
        self._validator = Draft202012Validator(self._schema, format_checker=_FORMATS)

    @property
    def field_ids(self) -> tuple[str, ...]:
        """All fields in the order they are asked."""
        return tuple(self._fields)

    def prefill(self, person: Mapping[str, str]) -> tuple[Answers, dict[str, str]]:
        """Fill in what the document says.

        `person` maps "name", "birth_date" (ISO) … to text. Returns the answers and, for
        each, its source ("person.name"). An empty source, or a value the field would
        refuse, leaves the field to the person.
        """
        answers: Answers = {}
        sources: dict[str, str] = {}
        for name, field in self._fields.items():
            source = field.get("prefill")
            value = person.get(source.removeprefix("person."), "") if source else ""
            if value and not self._problem_of({name: self._read(name, value)}, name):
                answers[name] = self._read(name, value)
                sources[name] = source
        return answers, sources

    def pages(self, answers: Mapping[str, Any], language: str) -> list[FormPage]:
        """Return the pages with the fields to be asked, given the answers so far."""
        shown = self._shown(self._read_all(answers))
        required = self._required(self.clean(answers))
        pages = []
        for page in self._pages:
            fields = tuple(
                self._field(field, field["id"] in required, language)
                for field in page["fields"]
                if field["id"] in shown
            )
            if fields:
                pages.append(FormPage(page["id"], page["title"][language], fields))
        return pages

    def clean(self, answers: Mapping[str, Any]) -> Answers:
        """Return the answers as they go into a submission.

        Hidden, unknown and empty ones are left out; spaces are trimmed, full-width
        digits and letters narrowed where a number is expected, x made X; "true",
        "12" become what the schema asks for.
        """
        read = self._read_all(answers)
        shown = self._shown(read)
        return {name: read[name] for name in self._fields if name in shown and name in read}

    def validate(self, answers: Mapping[str, Any]) -> list[Problem]:
        """Return what is wrong, one problem a field, in the order of the form."""
        cleaned = self.clean(answers)
        found: dict[str, str] = {}
        for error in self._validator.iter_errors(cleaned):
            for name in _fields_of(error):
                found.setdefault(name, _code_of(error))
        return [Problem(name, found[name]) for name in self._fields if name in found]

    def validate_strictly(self, answers: Mapping[str, Any]) -> list[Problem]:
        """As validate, but for what a kiosk sent: unknown or unclean answers are problems too."""
        cleaned = self.clean(answers)
        strays = [name for name, value in answers.items() if cleaned.get(name, ...) != value]
        problems = self.validate(answers)
        known = {problem.field for problem in problems}
        return problems + [Problem(name, "field.format") for name in strays if name not in known]

    def validate_field(self, field_id: str, answers: Mapping[str, Any]) -> Problem | None:
        """Return what is wrong with one field, given all answers so far."""
        return next((p for p in self.validate(answers) if p.field == field_id), None)

    def answer_text(self, field_id: str, value: Any, language: str) -> str:
        """Return an answer as a person reads it: the choice's label, yes or no, the text."""
        field = self._fields[field_id]
        choices = dict(self._choices(field, language))
        return choices.get(_text(value), _text(value))

    def label(self, field_id: str, language: str) -> str:
        """Return the label of a field; KeyError for an unknown one."""
        return str(self._fields[field_id]["label"][language])

    def _field(self, field: Mapping[str, Any], required: bool, language: str) -> Field:
        kind = field["kind"]
        return Field(
            id=field["id"],
            label=field["label"][language],
            kind=kind,
            required=required,
            choices=self._choices(field, language),
            hint=field.get("hint", {}).get(language, ""),
            keyboard=field.get("keyboard") or _KEYBOARD.get(kind, "pinyin"),
            prefill=field.get("prefill", ""),
            masked=bool(field.get("masked", False)),
            max_length=self._max_length(field["id"]),
        )

    def _choices(self, field: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
        if field["kind"] == "boolean":
            return _BOOLEAN[language]
        return tuple((c["value"], c["label"][language]) for c in field.get("choices", ()))

    def _max_length(self, name: str) -> int | None:
        prop = self._schema["properties"][name]
        lengths = {"cn-id-number": 18, "document-number": 18, "cn-credit-code": 18,
                   "cn-mobile": 11, "date": 10}
        found = prop.get("maxLength", lengths.get(prop.get("format", "")))
        return int(found) if found is not None else None

    def _shown(self, read: Answers) -> set[str]:
        shown: set[str] = set()
        for name, field in self._fields.items():
            rule = field.get("visible_if")
            if rule is None:
                shown.add(name)
            elif rule["field"] in shown and rule["field"] in read:
                wanted = rule["in"] if "in" in rule else [rule["equals"]]
                if read[rule["field"]] in wanted:
                    shown.add(name)
        return shown

    def _required(self, cleaned: Answers) -> set[str]:
        required = set(self._schema.get("required", ()))
        for branch in self._schema.get("allOf", ()):
            if Draft202012Validator(branch["if"]).is_valid(cleaned):
                required.update(branch["then"]["required"])
        return required

    def _problem_of(self, answers: Answers, name: str) -> str | None:
        for error in self._validator.iter_errors(answers):
            if name in _fields_of(error) and error.validator != "required":
                return _code_of(error)
        return None

    def _read_all(self, answers: Mapping[str, Any]) -> Answers:
        read = {name: self._read(name, answers[name]) for name in self._fields if name in answers}
        return {name: value for name, value in read.items() if value not in ("", None)}

    def _read(self, name: str, value: Any) -> Any:
        field, prop = self._fields[name], self._schema["properties"][name]
        if not isinstance(value, str):
            return value
        text = value.strip()
        if field["kind"] in _KEYBOARD or prop.get("format") == "cn-credit-code":
            text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        if prop.get("format") in ("cn-id-number", "document-number", "cn-credit-code"):
            text = text.upper()
        if prop["type"] == "boolean":
            return {"true": True, "false": False}.get(text, text)
        if prop["type"] == "integer" and re.fullmatch(r"-?[0-9]{1,15}", text):
            return int(text)
        if prop["type"] == "number" and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", text):
            return float(text)
        return text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _fields_of(error: ValidationError) -> list[str]:
    if error.validator == "required" and isinstance(error.instance, dict):
        wanted: Any = error.validator_value
        return [str(name) for name in wanted if name not in error.instance]
    return [str(error.absolute_path[0])] if error.absolute_path else []


def _code_of(error: ValidationError) -> str:
    if error.validator == "format":
        return CHECKS[str(error.validator_value)][1]
    return _CODE_OF.get(str(error.validator), "field.format")
