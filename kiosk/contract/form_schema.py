"""Checks that a form's JSON Schema and its UI schema belong together.

Used by forms.FormModel; a form that passes can be asked, validated and stored.
"""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from kiosk.contract.formats import CHECKS

LANGUAGES = ("zh", "en", "ko")
ROLES = ("applicant", "subject", "handler")
"""Whom a page asks about: who applies, another person it is about, who hands in for somebody."""
KINDS = ("text", "number", "phone", "idnumber", "date", "choice", "boolean", "address", "note")
KEYBOARDS = ("latin", "pinyin", "digits", "hangul")
_FROM_DOCUMENT = (
    *("number", "document_number", "name", "name_latin", "sex", "ethnic_group", "nationality"),
    *("birth_date", "address", "issuer", "valid_from", "valid_to"),
)
# Only a paper under the camera says these; they stay open until somebody shows one.
_FROM_PAPER = (
    *(f"household.{name}" for name in ("householder", "number", "relation", "address")),
    *(f"company.{name}" for name in ("name", "credit_code", "type", "representative")),
    *(f"company.{name}" for name in ("capital", "founded", "address", "scope")),
)
SOURCES = (*(f"person.{name}" for name in _FROM_DOCUMENT), *_FROM_PAPER)
_FORMATS_OF = {
    "phone": ("cn-mobile",),
    "idnumber": ("cn-id-number", "document-number"),
    "date": ("date",),
}
_FIELD_KEYS = {
    *("id", "label", "hint", "kind", "keyboard", "prefill", "choices", "visible_if", "masked")
}


class FormError(Exception):
    """A form in the catalog breaks a rule; `where` names the place, `problem` says how."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


def condition(visible_if: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `if` of the schema that mirrors a field's visible_if."""
    test = (
        {"const": visible_if["equals"]}
        if "equals" in visible_if
        else {"enum": list(visible_if["in"])}
    )
    return {"properties": {visible_if["field"]: test}, "required": [visible_if["field"]]}


def check_form(form: Mapping[str, Any]) -> None:
    """Raise FormError at the first rule the form breaks."""
    if set(form) != {"schema", "ui"}:
        raise FormError("form", "needs exactly schema and ui")
    schema, ui = form["schema"], form["ui"]
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise FormError("form.schema", error.message) from error
    properties = schema.get("properties")
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        raise FormError("form.schema", "is a closed object (additionalProperties = false)")
    if not isinstance(properties, dict) or not properties:
        raise FormError("form.schema.properties", "is empty")
    fields = _check_pages(ui, properties)
    _check_conditions(schema, fields)


def _check_pages(ui: Any, properties: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    if not isinstance(ui, dict) or not isinstance(ui.get("pages"), list) or not ui["pages"]:
        raise FormError("form.ui.pages", "is empty")
    fields: dict[str, Mapping[str, Any]] = {}
    pages = set()
    for page in ui["pages"]:
        where = f"form.ui.pages.{page.get('id')}"
        if (
            set(page) - {"role"} != {"id", "title", "fields"}
            or not page["fields"]
            or page["id"] in pages
        ):
            raise FormError(where, "needs its own id, title and fields, and may have a role")
        if page.get("role", ROLES[0]) not in ROLES:
            raise FormError(f"{where}.role", f"is one of {', '.join(ROLES)}")
        pages.add(page["id"])
        check_words(page["title"], f"{where}.title")
        for field in page["fields"]:
            name = field.get("id")
            place = f"form.ui.{name}"
            if name in fields or name not in properties:
                raise FormError(place, "every property of the schema stands in the ui once")
            _check_field(field, properties[name], fields, place)
            fields[name] = field
    if set(fields) != set(properties):
        missing = ", ".join(sorted(set(properties) - set(fields)))
        raise FormError("form.ui", f"does not ask for {missing}")
    return fields


def _check_field(
    field: Mapping[str, Any],
    prop: Mapping[str, Any],
    earlier: Mapping[str, Any],
    where: str,
) -> None:
    unknown = set(field) - _FIELD_KEYS
    if unknown:
        raise FormError(where, f"unknown {', '.join(sorted(unknown))}")
    check_words(field.get("label"), f"{where}.label")
    if "hint" in field:
        check_words(field["hint"], f"{where}.hint")
    kind = field.get("kind")
    if kind not in KINDS:
        raise FormError(f"{where}.kind", f"is one of {', '.join(KINDS)}")
    if field.get("keyboard", "digits") not in KEYBOARDS:
        raise FormError(f"{where}.keyboard", f"is one of {', '.join(KEYBOARDS)}")
    if field.get("prefill", SOURCES[0]) not in SOURCES:
        raise FormError(f"{where}.prefill", f"is one of {', '.join(SOURCES)}")
    _check_kind(kind, field, prop, where)
    rule = field.get("visible_if")
    if rule is not None:
        if set(rule) not in ({"field", "equals"}, {"field", "in"}):
            raise FormError(f"{where}.visible_if", "has field and equals, or field and in")
        if rule["field"] not in earlier:
            raise FormError(f"{where}.visible_if", "names an earlier field")


def _check_kind(kind: str, field: Mapping[str, Any], prop: Mapping[str, Any], where: str) -> None:
    wanted = {"boolean": ("boolean",), "number": ("integer", "number")}.get(kind, ("string",))
    if prop.get("type") not in wanted:
        raise FormError(where, f"a {kind} field has type {' or '.join(wanted)} in the schema")
    if prop.get("format") is not None and prop["format"] not in CHECKS:
        raise FormError(where, f"unknown format {prop['format']}")
    formats = _FORMATS_OF.get(kind)
    if formats and prop.get("format") not in formats:
        raise FormError(where, f"a {kind} field has format {' or '.join(formats)} in the schema")
    if kind == "choice":
        choices = field.get("choices") or []
        if [choice.get("value") for choice in choices] != prop.get("enum"):
            raise FormError(f"{where}.choices", "are the schema's enum, in its order")
        for choice in choices:
            check_words(choice.get("label"), f"{where}.choices.{choice['value']}")
    elif "choices" in field:
        raise FormError(f"{where}.choices", "belong to choice fields only")
    if wanted == ("string",) and not {"maxLength", "enum", "format"} & set(prop):
        raise FormError(where, "a string has maxLength, enum or format in the schema")


def _check_conditions(schema: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> None:
    for name in schema.get("required", []):
        if "visible_if" in fields.get(name, {"visible_if": None}):
            raise FormError("form.schema.required", f"{name} is not always asked")
    for index, branch in enumerate(schema.get("allOf", [])):
        where = f"form.schema.allOf.{index}"
        if set(branch) != {"if", "then"} or set(branch["then"]) != {"required"}:
            raise FormError(where, "has if and then, then has required")
        for name in branch["then"]["required"]:
            rule = fields.get(name, {}).get("visible_if")
            if rule is None or condition(rule) != branch["if"]:
                raise FormError(where, f"does not mirror visible_if of {name}")


def check_words(words: Any, where: str) -> None:
    """Raise FormError unless `words` has a text in zh, en and ko and nothing else."""
    if not isinstance(words, dict) or set(words) != set(LANGUAGES):
        raise FormError(where, "needs zh, en and ko")
    if not all(isinstance(text, str) and text.strip() for text in words.values()):
        raise FormError(where, "has an empty text")
