from kiosk.steps import Step
from screens.input.rime import shared_engine
from tests.harness import Hands, PanelSize
from tests.screens.desk_b import at


def middle(hands: Hands, sid: str) -> tuple[float, float]:
    x, y, width, height = hands.widgets()[sid]
    return x + width / 2, y + height / 2


def test_a_held_delete_key_keeps_deleting() -> None:
    with at(Step.FORM) as (hands, visit):
        visit.answers["phone"] = "13900000000"
        hands.tap("form.field.phone")
        finger = hands.touch(*middle(hands, "key.delete"))
        hands.wait(1.0)
        finger.lift()
        hands.frame()
        assert 3 <= 11 - len(visit.answers["phone"]) <= 7


def test_a_finger_that_slides_off_a_key_types_nothing() -> None:
    with at(Step.FORM) as (hands, visit):
        hands.tap("form.field.phone")
        finger = hands.touch(*middle(hands, "key.1"))
        hands.frame()
        finger.move(*middle(hands, "key.9"))
        hands.frame()
        finger.lift()
        hands.frame()
        assert visit.answers.get("phone", "") == ""


def test_two_fingers_type_both_letters_in_the_order_they_lift() -> None:
    with at(Step.FORM) as (hands, visit):
        hands.tap("form.field.phone")
        one = hands.touch(*middle(hands, "key.1"))
        hands.frame()
        two = hands.touch(*middle(hands, "key.2"))
        hands.frame()
        one.lift()
        hands.frame()
        two.lift()
        hands.frame()
        assert visit.answers["phone"] == "12"


def test_keys_answer_while_the_keyboard_still_slides_in() -> None:
    with at(Step.FORM) as (hands, visit):
        hands.tap("form.field.phone")
        hands.tap("key.5")
        assert visit.answers["phone"] == "5"


def test_another_alphabet_is_one_touch_away() -> None:
    assert shared_engine().wait(10), "librime did not load"
    with at(Step.FORM) as (hands, visit):
        visit.answers["address"] = ""
        hands.tap("form.field.address")
        hands.tap("key.mode")
        hands.type_text("ㅎㅏㄴ")
        assert visit.answers["address"] == "한"
        hands.tap("key.mode")
        for key in ("key.shift", "key.A", "key.b"):
            hands.tap(key)
        assert visit.answers["address"] == "한Ab"


def test_the_field_being_written_stays_in_view_on_a_low_screen() -> None:
    with at(Step.FORM, panel=PanelSize(1920, 1080, 27.0)) as (hands, _):
        hands.tap("form.field.address")
        hands.type_text("ji")
        assert "form.field.address" in hands.widgets()
