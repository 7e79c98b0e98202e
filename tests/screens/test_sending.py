from pathlib import Path

import numpy as np
from PIL import Image

from kiosk.steps import Step
from kiosk.views import StageState
from tests.screens.desk_b import at, words_of

DONE, ACTIVE, PENDING, FAILED = (
    StageState.DONE, StageState.ACTIVE, StageState.PENDING, StageState.FAILED,
)  # fmt: skip


def test_each_stage_says_its_state_in_words() -> None:
    with at(Step.SENDING, stage_states=(DONE, FAILED, ACTIVE)) as (hands, visit):
        assert words_of(hands, "sending.committing") == "Done"
        assert words_of(hands, "sending.printing") == "Did not work"
        visit.stage_states = (DONE, FAILED, PENDING)
        visit.on_change()
        hands.wait(0.1)
        assert words_of(hands, "sending.sending") == "Comes next"


def test_passing_seconds_are_told_so_that_it_never_looks_frozen() -> None:
    with at(Step.SENDING) as (hands, _):
        hands.wait(3.0)
        assert "3 seconds" in words_of(hands, "sending.printing")
        hands.wait(7.0)
        assert "a little longer" in words_of(hands, "sending.printing")


def test_the_seconds_begin_anew_with_the_next_stage() -> None:
    with at(Step.SENDING) as (hands, visit):
        hands.wait(5.0)
        visit.stage_states = (DONE, DONE, ACTIVE)
        visit.on_change()
        hands.wait(1.3)
        assert "1 second" in words_of(hands, "sending.sending")


def test_the_ring_of_the_active_stage_turns(tmp_path: Path) -> None:
    with at(Step.SENDING) as (hands, _):
        first = np.asarray(Image.open(hands.picture(tmp_path / "1.png"))).astype(int)
        hands.wait(0.25)
        second = np.asarray(Image.open(hands.picture(tmp_path / "2.png"))).astype(int)
        assert int((np.abs(first - second).sum(axis=2) > 60).sum()) > 50
