"""What a paper may fill: open answers of this person, marked, never over a chip or a hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.ocr.fields import Field, Paper, PaperKind
from kiosk.application import Application
from kiosk.fault_views import Sentences
from kiosk.reading import Unfit, fill_from, fillable
from kiosk.views import FieldView
from kiosk.words import Words
from tests.kiosk.rig import person, service

ELDERLY, PERMIT = "elderly_transport_card", "residence_permit"
ADDRESS = "吉林省长春市绿园区青年路88号"
WANG = "220104196803090281"
SURE = 0.99


def paper(kind: PaperKind, confidence: float = SURE, /, **values: str) -> Paper:
    return Paper(kind, {name: Field(value, confidence) for name, value in values.items()})


def wang() -> Application:
    """With a social security card, whose chip knows no address."""
    application = Application(service(ELDERLY), person("wang_social"))
    application.set_answer("collection", "courier")
    return application


def shown(application: Application, field_id: str) -> FieldView:
    words = Words("en")
    for page in range(application.page_count()):
        for field in application.form_view(page, words, Sentences(words)).fields:
            if field.id == field_id:
                return field
    raise AssertionError(f"{field_id} is not asked")


def test_an_open_answer_is_filled_and_marked() -> None:
    application = wang()
    assert fillable(application, application.form.field_ids) == {"delivery_address"}
    register = paper(PaperKind.HOUSEHOLD, name="王秀兰", number=WANG, address=ADDRESS)
    assert fill_from(register, application, application.form.field_ids) == 1
    field = shown(application, "delivery_address")
    assert (field.value, field.from_paper, field.doubtful) == (ADDRESS, True, False)
    assert field.source == "Read from the paper, please check"
    assert application.sources["delivery_address"] == "paper.household_register"


def test_what_was_read_goes_on_being_something_that_quitting_throws_away() -> None:
    application = Application(service(ELDERLY), person("wang_social"))
    assert not application.touched
    application.suggest("delivery_address", ADDRESS, "paper.household_register", certain=True)
    assert application.touched


def test_a_doubtful_answer_is_pointed_out_until_somebody_looked() -> None:
    application = wang()
    fill_from(paper(PaperKind.HOUSEHOLD, 0.7, number=WANG, address=ADDRESS), application,
              application.form.field_ids)
    assert shown(application, "delivery_address").doubtful
    application.leave_field("delivery_address")
    assert not shown(application, "delivery_address").doubtful


def test_a_typed_answer_stays_and_an_edited_one_is_the_persons_own() -> None:
    application = wang()
    application.set_answer("delivery_address", "长春市南关区")
    with pytest.raises(Unfit) as told:
        fill_from(paper(PaperKind.ID_CARD_FRONT, number=WANG, address=ADDRESS), application,
                  application.form.field_ids)
    assert told.value.code == "text.other_paper"
    assert application.answers["delivery_address"] == "长春市南关区"
    application.set_answer("delivery_address", "")
    fill_from(paper(PaperKind.ID_CARD_FRONT, number=WANG, address=ADDRESS), application,
              application.form.field_ids)
    application.set_answer("delivery_address", ADDRESS + "3单元")
    assert "delivery_address" not in application.sources
    assert not shown(application, "delivery_address").from_paper


def test_a_second_paper_may_replace_what_the_first_gave() -> None:
    application = wang()
    for address in (ADDRESS, "长春市南关区解放大路1号"):
        fill_from(paper(PaperKind.HOUSEHOLD, number=WANG, address=address), application,
                  application.form.field_ids)
        assert application.answers["delivery_address"] == address


@pytest.mark.parametrize("said", [{"number": "220104198503120177"}, {"name": "张伟"}])
def test_somebody_elses_card_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(Unfit) as told:
        fill_from(paper(PaperKind.ID_CARD_FRONT, SURE, address=ADDRESS, **said), wang(),
                  ["delivery_address"])
    assert told.value.code == "text.other_person"


def test_the_household_of_another_head_is_doubtful_of_ones_own_certain() -> None:
    for householder, doubtful in (("王大力", True), ("王秀兰", False)):
        application = wang()
        fill_from(paper(PaperKind.HOUSEHOLD, householder=householder, address=ADDRESS),
                  application, ["delivery_address"])
        assert shown(application, "delivery_address").doubtful is doubtful


def test_a_number_that_fails_its_check_digit_says_nothing_about_whose_it_is() -> None:
    card = Paper(PaperKind.ID_CARD_FRONT, {
        "number": Field("220104196803090291", 0.5, checked=False),
        "name": Field("王秀兰", SURE), "address": Field(ADDRESS, SURE),
    })
    application = wang()
    assert fill_from(card, application, ["delivery_address"]) == 1


def test_a_licence_fills_what_is_asked_of_a_company_and_nothing_of_a_person() -> None:
    application = Application(service(PERMIT), person("zhang_wei"))
    application.set_answer("reason", "business")
    before = dict(application.answers)
    licence = paper(PaperKind.LICENCE, company="长春市样例面包坊", address="长春市朝阳区90号",
                    representative="张伟")
    assert fill_from(licence, application, application.form.field_ids) == 1
    assert application.answers == {**before, "employer": "长春市样例面包坊"}


def test_a_value_the_field_would_refuse_is_not_entered() -> None:
    with pytest.raises(Unfit):
        fill_from(paper(PaperKind.HOUSEHOLD, number=WANG, address="长"), wang(),
                  ["delivery_address"])


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from([k for k in PaperKind if k is not PaperKind.LICENCE]),
    values=st.dictionaries(
        st.sampled_from(["name", "number", "sex", "birth_date", "address", "issuer", "valid_to"]),
        st.text(max_size=30) | st.sampled_from([WANG, "王秀兰", "1", "1999-01-01"]), max_size=7,
    ),
    slug=st.sampled_from([ELDERLY, PERMIT]),
)
def test_no_paper_changes_what_the_chip_said(
    kind: PaperKind, values: dict[str, str], slug: str
) -> None:
    application = Application(service(slug), person("wang_social"))
    before = {name: application.answers[name] for name in application.sources}
    try:
        fill_from(paper(kind, SURE, **values), application, application.form.field_ids)
    except Unfit:
        assert application.answers == before
    assert {name: application.answers[name] for name in before} == before
    assert all(source.startswith("paper.") for name, source in application.sources.items()
               if name not in before)
