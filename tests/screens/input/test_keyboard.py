import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screens.input.keyboard import Keyboard
from screens.input.layouts import LAYOUTS, Mode
from screens.input.rime import RimeEngine

KEYS = sorted(
    {key.id for layout in LAYOUTS.values() for row in layout.rows for key in row}
    | {key.shifted for layout in LAYOUTS.values() for row in layout.rows for key in row} - {""}
)
modes = st.sampled_from(["latin", "pinyin", "hangul", "digits", "symbols", "document"])
every_key = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def keyboard(pinyin: RimeEngine) -> Keyboard:
    return Keyboard(pinyin)


def press(keyboard: Keyboard, keys: str) -> None:
    for key in keys:
        keyboard.press(key)


def test_pinyin_stays_out_of_the_text_until_a_candidate_is_chosen(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "吉林省")
    press(keyboard, "changchun")
    assert keyboard.text == "吉林省"
    assert keyboard.candidates.texts[0] == "长春"

    keyboard.choose(0)

    assert keyboard.text == "吉林省长春"
    assert keyboard.candidates.texts == ()


def test_space_takes_the_first_candidate_shown(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "")
    press(keyboard, "zhangwei")
    keyboard.press("space")
    assert keyboard.text == "张伟"


def test_done_finishes_what_is_being_composed(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "")
    press(keyboard, "changchun")
    assert keyboard.press("done") == "done"
    assert keyboard.text == "长春"


def test_more_walks_through_all_candidates_and_back_to_the_first(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "")
    press(keyboard, "nv")
    first = keyboard.candidates
    seen = list(first.texts[:3])
    for _ in range(40):
        keyboard.more(3)
        if keyboard.candidates.first == 0:
            break
        seen += keyboard.candidates.texts[:3]
    assert keyboard.candidates == first
    assert len(seen) == len(set(seen)) > 6


def test_delete_takes_pinyin_letters_before_text(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "长")
    press(keyboard, "ch")
    keyboard.press("delete")
    keyboard.press("delete")
    assert keyboard.text == "长"
    keyboard.press("delete")
    assert keyboard.text == ""


def test_separator_parts_two_syllables(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "")
    press(keyboard, "xi'an")
    assert keyboard.candidates.texts[0] == "西安"


def test_hangul_composes_in_the_text_and_deletes_by_jamo(keyboard: Keyboard) -> None:
    keyboard.open("hangul", "")
    press(keyboard, "ㄱㅏㅂㅅ")
    assert (keyboard.text, keyboard.composing) == ("값", 1)
    keyboard.press("delete")
    assert keyboard.text == "갑"
    press(keyboard, "ㅅㅣ")
    assert keyboard.text == "갑시"
    keyboard.press("space")
    assert (keyboard.text, keyboard.composing) == ("갑시 ", 0)


def test_shift_holds_for_one_letter_and_a_second_touch_locks_it(keyboard: Keyboard) -> None:
    keyboard.open("latin", "")
    for key in ["shift", "A", "b", "shift", "shift", "C", "D", "shift", "e"]:
        keyboard.press(key)
    assert keyboard.text == "AbCDe"
    assert keyboard.shift == "off"


def test_mode_changes_the_language_and_keeps_the_text(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "")
    press(keyboard, "jin")
    keyboard.press("mode")
    assert keyboard.mode == "hangul"
    press(keyboard, "ㄱㅣㅁ")
    keyboard.press("mode")
    press(keyboard, "kim")
    assert keyboard.text[1:] == "김kim"
    assert len(keyboard.text) == 5


def test_symbols_return_to_the_letters_they_were_opened_from(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "朝阳区")
    for key in ["symbols", "1", "2", "letters"]:
        keyboard.press(key)
    assert keyboard.text == "朝阳区12"
    assert keyboard.mode == "pinyin"


def test_clear_empties_the_number(keyboard: Keyboard) -> None:
    keyboard.open("digits", "138", 11, "phone")
    keyboard.press("clear")
    assert keyboard.text == ""


def test_closing_forgets_everything_typed(keyboard: Keyboard) -> None:
    keyboard.open("pinyin", "张伟")
    press(keyboard, "mi")
    keyboard.close()
    assert keyboard.text == ""
    assert keyboard.candidates.preedit == ""


@given(mode=modes, keys=st.lists(st.sampled_from(KEYS), max_size=40), limit=st.integers(1, 12))
@every_key
def test_any_keys_keep_the_text_within_its_length(
    pinyin: RimeEngine, mode: Mode, keys: list[str], limit: int
) -> None:
    keyboard = Keyboard(pinyin)
    keyboard.open(mode, "", limit)
    for key in keys:
        keyboard.press(key)
        assert len(keyboard.text) <= limit
        assert 0 <= keyboard.composing <= len(keyboard.text)
    keyboard.close()


@given(mode=modes, keys=st.lists(st.sampled_from(KEYS), max_size=30))
@every_key
def test_enough_deletes_always_empty_the_field(
    pinyin: RimeEngine, mode: Mode, keys: list[str]
) -> None:
    keyboard = Keyboard(pinyin)
    keyboard.open(mode, "")
    for key in keys:
        keyboard.press(key)
    for _ in range(200):
        keyboard.press("delete")
    assert keyboard.text == ""
    assert keyboard.candidates.preedit == ""


@given(keys=st.lists(st.sampled_from(sorted("abcdeghijnouvxz'")), max_size=30))
@every_key
def test_done_leaves_nothing_being_composed(pinyin: RimeEngine, keys: list[str]) -> None:
    keyboard = Keyboard(pinyin)
    keyboard.open("pinyin", "")
    for key in keys:
        keyboard.press(key)
    keyboard.press("done")
    assert keyboard.candidates.preedit == ""
    keyboard.close()
