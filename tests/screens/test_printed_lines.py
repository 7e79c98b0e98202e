"""The screen that asks for the lines of a passport, and the one that offers it."""

from datetime import date

import numpy as np
import pytest

from kiosk.printed_lines import BIRTH, EXPIRY, NUMBER
from kiosk.steps import Step
from kiosk.views import LiveView
from screens.widgets.camera_picture import CameraPicture
from tests.screens.desk import Desk


def value(desk: Desk, name: str) -> str:
    fields = {field.id: field.value for field in desk.visit.printed_lines.form.fields}
    return fields[name]


def test_somebody_with_a_passport_says_so(desk: Desk) -> None:
    visit = desk.show("identify", "en")
    desk.hands.tap("identify.passport")
    assert ("use_passport",) in visit.calls


def test_a_service_for_other_documents_offers_no_passport(desk: Desk) -> None:
    visit = desk.show("identify", "en")
    visit.passport = False
    visit.on_change()
    desk.hands.wait(0.1)
    assert not desk.hands.see("identify.passport")


def test_number_is_typed_with_letters_and_digits_on_one_keyboard(desk: Desk) -> None:
    desk.show("lines_typed", "ko")
    desk.hands.tap("form.field.document_number")
    desk.hands.wait(0.4)
    desk.hands.type_text("M1234")
    assert value(desk, NUMBER) == "M1234"
    assert "M1234" in desk.hands.text("form.field.document_number")
    assert not desk.hands.see("key.mode")


@pytest.mark.parametrize(("name", "years"), [(BIRTH, range(-45, -25)), (EXPIRY, range(1, 10))])
def test_wheels_begin_near_the_usual_date(desk: Desk, name: str, years: range) -> None:
    desk.show("lines_typed", "en")
    desk.hands.tap(f"form.field.{name}")
    desk.hands.wait(0.4)
    desk.hands.tap("date.month.down")
    assert date.fromisoformat(value(desk, name)).year - date.today().year in years


def test_next_without_answers_says_what_is_missing(desk: Desk) -> None:
    desk.show("lines_typed", "en")
    desk.hands.tap("form.next")
    for name in (NUMBER, BIRTH, EXPIRY):
        assert "Please fill this in." in desk.hands.text(f"form.problem.{name}")


def test_from_each_way_a_button_leads_to_the_other(desk: Desk) -> None:
    visit = desk.show("lines_camera", "zh")
    desk.hands.tap("lines.type")
    assert ("type_lines",) in visit.calls
    visit.lines_way = "typed"
    visit.on_change()
    desk.hands.wait(0.1)
    desk.hands.tap("lines.show")
    assert ("show_lines",) in visit.calls


def test_live_picture_is_shown_with_its_advice_and_forgotten_on_leaving(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = desk.show("lines_camera", "en")
    image = np.full((90, 160, 3), 128, np.uint8)
    live = LiveView(image, 7, None, "I am looking for the lines…", None, 1.0)
    monkeypatch.setattr(type(visit), "lines_live", lambda _: live)
    desk.hands.wait(0.1)
    picture = desk.app.find("lines.picture")
    assert isinstance(picture, CameraPicture)
    assert picture._number == 7
    assert desk.hands.text("lines.advice") == "I am looking for the lines…"
    visit.go(Step.IDENTIFY)
    desk.hands.wait(0.1)
    assert picture._texture is None
