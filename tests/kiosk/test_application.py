"""An application keeps what the chip said, and a signature only for exactly what was shown."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.application import Application, mask
from kiosk.contract.forms import FormModel
from kiosk.fault_views import Sentences
from kiosk.words import LANGUAGES, Words
from tests.kiosk.rig import (
    ANSWERS,
    COMPLETE,
    OTHER_PAGE,
    PAGE,
    STROKES,
    filled,
    person,
    service,
)

DECLARATION = ("I declare it.",)
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Change = Callable[[Application], object]


@st.composite
def changes(draw: st.DrawFn, slug: str) -> Change:
    """One thing a person can do to an application short of signing it."""
    fields = sorted(_form(slug).field_ids)
    materials = [m["id"] for m in service(slug)["materials"] if m["form"] == "scan"]
    match draw(st.sampled_from(["answer", "answer", "answer", "keep", "drop"])):
        case "answer":
            field = draw(st.sampled_from(fields))
            known = ANSWERS[slug].get(field, "")
            choices = [v for v, _ in _choices(slug, field)]
            value = draw(st.sampled_from([known, "", *choices]) | st.text(max_size=12))
            return lambda application: application.set_answer(field, value)
        case "keep":
            material = draw(st.sampled_from(materials))
            page = draw(st.sampled_from([PAGE, OTHER_PAGE]))
            return lambda application: application.keep_page(material, page)
        case _:
            material = draw(st.sampled_from(materials))
            return lambda application: application.drop_pages(material)


@cache
def _form(slug: str) -> FormModel:
    return FormModel(service(slug)["form"])


@cache
def _choices(slug: str, field: str) -> tuple[tuple[str, str], ...]:
    for page in _form(slug).pages(ANSWERS[slug], "zh"):
        for shown in page.fields:
            if shown.id == field:
                return shown.choices
    return ()


def _content(application: Application) -> str:
    return application.shown_digest(DECLARATION)


@QUICK
@given(data=st.data(), slug=st.sampled_from(COMPLETE))
def test_signature_stands_only_for_what_was_shown_whatever_is_done(
    data: st.DataObject, slug: str
) -> None:
    application = filled(slug)
    for _ in range(data.draw(st.integers(1, 8))):
        application.sign(STROKES, DECLARATION)
        signed = application.signature()
        assert signed is not None
        assert signed.digest_of_what_was_shown == _content(application)
        before = _content(application)
        data.draw(changes(slug))(application)
        after = application.signature()
        if after is None:
            continue
        assert _content(application) == before
        assert after.digest_of_what_was_shown == before


@QUICK
@given(data=st.data(), slug=st.sampled_from(COMPLETE))
def test_locked_fields_keep_the_chips_values_whatever_is_done(
    data: st.DataObject, slug: str
) -> None:
    application = Application(service(slug), person())
    locked = {
        field: application.answers[field]
        for field, source in application.sources.items()
        if source in ("person.name", "person.number", "person.document_number", "person.sex",
                      "person.birth_date")
    }
    assert {"name", "id_number"} <= set(locked)
    for _ in range(data.draw(st.integers(1, 12))):
        data.draw(changes(slug))(application)
    for field, value in locked.items():
        application.set_answer(field, "")
        application.set_answer(field, "someone else")
        assert application.answers[field] == value
        assert application.sources[field].startswith("person.")
    words = Words("en")
    for index in range(application.page_count()):
        for field_view in application.form_view(index, words, Sentences(words)).fields:
            assert field_view.locked == (field_view.id in locked)


@QUICK
@given(data=st.data(), slug=st.sampled_from(COMPLETE), language=st.sampled_from(LANGUAGES))
def test_answers_validate_exactly_when_every_page_check_passes(
    data: st.DataObject, slug: str, language: str
) -> None:
    application = filled(slug)
    for _ in range(data.draw(st.integers(0, 6))):
        data.draw(changes(slug))(application)
    pages_fine = all(
        application.check_page(index, language) for index in range(application.page_count())
    )
    assert pages_fine == (application.form.validate(application.answers) == [])
    if pages_fine:
        clean = application.form.clean(application.answers)
        assert application.form.validate_strictly(clean) == []


@pytest.mark.parametrize("slug", COMPLETE)
def test_every_complete_service_can_be_filled_in(slug: str) -> None:
    application = filled(slug)
    assert application.form.validate(application.answers) == []
    assert application.missing_material() is None


def test_digest_differs_when_declaration_answer_page_or_version_differs() -> None:
    base = filled()
    seen = {base.shown_digest(DECLARATION), base.shown_digest(("Something else.",))}
    changed = filled()
    changed.set_answer("purpose", "school")
    seen.add(changed.shown_digest(DECLARATION))
    paged = filled()
    paged.keep_page("social_security_card", OTHER_PAGE)
    seen.add(paged.shown_digest(DECLARATION))
    newer = Application(dict(service(COMPLETE[0]), version="f" * 64), person())
    newer.answers, newer.pages = base.answers, base.pages
    seen.add(newer.shown_digest(DECLARATION))
    assert len(seen) == 5
    assert filled().shown_digest(DECLARATION) == base.shown_digest(DECLARATION)


def test_conditional_field_is_reported_as_a_change_of_shape_only_when_it_comes_or_goes() -> None:
    application = filled()
    assert application.set_answer("purpose", "other") is True
    assert application.set_answer("purpose_note", "为了孩子") is False
    assert application.set_answer("purpose", "loan") is True
    assert application.set_answer("purpose", "work") is False


def test_answer_of_a_hidden_field_is_not_handed_in() -> None:
    application = filled()
    application.set_answer("purpose", "other")
    application.set_answer("purpose_note", "为了孩子")
    application.set_answer("purpose", "loan")
    assert "purpose_note" not in application.form.clean(application.answers)


def test_problem_is_shown_only_after_the_field_was_left() -> None:
    application = Application(service(COMPLETE[0]), person())
    words = Words("en")
    sentences = {"field.required": "Please fill this in.", "field.phone": "No mobile number."}

    def problem() -> str:
        fields = application.form_view(0, words, sentences).fields
        return next(field.problem for field in fields if field.id == "phone")

    application.set_answer("phone", "123")
    assert problem() == ""
    application.leave_field("phone")
    assert problem() == "No mobile number."
    application.set_answer("phone", "13900000000")
    assert problem() == ""


def test_address_from_the_card_may_be_corrected_and_is_then_the_persons_own() -> None:
    application = Application(service("residence_permit"), person())
    assert application.sources["registered_address"] == "person.address"
    application.set_answer("registered_address", "长春市南关区新址1号")
    assert application.answers["registered_address"] == "长春市南关区新址1号"
    assert "registered_address" not in application.sources


def test_touched_only_once_something_was_entered_by_hand() -> None:
    application = Application(service(COMPLETE[0]), person())
    assert not application.touched
    application.set_answer("name", "Someone else")
    assert not application.touched
    application.set_answer("insurance", "all")
    assert application.touched


def test_review_masks_the_number_and_leads_to_every_part() -> None:
    application = filled()
    sections = application.review(Words("en"))
    assert [s.id for s in sections] == ["form:0", "form:1", "form:2", "materials", "signature"]
    number = application.person.document.number
    text = str(sections)
    assert number not in text
    assert mask(number) in text
    assert application.summary(Words("en")) == tuple(
        row for section in sections if section.id != "signature" for row in section.rows
    )


@given(st.text(max_size=30))
def test_mask_hides_all_but_seven_characters(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    if len(text) > 7:
        assert masked[3:-4] == "*" * (len(text) - 7)


def test_snapshot_is_not_changed_by_what_is_done_to_the_application_afterwards() -> None:
    application = filled()
    application.sign(STROKES, DECLARATION)
    frozen = application.snapshot()
    digest, signature = frozen.shown_digest(DECLARATION), frozen.signature()
    application.set_answer("purpose", "school")
    application.keep_page("social_security_card", OTHER_PAGE)
    application.sign((), ())
    assert frozen.shown_digest(DECLARATION) == digest
    assert frozen.signature() == signature is not None
