"""The staff's screens: nothing cut off, targets large enough, PINs only as dots, the door quiet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from kivy.uix.widget import Widget

from kiosk.draft_views import DraftPhase, ResumePhase
from kiosk.staff_views import StaffPhase
from kiosk.steps import Step
from kiosk.views import Looks
from screens.tokens import VVSG_TARGET_MIN, PanelSize
from screens.widgets.press import Pressable
from screens.widgets.text import Text, text_width
from tests.harness import PANEL, Hands, KioskApp
from tests.screens.drawing import NOON
from tests.screens.pictures_staff import variants
from tests.screens.samples_staff import SampleStaffVisit

LOOKS = {
    "plain": Looks(), "large": Looks(large_text=True), "low": Looks(low_reach=True),
    "contrast": Looks(high_contrast=True),
}


class StaffDesk:
    """The real app around a staff visit that stands still."""

    def __init__(self, panel: PanelSize) -> None:
        self.visit = SampleStaffVisit()
        self.app = KioskApp(lambda: cast(Any, self.visit), lambda: None, panel,
                            lambda: None, now=lambda: NOON)
        self.hands = Hands(self.app, panel=panel)

    def show(self, language: str = "en", looks: Looks | None = None, **values: Any) -> None:
        self.visit = SampleStaffVisit(language=language, looks=looks)
        for name, value in values.items():
            setattr(self.visit, name, value)
        self.app.visit = cast(Any, self.visit)
        self.visit.on_change = self.app._note_change
        self.app._sheet = ""
        self.app._renew()
        self.app.show()
        self.hands.frame()

    @property
    def asked(self) -> list[tuple[Any, ...]]:
        """What the screen asked of the visit, touches that only keep it awake apart."""
        return [call for call in self.visit.calls if call[0] != "touched"]

    def all(self, kind: type[Widget]) -> list[Widget]:
        root = self.app.stage.overlay or self.app.stage.screen
        assert root is not None
        return [widget for widget in root.walk(restrict=True) if isinstance(widget, kind)]


@contextmanager
def staff_desk(panel: PanelSize = PANEL) -> Iterator[StaffDesk]:
    desk = StaffDesk(panel)
    try:
        yield desk
    finally:
        desk.hands.close()


@pytest.fixture
def desk(screen_fonts: object) -> Iterator[StaffDesk]:
    with staff_desk() as desk:
        yield desk


def _cut(desk: StaffDesk) -> list[str]:
    cut = []
    for text in desk.all(Text):
        assert isinstance(text, Text)
        lines = text.lines(text.width)
        widest = max(text_width(line, text.pixels, text.bold) for line in lines)
        high = text.height_for(text.width)
        if text.text and (widest > text.width + 1.5 or high > text.height + 1.5):
            cut.append(f"{text.text!r}: {widest:.0f}×{high:.0f} in "
                       f"{text.width:.0f}×{text.height:.0f}")
        if text.text and (text.x < -1 or text.right > desk.app.stage.width + 1):
            cut.append(f"{text.text!r} leaves the window")
    return cut


@pytest.mark.parametrize("looks", sorted(LOOKS))
@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_no_word_is_cut_and_every_target_is_large_enough(
    desk: StaffDesk, language: str, looks: str
) -> None:
    wrong: list[str] = []
    for name, values in variants().items():
        desk.show(language, LOOKS[looks], **values)
        wrong += [f"{name}: {problem}" for problem in _cut(desk)]
        least = desk.app._look.tokens.panel.px_per_mm * VVSG_TARGET_MIN - 1
        wrong += [
            f"{name}: {target.sid} {target.width}×{target.height}" for target in desk.all(Pressable)
            if isinstance(target, Pressable) and target.on_act
            and (target.width < least or target.height < least)
        ]
    assert wrong == []


@pytest.mark.parametrize("panel", [PanelSize(768, 1024, 15.0), PanelSize(1920, 1080, 27.0)],
                         ids=["small", "landscape"])
def test_no_word_is_cut_on_other_panels(screen_fonts: object, panel: PanelSize) -> None:
    with staff_desk(panel) as desk:
        for values in variants().values():
            desk.show("en", **values)
            assert _cut(desk) == []
    with staff_desk():
        pass  # the window gets its usual size back


def test_pin_is_dots_on_the_glass_and_goes_to_the_visit_whole(desk: StaffDesk) -> None:
    desk.show()
    for digit in "2804":
        desk.hands.tap(f"key.{digit}")
    assert desk.hands.text("staff.typed") == "● ● ● ● ○ ○"
    desk.hands.tap("key.done")
    assert desk.asked == []  # not yet six
    for digit in "173":
        desk.hands.tap(f"key.{digit}")
    desk.hands.tap("key.done")
    assert desk.asked == [("staff_digits", "280417")]
    assert desk.hands.text("staff.typed") == "○ ○ ○ ○ ○ ○"
    desk.hands.tap("staff.first_time")
    assert desk.asked[-1] == ("staff_first_time",)


def test_code_is_shown_in_groups(desk: StaffDesk) -> None:
    desk.show(phase=StaffPhase.CODE)
    for digit in "01234":
        desk.hands.tap(f"key.{digit}")
    assert desk.hands.text("staff.typed") == "0123 4__ ___"
    desk.hands.tap("key.delete")
    assert desk.hands.text("staff.typed") == "0123 ___ ___"


def test_tools_of_the_page_call_the_visit(desk: StaffDesk) -> None:
    desk.show(step=Step.STAFF_HOME, shelved=1, broken=True)
    for sid, call in (
        ("staff.retry.YM-0001-261123-0040-7", ("staff_retry", "submission-0")),
        ("staff.take_mat", ("staff_take_mat",)),
        ("staff.test_print", ("staff_test_print",)),
        ("staff.restart", ("staff_restart",)),
        ("staff.end_shift", ("staff_end_shift",)),
        ("staff.sign_out", ("quit",)),
    ):
        desk.hands.tap(sid)
        assert desk.asked[-1] == call


def test_settings_are_stepped_and_given_back(desk: StaffDesk) -> None:
    desk.show(step=Step.STAFF_SETTINGS)
    for sid, call in (
        ("setting.more.idle_warning", ("staff_set", "idle_warning", 55.0)),
        ("setting.less.draft_days", ("staff_set", "draft_days", 13)),
        ("setting.unset.store.least_mb", ("staff_set", "store.least_mb", None)),
    ):
        desk.hands.reveal(sid)
        desk.hands.tap(sid)
        assert desk.asked[-1] == call
    assert desk.hands.text("setting.value.idle_warning") == "50"
    assert not desk.hands.see("setting.unset.idle_warning")


@pytest.mark.parametrize("may", [True, False])
def test_door_stands_on_the_help_sheet_only_while_it_may_be_opened(
    desk: StaffDesk, may: bool
) -> None:
    desk.show(step=Step.HOME, can_open_staff=may)
    desk.hands.tap("bar.help")
    desk.hands.frame()
    assert desk.hands.see("help.staff") is may
    if may:
        desk.hands.tap("help.staff")
        assert ("open_staff",) in desk.asked
        assert not desk.hands.see("help.close")


@pytest.mark.parametrize("may", [True, False])
@pytest.mark.parametrize("looks", ["plain", "large", "contrast"])
def test_help_sheet_of_a_closed_kiosk_tells_staff_what_to_do(
    desk: StaffDesk, may: bool, looks: str
) -> None:
    for language in ("zh", "en", "ko"):
        desk.show(language, LOOKS[looks], step=Step.OUT_OF_ORDER, can_open_staff=may)
        desk.hands.tap("bar.help")
        desk.hands.frame()
        assert "store.full" in desk.hands.text("help.closed")
        assert _cut(desk) == []
        assert (desk.hands.see("help.staff"), desk.hands.see("help.restart")) == (may, not may)
    if not may:
        desk.hands.tap("help.restart")
        assert ("restart_closed",) in desk.asked


def test_what_is_being_done_and_what_came_of_it_is_in_view_wherever_the_page_stands(
    desk: StaffDesk,
) -> None:
    for values, sid in (({"busy": True}, "staff.busy"), ({"said": "OK"}, "staff.said")):
        desk.show(step=Step.STAFF_HOME, shelved=2, broken=True, **values)
        before = desk.hands.widgets()[sid]
        desk.hands.tap("staff.end_shift")
        assert desk.hands.widgets()[sid] == before


@pytest.mark.parametrize("step", [Step.RESUME, Step.DRAFT, Step.STATUS, Step.STAFF_SIGN_IN])
def test_every_wait_says_how_long_it_takes(desk: StaffDesk, step: Step) -> None:
    desk.show(step=step, loading=True, phase=StaffPhase.ASKING, draft_phase=DraftPhase.KEEPING,
              resume_phase=ResumePhase.SEARCHING)
    assert desk.hands.see("wait.length")
