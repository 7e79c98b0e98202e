"""The key of a passport from what is printed in it, typed or seen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.cards.travel_document import AccessKey
from kiosk.contract.faults import FAULTS
from kiosk.printed_lines import BIRTH, EXPIRY, FIELDS, NUMBER, PrintedLines, SeenLines, Way
from kiosk.words import LANGUAGES, Words

TODAY = date(2026, 11, 23)
RIGHT = {NUMBER: "M12345678", BIRTH: "1993-04-17", EXPIRY: "2031-02-28"}
KEY = AccessKey("M12345678", "930417", "310228")


class Desk:
    def __init__(self, language: str = "en") -> None:
        self.done = self.changes = 0
        self.language = language
        self.lines = PrintedLines(
            lambda: Words(self.language), lambda: TODAY, self._finished, self._changed
        )

    def _finished(self) -> None:
        self.done += 1

    def _changed(self) -> None:
        self.changes += 1

    def type(self, **values: str) -> "Desk":
        for name, value in {**RIGHT, **values}.items():
            self.lines.set_answer(name, value)
        self.lines.next()
        return self

    def problem(self, name: str) -> str:
        return next(field.problem for field in self.lines.form.fields if field.id == name)


def test_three_right_values_make_the_key() -> None:
    desk = Desk().type()
    assert desk.lines.key() == KEY
    assert desk.done == 1
    assert desk.lines.form.complete


@pytest.mark.parametrize("typed", ["m12345678", "M 1234-5678", "M12345678<<"])
def test_a_number_is_understood_however_it_is_written(typed: str) -> None:
    assert Desk().type(document_number=typed).lines.key() == KEY


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (NUMBER, "", "field.required"),
        (NUMBER, "M123", "field.passport_number"),
        (NUMBER, "护照123456", "field.passport_number"),
        (NUMBER, "M" * 23, "field.passport_number"),
        (BIRTH, "", "field.required"),
        (BIRTH, "2027-01-01", "field.birth_date"),
        (EXPIRY, "", "field.required"),
        (EXPIRY, "1990-01-01", "field.expiry_date"),  # before the birth
        (EXPIRY, "2056-01-01", "field.expiry_date"),
        (EXPIRY, "2026-11-22", "card.expired"),
        (EXPIRY, "soon", "field.date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_makes_no_key(
    field: str, value: str, code: str
) -> None:
    desk = Desk().type(**{field: value})
    assert desk.done == 0
    assert desk.lines.key() is None
    assert FAULTS[code].resident in desk.problem(field)
    assert [f.id for f in desk.lines.form.fields if f.problem] == [field]


def test_a_passport_that_ends_today_is_valid_today() -> None:
    assert Desk().type(expiry_date="2026-11-23").lines.known


def test_nothing_is_said_about_a_field_before_it_was_left() -> None:
    desk = Desk()
    assert [field.problem for field in desk.lines.form.fields] == ["", "", ""]
    desk.lines.leave_field(NUMBER)
    assert desk.problem(NUMBER)
    assert not desk.problem(BIRTH)


def test_lines_that_did_not_open_the_chip_stay_to_be_corrected() -> None:
    desk = Desk().type(document_number="M12345679")
    desk.lines.refused("card.wrong_mrz")
    assert desk.lines.key() is None
    assert (desk.lines.way, desk.lines.fault_code) == (Way.TYPED, "card.wrong_mrz")
    assert desk.lines.form.fields[0].value == "M12345679"
    desk.lines.set_answer(NUMBER, "M12345678")
    assert desk.lines.fault_code is None
    desk.lines.next()
    assert desk.lines.key() == KEY


def test_what_the_camera_saw_opens_the_chip_and_can_be_corrected() -> None:
    desk = Desk()
    desk.lines.seen(SeenLines(KEY, date(1993, 4, 17), date(2031, 2, 28)))
    assert desk.lines.key() == KEY
    assert desk.done == 1
    assert {field.id: field.value for field in desk.lines.form.fields} == RIGHT


def test_lines_of_an_expired_passport_are_said_at_once() -> None:
    desk = Desk()
    desk.lines.seen(SeenLines(KEY, date(1993, 4, 17), date(2021, 2, 28)))
    assert desk.lines.key() is None
    assert desk.lines.fault_code == "card.expired"
    assert desk.done == 0


def test_a_date_with_unknown_parts_opens_the_chip_as_it_is_printed() -> None:
    desk = Desk()
    key = AccessKey("M12345678", "93<<<<", "310228")
    desk.lines.seen(SeenLines(key, None, date(2031, 2, 28)))
    assert desk.lines.key() == key


def test_wiping_forgets_everything_and_no_repr_shows_it() -> None:
    desk = Desk().type()
    assert "M12345678" not in repr(desk.lines) + repr(desk.lines.key())
    desk.lines.wipe()
    assert desk.lines.key() is None
    assert not desk.lines.started
    assert all(not field.value and not field.display for field in desk.lines.form.fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_asked_in_every_language(language: str) -> None:
    desk, english = Desk(language), Desk("en")
    for here, there in zip(desk.lines.form.fields, english.lines.form.fields, strict=True):
        assert here.label
        assert language == "en" or here.label != there.label


@given(st.fixed_dictionaries({name: st.text(max_size=24) for name in FIELDS}))
def test_anything_typed_is_a_key_or_a_problem(values: dict[str, str]) -> None:
    desk = Desk().type(**values)
    assert (desk.lines.key() is not None) == (desk.done == 1)
    assert desk.lines.known or any(field.problem for field in desk.lines.form.fields)
