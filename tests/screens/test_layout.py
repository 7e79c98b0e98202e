"""What can be measured of the screens: nothing cut off, nothing too small, nothing too near."""

from pathlib import Path

import pytest
from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import Looks
from screens.tokens import LOW_REACH, VVSG_TARGET_GAP, VVSG_TARGET_MIN, PanelSize
from screens.widgets.press import Pressable
from screens.widgets.scroll import Scroll
from screens.widgets.text import Text, text_width
from tests.screens.desk import Desk
from tests.screens.pictures import variants
from tests.screens.samples import SampleVisit

NAMES = sorted(variants(SampleVisit()))
LOOKS = {
    "plain": Looks(),
    "large": Looks(large_text=True),
    "large_low": Looks(large_text=True, low_reach=True),
}
LAYOUTS = [(language, looks) for language in ("zh", "en", "ko") for looks in ("plain", "large")]


def _all(desk: Desk, kind: type[Widget]) -> list[Widget]:
    root = desk.app.stage.overlay or desk.app.stage.screen
    assert root is not None
    return [widget for widget in root.walk() if isinstance(widget, kind)]


def _cut_words(desk: Desk, name: str, language: str, looks: Looks) -> list[str]:
    desk.show(name, language, looks)
    width = desk.app.stage.width
    cut: list[str] = []
    for text in _all(desk, Text):
        assert isinstance(text, Text)
        lines = text.lines(text.width)
        widest = max(text_width(line, text.pixels, text.bold) for line in lines)
        high = text.height_for(text.width)
        if text.text and (widest > text.width + 1.5 or high > text.height + 1.5):
            cut.append(f"{name}: {text.text!r} {widest:.0f}×{high:.0f} in "
                       f"{text.width:.0f}×{text.height:.0f}")
        if text.text and (text.x < -1 or text.right > width + 1):
            cut.append(f"{name}: {text.text!r} leaves the window")
    return cut


@pytest.mark.parametrize(("language", "looks"), LAYOUTS)
def test_no_word_leaves_its_place_on_any_screen(desk: Desk, language: str, looks: str) -> None:
    cut = [problem for name in NAMES for problem in _cut_words(desk, name, language, LOOKS[looks])]
    assert cut == []


@pytest.mark.parametrize(
    "panel",
    [PanelSize(768, 1024, 15.0), PanelSize(1920, 1080, 27.0), PanelSize(2160, 3840, 32.0)],
    ids=["small", "landscape", "large_panel"],
)
def test_no_word_leaves_its_place_on_other_panels(screen_fonts: Path, panel: PanelSize) -> None:
    with Desk(panel) as desk:
        cut = [problem for name in NAMES for problem in _cut_words(desk, name, "en", Looks())]
    with Desk():
        pass  # the window gets its usual size back
    assert cut == []


@pytest.mark.parametrize("looks", sorted(LOOKS))
def test_every_target_is_large_enough_for_a_finger(desk: Desk, looks: str) -> None:
    small: list[str] = []
    for name in NAMES:
        desk.show(name, "en", LOOKS[looks])
        least = desk.app._look.tokens.panel.px_per_mm * VVSG_TARGET_MIN - 1
        for target in _all(desk, Pressable):
            assert isinstance(target, Pressable)
            if target.on_act and (target.width < least or target.height < least):
                small.append(f"{name}: {target.sid} {target.width}×{target.height}")
    assert small == []


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_no_two_targets_are_nearer_than_the_rule_allows(desk: Desk, language: str) -> None:
    near: list[str] = []
    for name in NAMES:
        desk.show(name, language)
        least = desk.app._look.tokens.panel.px_per_mm * VVSG_TARGET_GAP - 1.6
        root = desk.app.stage.overlay or desk.app.stage.screen
        boxes = {sid: box for sid, box in desk.hands.widgets().items()
                 if isinstance(desk.app.find(sid), Pressable)
                 and getattr(desk.app.find(sid), "on_act", None)}
        assert root is not None
        pairs = [(a, b) for a in boxes for b in boxes if a < b]
        for a, b in pairs:
            (ax, ay, aw, ah), (bx, by, bw, bh) = boxes[a], boxes[b]
            across = max(bx - (ax + aw), ax - (bx + bw))
            down = max(by - (ay + ah), ay - (by + bh))
            if across < least and down < least:
                near.append(f"{name}: {a} and {b}")
    assert near == []


def test_everything_touchable_is_in_the_lower_part_in_low_reach_mode(desk: Desk) -> None:
    high: list[str] = []
    for name in NAMES:
        visit = desk.show(name, "zh", Looks(low_reach=True))
        if visit.step is Step.ATTRACT:
            continue  # one target, the whole glass
        line = desk.app.stage.height * (1 - LOW_REACH)
        for sid, (_, y, _, _) in desk.hands.widgets().items():
            if y < line - 1:
                high.append(f"{name}: {sid} at {y}")
    assert high == []


@pytest.mark.parametrize("looks", ["large", "large_low"])
def test_what_does_not_fit_can_be_scrolled_to(desk: Desk, looks: str) -> None:
    desk.show("service", "en", LOOKS[looks])
    body = next(scroll for scroll in _all(desk, Scroll))
    assert isinstance(body, Scroll)
    assert body.reach > 0
    body.scroll_to(10_000)
    assert body.offset == pytest.approx(body.reach)
