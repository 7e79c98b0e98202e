"""The screens of taking an application along and going on with it."""

import pytest

from kiosk.contract.draft_keys import DraftKey
from kiosk.slip_code import FIELD
from kiosk.steps import Step
from kiosk.views import Looks
from tests.screens.desk import Desk
from tests.screens.desk_b import at, calls


@pytest.mark.parametrize("step", [Step.FORM, Step.MATERIAL, Step.REVIEW])
def test_application_can_be_taken_along_from_every_part(step: Step) -> None:
    with at(step, looks=Looks(large_text=True)) as (hands, visit):
        hands.tap("draft.take")
        assert calls(visit, "take_with_you") == [()]


def test_kiosk_that_prints_no_slip_offers_none() -> None:
    with at(Step.FORM, can_take=False) as (hands, _):
        assert not hands.see("draft.take")


def test_slip_is_printed_on_a_touch_and_the_fault_stands_above(desk: Desk) -> None:
    visit = desk.show("draft", "en")
    desk.hands.tap("draft.keep")
    assert ("keep_draft",) in visit.calls
    assert not desk.hands.see("draft.discard")
    visit = desk.show("draft_fault", "en")
    assert "could not be printed" in desk.hands.text("fault")
    desk.hands.tap("draft.discard")
    assert ("discard_draft",) in visit.calls


def test_while_it_is_kept_nothing_can_be_touched_and_then_it_is_finished(desk: Desk) -> None:
    desk.show("draft_keeping", "en")
    assert not desk.hands.see("draft.keep")
    visit = desk.show("draft_kept", "en")
    desk.hands.tap("draft.finish")
    assert ("finish",) in visit.calls


def test_code_is_typed_on_one_keyboard_and_wrong_ones_are_told(desk: Desk) -> None:
    visit = desk.show("resume", "en")
    desk.hands.tap(f"form.field.{FIELD}")
    desk.hands.wait(0.4)
    text = DraftKey.new().symbols
    wrong = ("0" if text[0] != "0" else "1") + text[1:]
    desk.hands.type_text(wrong)
    assert visit.slip_code.form.fields[0].value == wrong
    desk.hands.tap("key.done")
    assert "not quite the code of a slip" in desk.hands.text(f"form.problem.{FIELD}")


def test_what_was_found_is_gone_on_with(desk: Desk) -> None:
    visit = desk.show("resume_found", "en")
    desk.hands.tap("resume.go_on")
    assert ("go_on_with_draft",) in visit.calls
    visit = desk.show("resume_fault", "en")
    desk.hands.tap("resume.type")
    assert ("type_slip_code",) in visit.calls
    desk.hands.tap("fault.retry")
    assert ("retry",) in visit.calls
