from pathlib import Path

import numpy as np
from PIL import Image

from kiosk.steps import Step
from kiosk.views import Looks
from tests.screens.desk import Desk


def test_touching_anywhere_on_the_attract_screen_starts_a_visit(desk: Desk) -> None:
    visit = desk.show("attract")
    desk.hands.tap("attract.start")
    assert ("start",) in visit.calls


def test_language_switch_changes_every_word_and_keeps_the_step(desk: Desk) -> None:
    visit = desk.show("service", "zh")
    before = desk.hands.text("service.title")
    desk.hands.tap("header.language.en")
    assert visit.language == "en"
    assert desk.hands.step == "service"
    assert desk.hands.text("service.title") != before


def test_bottom_bar_turns_each_look_on_and_off_again(desk: Desk) -> None:
    visit = desk.show("home")
    for sid, name in (("bar.large_text", "large_text"), ("bar.contrast", "high_contrast"),
                      ("bar.low_reach", "low_reach")):
        desk.hands.tap(sid)
        assert getattr(visit.looks, name)
        desk.hands.tap(sid)
    assert visit.looks == Looks()


def test_help_lies_over_the_screen_and_closes_again(desk: Desk) -> None:
    desk.show("service")
    desk.hands.tap("bar.help")
    assert desk.hands.see("help.close")
    assert not desk.hands.see("service.begin")
    desk.hands.tap("help.close")
    assert desk.hands.see("service.begin")


def test_quit_asks_first_when_something_was_entered(desk: Desk) -> None:
    visit = desk.show("consent")
    desk.hands.tap("nav.quit")
    assert ("quit",) not in visit.calls
    desk.hands.tap("nav.quit.stay")
    assert desk.hands.see("consent.agree")
    desk.hands.tap("nav.quit")
    desk.hands.tap("nav.quit.confirm")
    assert ("quit",) in visit.calls


def test_quit_asks_nothing_when_nothing_was_entered(desk: Desk) -> None:
    visit = desk.show("service")
    visit.entered_anything = False
    desk.hands.tap("nav.quit")
    assert ("quit",) in visit.calls


def test_idle_warning_counts_down_over_the_screen(desk: Desk) -> None:
    visit = desk.show("idle")
    visit.idle_left = 7
    visit.on_change()
    desk.hands.frame()
    assert desk.hands.see("idle.extend")
    assert not desk.hands.see("home.search")
    visit.idle_left = None
    visit.on_change()
    desk.hands.frame()
    assert desk.hands.see("home.search")


def test_a_finger_that_moves_on_scrolls_and_presses_nothing(desk: Desk) -> None:
    visit = desk.show("home", "en", Looks(large_text=True))
    x, y, width, height = desk.hands.widgets()["home.group.social"]
    finger = desk.hands.touch(x + width / 2, y + height / 2)
    desk.hands.frame()
    for step in range(1, 6):
        finger.move(x + width / 2, y + height / 2 - 40 * step)
        desk.hands.frame()
    finger.lift()
    desk.hands.frame()
    assert visit.calls.count(("open_group", "social")) == 0
    moved = desk.app.where()
    widgets, beyond = moved["widgets"], moved["beyond"]
    assert isinstance(widgets, dict)
    assert isinstance(beyond, dict)
    place = {**beyond, **widgets}["home.group.social"]
    assert place[1] < y - 100


def test_a_press_shows_in_the_next_frame(desk: Desk, tmp_path: Path) -> None:
    desk.show("service")
    x, y, width, height = desk.hands.widgets()["service.begin"]

    def corner() -> tuple[int, ...]:
        image = Image.open(desk.hands.picture(tmp_path / "now.png"))
        return tuple(np.asarray(image)[int(y + height / 2), int(x + 40)])

    before = corner()
    finger = desk.hands.touch(x + width / 2, y + height / 2)
    desk.hands.frame()
    assert corner() != before
    finger.lift()


def test_tapping_something_out_of_view_scrolls_to_it_first(desk: Desk) -> None:
    visit = desk.show("home", "en", Looks(large_text=True))
    desk.hands.tap("home.group.life")
    assert ("open_group", "life") in visit.calls


def test_leaving_a_screen_takes_its_widgets_away(desk: Desk) -> None:
    visit = desk.show("case")
    screen = desk.app.stage.screen
    assert screen is not None
    visit.go(Step.GOODBYE)
    desk.hands.frame()
    assert screen.children == []
    assert desk.hands.see("goodbye.title")


def test_the_same_visit_draws_the_same_pixels(desk: Desk, tmp_path: Path) -> None:
    pictures = []
    for number in range(2):
        desk.show("service", "ko")
        pictures.append(desk.hands.picture(tmp_path / f"{number}.png").read_bytes())
    assert pictures[0] == pictures[1]


def test_what_a_screen_left_is_taken_away_in_the_next_quiet_frame_once(desk: Desk) -> None:
    calls: list[str] = []
    desk.app._tidy = lambda: calls.append(desk.hands.step)
    desk.visit.go(Step.LANGUAGE)
    desk.hands.frame()
    assert calls == []  # the frame that people wait for
    for _ in range(3):
        desk.hands.frame()
    assert calls == [Step.LANGUAGE]
