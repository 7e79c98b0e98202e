"""Large text, strong contrast, low reach: the way on stays in view and within reach."""

from dataclasses import dataclass

import pytest

from kiosk.steps import Step
from screens.tokens import VVSG_TARGET_MIN
from tests.harness import PANEL
from tests.journeys.resident import Resident

WAY_ON = {
    Step.SERVICE: "service.begin", Step.CONSENT: "consent.agree", Step.FORM: "form.next",
    Step.MATERIAL: "material.next", Step.REVIEW: "review.submit", Step.DONE: "done.finish",
}
MM = (PANEL.width_px**2 + PANEL.height_px**2) ** 0.5 / PANEL.diagonal_inch / 25.4


@dataclass(frozen=True)
class Wish:
    language: str
    switches: tuple[str, ...]


WISHES = [
    Wish("zh", ("bar.large_text",)),
    Wish("en", ("bar.large_text", "bar.contrast")),
    Wish("ko", ("bar.large_text", "bar.low_reach")),
]


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.language)
def test_the_way_on_is_in_view_and_large_enough_on_every_step(
    resident: Resident, wish: Wish
) -> None:
    resident.speaks_at_once(wish.language)
    for switch in wish.switches:
        resident.touches(switch)
    looks = resident.visit.looks
    assert looks.large_text
    assert looks.high_contrast == ("bar.contrast" in wish.switches)
    assert looks.low_reach == ("bar.low_reach" in wish.switches)
    for step, sid in WAY_ON.items():
        resident.jumps_to(step, language=wish.language)
        resident.hands.wait_to_see(sid)
        in_reach(resident, sid)
    resident.touches("done.finish").arrives_at(Step.GOODBYE)
    resident.hands.wait_until(lambda: resident.city.over > 0, "a fresh start")


@pytest.mark.parametrize("wish", WISHES[2:], ids=lambda wish: wish.language)
def test_keyboard_and_pad_work_with_every_look(resident: Resident, wish: Wish) -> None:
    resident.speaks_at_once(wish.language)
    for switch in wish.switches:
        resident.touches(switch)
    resident.jumps_to(Step.FORM).answers("phone", "13900001234")
    in_reach(resident, "form.field.phone")  # the line being written stays in view
    resident.jumps_to(Step.SIGN).signs().hands_in()


def in_reach(resident: Resident, sid: str) -> None:
    """In view without scrolling, inside the window, and no smaller than a finger needs; with low
    reach in the lower part of the screen."""
    x, y, width, height = resident.hands.widgets()[sid]
    assert x >= 0 and y >= 0
    assert x + width <= PANEL.width_px and y + height <= PANEL.height_px
    assert min(width, height) >= VVSG_TARGET_MIN * MM - 1
    if resident.visit.looks.low_reach:
        assert y >= PANEL.height_px * 0.35
