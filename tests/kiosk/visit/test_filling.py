"""The form, page by page: problems are shown where they are, screens refresh only when needed."""

from kiosk.steps import Step
from tests.kiosk.rig import ANSWERS, CERTIFICATE
from tests.kiosk.visit.guest import Guest


def test_page_is_left_only_when_it_is_right(guest: Guest) -> None:
    guest.to_form()
    assert [field.problem for field in guest.visit.form.fields] == ["", "", ""]
    guest.visit.next()
    assert guest.visit.form.page == 0
    problems = {field.id: field.problem for field in guest.visit.form.fields}
    assert problems["phone"]
    assert not problems["name"]
    guest.visit.set_answer("phone", "139")
    guest.visit.next()
    assert guest.visit.form.page == 0
    guest.visit.set_answer("phone", "13900000000")
    assert guest.visit.form.complete
    guest.visit.next()
    assert guest.visit.form.page == 1


def test_typing_refreshes_only_when_fields_come_or_go(guest: Guest) -> None:
    guest.to_form()
    guest.visit.set_answer("phone", "13900000000")
    guest.visit.next()
    before = guest.changes
    for value in ("pension", "injury", "all"):
        guest.visit.set_answer("insurance", value)
    assert guest.changes == before
    guest.visit.set_answer("period", "chosen")
    assert guest.changes == before + 1
    assert {"period_from", "period_to"} <= {field.id for field in guest.visit.form.fields}


def test_values_from_the_card_say_where_they_come_from_in_every_language(guest: Guest) -> None:
    guest.to_form()
    sources = set()
    for language in ("zh", "en", "ko"):
        guest.visit.set_language(language)
        name = next(field for field in guest.visit.form.fields if field.id == "name")
        assert name.value == "张伟"
        assert name.source
        sources.add(name.source)
    assert len(sources) == 3


def test_entered_anything_only_after_something_was_entered(guest: Guest) -> None:
    guest.to_form()
    assert not guest.visit.entered_anything
    guest.visit.set_answer("phone", "1")
    assert guest.visit.entered_anything


def test_question_left_open_on_an_earlier_page_is_asked_before_going_on(guest: Guest) -> None:
    guest.to_form()
    visit = guest.visit
    asked = {}
    while visit.form.page + 1 < visit.form.pages:
        for field in visit.form.fields:
            if not field.locked and field.id in ANSWERS[CERTIFICATE]:
                asked[field.id] = visit.form.page
                visit.set_answer(field.id, ANSWERS[CERTIFICATE][field.id])
        visit.next()
    visit.set_answer("phone", "")  # as another paper laid down, or an answer here, may do
    for field in visit.form.fields:
        if not field.locked and field.id in ANSWERS[CERTIFICATE]:
            visit.set_answer(field.id, ANSWERS[CERTIFICATE][field.id])
    visit.next()
    guest.at(Step.FORM)
    assert visit.form.page == asked["phone"]
    assert next(field for field in visit.form.fields if field.id == "phone").problem
