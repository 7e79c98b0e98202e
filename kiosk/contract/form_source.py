"""Forms as people write them: fields once, shared blocks by name; compiled to the two schemas.

A form's file holds pages of fields::

    [[page]]
    id = "about_you"
    title = { zh = "…", en = "…", ko = "…" }
    role = "subject"      # whom it asks about, where not the applicant; or "handler"
    fields = [
      { use = "person" },                                     # a block of blocks.toml
      { use = "person", as = "subject", said = {zh,en,ko} },  # the same of another person
      { id = "phone", kind = "phone", label = {…} },
      { id = "housing", kind = "choice", label = {…}, choices = { rented = {…}, own = {…} } },
      { id = "landlord", kind = "text", label = {…},
        when = { field = "housing", equals = "rented" } },
    ]

A field is required unless ``required = false``. ``min`` and ``max`` are lengths of a text or bounds
of a number, ``format`` and ``pattern`` go to the schema. ``as`` gives a block's fields that prefix,
its labels ``said`` in front, and takes their prefill away: the card is not that person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kiosk.contract.form_schema import LANGUAGES, FormError, condition

_FORMAT_OF = {"phone": "cn-mobile", "idnumber": "cn-id-number", "date": "date"}
_LONGEST = {"text": 60, "address": 120, "note": 300}
_FIELD = frozenset({
    *("id", "kind", "label", "hint", "keyboard", "prefill", "choices", "when", "masked"),
    *("required", "min", "max", "format", "pattern", "whole"),
})
_KEPT = ("id", "kind", "label", "hint", "keyboard", "prefill", "masked")

Blocks = Mapping[str, Mapping[str, Any]]


def compile_form(pages: Sequence[Mapping[str, Any]], blocks: Blocks) -> dict[str, Any]:
    """``{"schema": JSON Schema 2020-12, "ui": UI schema}`` of a form's pages (see forms.py).

    Raises FormError for an unknown block or key; forms.FormModel checks the rest.
    """
    properties: dict[str, Any] = {}
    required: list[str] = []
    branches: list[dict[str, Any]] = []
    shown = []
    for page in pages:
        fields = []
        for field in _written_out(page.get("fields", ()), blocks):
            _check_keys(field)
            name = field["id"]
            if name in properties:
                raise FormError(f"form.{name}", "stands twice; give one of them another id")
            properties[name] = _property(field)
            fields.append(_question(field))
            if field.get("required", True):
                if "when" in field:
                    _add_branch(branches, field["when"], name)
                else:
                    required.append(name)
        said = {key: page[key] for key in ("id", "title", "role") if key in page}
        shown.append({**said, "fields": fields})
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }
    if branches:
        schema["allOf"] = branches
    return {"schema": schema, "ui": {"pages": shown}}


def consent_items(pages: Sequence[Mapping[str, Any]], blocks: Blocks) -> list[Mapping[str, Any]]:
    """What the blocks of these pages ask for and why, each once, in order."""
    found: dict[str, Mapping[str, Any]] = {}
    for page in pages:
        for field in page.get("fields", ()):
            if "use" in field:
                block = _block(field["use"], blocks)
                for number, item in enumerate(block.get("consent", ())):
                    found.setdefault(f"{field['use']} {number}", item)
    return list(found.values())


def _written_out(fields: Any, blocks: Blocks) -> Iterator[dict[str, Any]]:
    for field in fields:
        if "use" not in field:
            yield dict(field)
            continue
        prefix = field.get("as")
        for inner in _block(field["use"], blocks)["fields"]:
            one = dict(inner)
            if field.get("only") and one["id"] not in field["only"]:
                continue
            if prefix:
                one.pop("prefill", None)
                one = _of_another(one, prefix, field.get("said"))
            if "when" in field:
                one.setdefault("when", field["when"])
            yield one


def _of_another(
    field: dict[str, Any], prefix: str, said: Mapping[str, str] | None
) -> dict[str, Any]:
    field["id"] = f"{prefix}_{field['id']}"
    if "when" in field:
        field["when"] = {**field["when"], "field": f"{prefix}_{field['when']['field']}"}
    if said is not None:
        space = {"zh": "", "en": " ", "ko": " "}
        field["label"] = {
            language: said[language] + space[language] + _lower(field["label"][language], language)
            for language in LANGUAGES
        }
    return field


def _lower(text: str, language: str) -> str:
    """"The child's" + "Name" → "name"; an abbreviation stays as it is."""
    if language == "en" and text[:2] != text[:2].upper():
        return text[:1].lower() + text[1:]
    return text


def _block(name: str, blocks: Blocks) -> Mapping[str, Any]:
    if name not in blocks:
        raise FormError(f"form.{name}", f"no such block; there are {', '.join(sorted(blocks))}")
    return blocks[name]


def _check_keys(field: Mapping[str, Any]) -> None:
    place = f"form.{field.get('id')}"
    unknown = set(field) - _FIELD
    if unknown:
        raise FormError(place, f"unknown {', '.join(sorted(unknown))}")
    for key in ("id", "kind", "label"):
        if key not in field:
            raise FormError(place, f"{key} is missing; add it")


def _property(field: Mapping[str, Any]) -> dict[str, Any]:
    kind = field["kind"]
    if kind == "boolean":
        return {"type": "boolean"}
    if kind == "number":
        bounds = {"minimum": field.get("min"), "maximum": field.get("max")}
        return {
            "type": "integer" if field.get("whole", True) else "number",
            **{key: value for key, value in bounds.items() if value is not None},
        }
    if kind == "choice":
        return {"type": "string", "enum": list(field.get("choices", ()))}
    if kind in _FORMAT_OF:
        return {"type": "string", "format": field.get("format", _FORMAT_OF[kind])}
    text = {
        "type": "string",
        "minLength": field.get("min", 1),
        "maxLength": field.get("max", _LONGEST.get(kind, 60)),
    }
    if "format" in field:
        text = {"type": "string", "format": field["format"]}
    if "pattern" in field:
        text["pattern"] = field["pattern"]
    return text


def _question(field: Mapping[str, Any]) -> dict[str, Any]:
    asked = {key: field[key] for key in _KEPT if key in field}
    if field["kind"] == "choice":
        choices = field.get("choices", {})
        asked["choices"] = [{"value": v, "label": label} for v, label in choices.items()]
    if "when" in field:
        asked["visible_if"] = dict(field["when"])
    return asked


def _add_branch(branches: list[dict[str, Any]], when: Mapping[str, Any], name: str) -> None:
    if set(when) not in ({"field", "equals"}, {"field", "in"}):
        raise FormError(f"form.{name}.when", "has field and equals, or field and in")
    test = condition(when)
    for branch in branches:
        if branch["if"] == test:
            branch["then"]["required"].append(name)
            return
    branches.append({"if": test, "then": {"required": [name]}})
