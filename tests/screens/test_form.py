from collections.abc import Iterator

import pytest

from kiosk.steps import Step
from kiosk.views import Looks
from screens.input.rime import shared_engine
from tests.harness import Hands
from tests.screens.desk_b import at, calls, words_of
from tests.screens.samples_b import SampleVisitB

Desk = tuple[Hands, SampleVisitB]


@pytest.fixture
def first_page() -> Iterator[Desk]:
    assert shared_engine().wait(10), "librime did not load"
    with at(Step.FORM) as desk:
        yield desk


@pytest.fixture
def second_page() -> Iterator[Desk]:
    with at(Step.FORM, page=1) as desk:
        yield desk


def test_a_prefilled_field_says_where_its_value_comes_from(first_page: Desk) -> None:
    hands, _ = first_page
    assert "张伟" in words_of(hands, "form.field.name")
    assert any("From your ID card" in text for text in all_texts(hands))


def test_a_masked_number_is_shown_only_while_it_is_touched(first_page: Desk) -> None:
    hands, _ = first_page
    assert "220***********1233" in words_of(hands, "form.field.id")
    hands.tap("form.field.id")
    assert "220102199005171233" in words_of(hands, "form.field.id")
    hands.tap("form.field.name")
    assert "220***********1233" in words_of(hands, "form.field.id")


def test_touching_a_number_field_opens_the_number_pad(first_page: Desk) -> None:
    hands, _ = first_page
    assert "key.1" not in hands.widgets()
    hands.tap("form.field.phone")
    hands.wait(0.3)
    assert {"key.1", "key.0", "key.delete", "key.done"} <= set(hands.widgets())
    assert "key.X" not in hands.widgets()
    hands.tap("form.field.id")
    assert "key.X" in hands.widgets()


def test_keys_write_into_the_visit_with_every_touch(first_page: Desk) -> None:
    hands, visit = first_page
    hands.tap("form.field.phone")
    hands.wait(0.3)
    hands.type_text("139")
    hands.tap("key.delete")
    assert visit.answers["phone"] == "13"
    assert "13" in words_of(hands, "form.field.phone")


def test_pinyin_becomes_characters_by_touching_a_candidate(first_page: Desk) -> None:
    hands, visit = first_page
    hands.tap("form.field.address")
    hands.wait(0.3)
    hands.type_text("changchun")
    assert visit.answers["address"] == "吉林省长春市朝阳区"
    hands.tap("candidate.0")
    assert visit.answers["address"] == "吉林省长春市朝阳区长春"
    assert "candidate.0" not in hands.widgets()


def test_more_shows_other_candidates_without_repeating(first_page: Desk) -> None:
    hands, visit = first_page
    visit.answers["address"] = ""
    hands.tap("form.field.address")
    hands.wait(0.3)
    hands.type_text("shi")
    shown = sum(sid.startswith("candidate.") for sid in hands.widgets()) - 1
    expected = first_page_of("shi", shown + 1)[shown]
    hands.tap("candidate.more")
    hands.tap("candidate.0")
    assert visit.answers["address"] == expected


def test_leaving_a_field_shows_in_words_what_is_wrong(first_page: Desk) -> None:
    hands, visit = first_page
    hands.tap("form.field.phone")
    hands.wait(0.3)
    hands.type_text("139")
    hands.tap("form.field.name")
    hands.wait(0.1)
    assert ("phone",) in calls(visit, "leave_field")
    assert "11 digits" in words_of(hands, "form.problem.phone")


def test_done_goes_to_the_next_open_field_and_then_to_the_next_page(first_page: Desk) -> None:
    hands, visit = first_page

    def turn() -> None:
        visit.page = 1

    visit.on_next = turn
    hands.tap("form.field.name")
    hands.wait(0.3)
    hands.tap("key.done")
    hands.wait(0.3)
    hands.type_text("13900000000")  # the phone is the only field left open
    hands.tap("key.done")
    hands.wait(0.3)
    assert visit.answers["phone"] == "13900000000"
    assert calls(visit, "next") == [()]
    assert hands.see("form.choice.kind.all")
    assert "key.done" not in hands.widgets()


def test_a_choice_is_one_touch_without_keyboard(second_page: Desk) -> None:
    hands, visit = second_page
    hands.tap("form.choice.kind.pension")
    hands.tap("form.choice.self.false")
    assert (visit.answers["kind"], visit.answers["self"]) == ("pension", "false")
    assert not [sid for sid in hands.widgets() if sid.startswith("key.")]


def test_a_long_list_opens_and_one_touch_answers_it(second_page: Desk) -> None:
    hands, visit = second_page
    assert not hands.see("form.choice.group.10")
    hands.tap("form.field.group")
    hands.wait(0.3)
    hands.tap("form.choice.group.10")
    assert visit.answers["group"] == "10"
    assert not hands.see("form.choice.group.10")


def test_wheels_turn_a_date_and_keep_it_a_real_one(second_page: Desk) -> None:
    hands, visit = second_page
    visit.answers["born"] = "1992-02-29"
    hands.tap("form.field.born")
    hands.wait(0.3)
    hands.tap("date.year.down")
    assert visit.answers["born"] == "1993-02-28"
    hands.tap("date.month.up")
    assert visit.answers["born"] == "1993-01-28"


def test_other_language_keeps_what_was_entered(first_page: Desk) -> None:
    hands, visit = first_page
    hands.tap("form.field.phone")
    hands.wait(0.3)
    hands.type_text("139")
    hands.tap("header.language.ko")
    hands.wait(0.1)
    assert "139" in words_of(hands, "form.field.phone")
    assert visit.language == "ko"


def test_leaving_forgets_everything_typed(first_page: Desk) -> None:
    hands, visit = first_page
    hands.tap("form.field.address")
    hands.wait(0.3)
    hands.type_text("mi")
    screen = hands.app.stage.screen
    visit.go(Step.REVIEW)
    hands.wait(0.1)
    assert screen is not None
    assert screen.children == []
    assert shared_engine().look(0, 5).preedit == ""


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
@pytest.mark.parametrize("looks", [Looks(), Looks(large_text=True)], ids=["normal", "large"])
def test_keys_are_large_and_apart_enough_for_a_finger(language: str, looks: Looks) -> None:
    with at(Step.FORM, language=language, looks=looks) as (hands, _):
        hands.tap("form.field.address")
        hands.wait(0.3)
        per_mm = hands.app._look.tokens.panel.px_per_mm
        keys = {s: r for s, r in hands.widgets().items() if s.startswith("key.")}
        assert len(keys) > 30
        for x, y, width, height in keys.values():
            assert min(width, height) >= 12.7 * per_mm
            assert x >= 0
            assert x + width <= 1080
            for other_x, other_y, other_width, other_height in keys.values():
                if (x, y) == (other_x, other_y):
                    continue
                gap_x = max(other_x - (x + width), x - (other_x + other_width))
                gap_y = max(other_y - (y + height), y - (other_y + other_height))
                assert max(gap_x, gap_y) >= 2.54 * per_mm - 1.5


def first_page_of(letters: str, count: int) -> tuple[str, ...]:
    """What the engine itself answers, asked apart from the screen."""
    engine = shared_engine()
    before = engine.look(0, count)
    assert before.preedit == letters
    return before.candidates


def all_texts(hands: Hands) -> list[str]:
    return [str(w.text) for w in hands.app.stage.walk() if getattr(w, "text", "")]


def test_a_paper_is_offered_and_what_it_gave_is_told() -> None:
    with at(Step.FORM, paper=True) as (hands, visit):
        assert not hands.see("form.note")
        hands.tap("form.paper")
        assert calls(visit, "fill_from_paper") == [()]
        visit.paper_note = "2 answers were read from the paper."
        visit.on_change()
        hands.wait(0.1)
        assert "2 answers" in words_of(hands, "form.note")
        assert "Read another paper" in words_of(hands, "form.paper")


def test_no_paper_is_offered_where_none_can_help(first_page: Desk) -> None:
    hands, _ = first_page
    assert not hands.see("form.paper")


def test_the_offer_makes_room_for_the_keyboard() -> None:
    with at(Step.FORM, paper=True) as (hands, _):
        hands.tap("form.field.address")
        hands.wait(0.4)
        assert not hands.see("form.paper")
