"""Forms: asked, cleaned and checked alike on kiosk and hub."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.faults import FAULTS
from kiosk.contract.forms import FormError, FormModel, Problem


def words(text: str) -> dict[str, str]:
    """A text in three languages."""
    return {"zh": f"{text}（中）", "en": text, "ko": f"{text} (한)"}


def choices(*values: str) -> list[dict[str, Any]]:
    """Choices with labels."""
    return [{"value": value, "label": words(value)} for value in values]


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A field of the ui schema."""
    return {"id": name, "label": words(name), "kind": kind, **more}


def branch(name: str, test: dict[str, Any], *required: str) -> dict[str, Any]:
    """A conditional requirement of the schema."""
    return {
        "if": {"properties": {name: test}, "required": [name]},
        "then": {"required": list(required)},
    }


FORM: dict[str, Any] = {
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "phone", "housing"],
        "properties": {
            "name": {"type": "string", "minLength": 2, "maxLength": 20},
            "number": {"type": "string", "format": "cn-id-number"},
            "phone": {"type": "string", "format": "cn-mobile"},
            "since": {"type": "string", "format": "date"},
            "housing": {"type": "string", "enum": ["own", "rented", "other"]},
            "lease": {"type": "boolean"},
            "rooms": {"type": "integer", "minimum": 1, "maximum": 99},
            "landlord": {"type": "string", "minLength": 1, "maxLength": 5},
        },
        "allOf": [
            branch("housing", {"const": "rented"}, "lease"),
            branch("lease", {"const": True}, "landlord"),
        ],
    },
    "ui": {
        "pages": [
            {
                "id": "you",
                "title": words("You"),
                "fields": [
                    field("name", "text", prefill="person.name"),
                    field("number", "idnumber", prefill="person.number", masked=True),
                    field("phone", "phone", hint=words("11 digits")),
                    field("since", "date"),
                ],
            },
            {
                "id": "home",
                "title": words("Home"),
                "fields": [field("housing", "choice", choices=choices("own", "rented", "other"))],
            },
            {
                "id": "lease",
                "title": words("Lease"),
                "fields": [
                    field("lease", "boolean", visible_if={"field": "housing", "equals": "rented"}),
                    field("rooms", "number", visible_if={"field": "housing", "in": ["own"]}),
                    field("landlord", "text", visible_if={"field": "lease", "equals": True}),
                ],
            },
        ]
    },
}
MODEL = FormModel(FORM)
GOOD = {"name": "张伟", "phone": "13900000000", "housing": "own"}
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=25) | st.lists(st.text())


def shown(answers: dict[str, Any]) -> list[str]:
    """Which fields are asked."""
    return [field.id for page in MODEL.pages(answers, "en") for field in page.fields]


def test_good_answers_have_no_problem() -> None:
    assert MODEL.validate(GOOD) == []
    assert MODEL.validate_strictly(GOOD) == []


def test_empty_form_asks_for_what_is_required_in_its_order() -> None:
    found = [Problem(name, "field.required") for name in ("name", "phone", "housing")]
    assert MODEL.validate({}) == found
    assert MODEL.validate({"name": "  ", "phone": "", "housing": None}) == found


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("number", "220102199003071234", "field.id_number"),
        ("phone", "12", "field.phone"),
        ("since", "2026-02-30", "field.date"),
        ("name", "x" * 21, "field.too_long"),
        ("housing", "tent", "field.choice"),
        ("rooms", "many", "field.format"),
        ("rooms", "100", "field.format"),
    ],
)
def test_each_wrong_answer_has_its_fault(name: str, value: str, code: str) -> None:
    answers = GOOD | {name: value}
    assert MODEL.validate(answers) == [Problem(name, code)]
    assert MODEL.validate_field(name, answers) == Problem(name, code)
    assert MODEL.validate_field("phone", GOOD) is None
    assert code in FAULTS


def test_field_is_asked_only_when_its_condition_holds() -> None:
    assert shown(GOOD) == ["name", "number", "phone", "since", "housing", "rooms"]
    rented = GOOD | {"housing": "rented"}
    assert shown(rented)[-1] == "lease"
    assert shown(rented | {"lease": "true"})[-2:] == ["lease", "landlord"]
    assert [page.id for page in MODEL.pages(GOOD | {"housing": "other"}, "en")] == ["you", "home"]


def test_conditional_field_is_required_only_while_it_is_asked() -> None:
    rented = GOOD | {"housing": "rented"}
    assert MODEL.validate(rented) == [Problem("lease", "field.required")]
    assert MODEL.validate(rented | {"lease": "true"}) == [Problem("landlord", "field.required")]
    assert MODEL.validate(rented | {"lease": "false"}) == []
    fields = {f.id: f.required for p in MODEL.pages(rented, "en") for f in p.fields}
    assert fields == {
        **dict.fromkeys(("name", "phone", "housing", "lease"), True),
        **dict.fromkeys(("number", "since"), False),
    }


def test_hidden_answers_do_not_travel() -> None:
    answers = GOOD | {"lease": True, "landlord": "王芳", "nonsense": "x"}
    assert MODEL.clean(answers) == GOOD
    assert MODEL.validate(answers) == []
    strays = {problem.field for problem in MODEL.validate_strictly(answers)}
    assert strays == {"lease", "landlord", "nonsense"}


def test_answers_are_cleaned_as_the_schema_wants_them() -> None:
    typed = {
        "name": " 张伟 ",
        "number": "22010219 900307 123x",
        "phone": "１３９ ００００ ００００",
        "housing": "own",
        "rooms": "3",
    }
    cleaned = MODEL.clean(typed)
    assert cleaned["name"] == "张伟"
    assert cleaned["number"] == "22010219900307123X"
    assert cleaned["phone"] == "13900000000"
    assert cleaned["rooms"] == 3


def test_form_is_prefilled_from_the_card_where_it_fits() -> None:
    person = {"name": "张伟", "number": "220102199003071235"}
    answers, sources = MODEL.prefill(person)
    assert answers == person
    assert sources == {"name": "person.name", "number": "person.number"}
    assert MODEL.prefill({"name": "张", "number": "wrong"}) == ({}, {})


def test_field_speaks_the_language_it_is_asked_in() -> None:
    page = MODEL.pages(GOOD, "ko")[1]
    assert page.title == "Home (한)"
    assert page.fields[0].choices == (
        ("own", "own (한)"),
        ("rented", "rented (한)"),
        ("other", "other (한)"),
    )
    (lease,) = MODEL.pages(GOOD | {"housing": "rented"}, "zh")[2].fields
    assert lease.choices == (("true", "是"), ("false", "否"))
    you = {f.id: f for f in MODEL.pages(GOOD, "en")[0].fields}
    assert (you["phone"].keyboard, you["phone"].hint) == ("digits", "11 digits")
    assert (you["number"].masked, you["number"].max_length) == (True, 18)
    assert you["name"].keyboard == "pinyin"


def test_answer_is_told_in_words() -> None:
    assert MODEL.answer_text("housing", "own", "en") == "own"
    assert MODEL.answer_text("housing", "own", "zh") == "own（中）"
    assert MODEL.answer_text("lease", True, "ko") == "예"
    assert MODEL.answer_text("rooms", 3, "en") == "3"


@given(st.dictionaries(st.sampled_from([*MODEL.field_ids, "other"]), VALUES))
def test_any_answers_are_checked_without_surprise(answers: dict[str, Any]) -> None:
    cleaned = MODEL.clean(answers)
    assert MODEL.clean(cleaned) == cleaned
    assert MODEL.validate(cleaned) == MODEL.validate(answers)
    for problem in MODEL.validate_strictly(answers):
        assert problem.code in FAULTS
    assert set(cleaned) <= set(shown(answers))


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Put a value somewhere into a form."""

    def apply(form: dict[str, Any]) -> None:
        *way, last = path.split(".")
        at: Any = form
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        if isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("extra", 1),
        ("schema.type", "array"),
        ("schema.additionalProperties", True),
        ("schema.properties", {}),
        ("schema.properties.name.type", "integer"),
        ("schema.properties.name", {"type": "string"}),
        ("schema.properties.phone.format", "email"),
        ("schema.properties.stray", {"type": "string", "maxLength": 1}),
        ("schema.properties.housing.enum", ["own"]),
        ("schema.required", ["name", "lease"]),
        ("schema.allOf.0.if.properties.housing.const", "own"),
        ("schema.allOf.0.then.required", ["name"]),
        ("schema.allOf.0.then.minProperties", 1),
        ("ui.pages", []),
        ("ui.pages.0.fields", []),
        ("ui.pages.1.id", "you"),
        ("ui.pages.0.title", {"zh": "x", "en": "x"}),
        ("ui.pages.0.title", {"zh": "x", "en": "x", "ko": " "}),
        ("ui.pages.0.fields.0.kind", "colour"),
        ("ui.pages.0.fields.0.keyboard", "piano"),
        ("ui.pages.0.fields.0.prefill", "person.shoe_size"),
        ("ui.pages.0.fields.0.id", "phone"),
        ("ui.pages.0.fields.0.colour", "red"),
        ("ui.pages.0.fields.0.choices", []),
        ("ui.pages.2.fields.0.visible_if", {"field": "landlord", "equals": 1}),
        ("ui.pages.2.fields.0.visible_if", {"field": "housing"}),
    ],
)
def test_form_that_breaks_a_rule_is_refused(path: str, value: Any) -> None:
    form = copy.deepcopy(FORM)
    change(path, value)(form)
    with pytest.raises(FormError):
        FormModel(form)
