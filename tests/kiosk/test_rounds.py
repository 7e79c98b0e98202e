"""A background thread comes round again whatever happened, and ends when it is told."""

import logging
import threading
import time

import pytest

from kiosk.rounds import Rounds
from tests.kiosk.rig import wait_until

NEVER = 3600.0


def test_comes_round_after_its_pause_and_when_woken() -> None:
    rounds: list[float] = []
    pauses = iter([0.0, 0.0])

    def work() -> float:
        rounds.append(time.monotonic())
        return next(pauses, NEVER)

    each = Rounds("test", work, lambda: NEVER)
    each.start()
    wait_until(lambda: len(rounds) == 3, "three rounds")
    each.wake()
    wait_until(lambda: len(rounds) == 4, "woken")
    each.stop()
    assert not each._thread.is_alive()


def test_wake_during_a_round_brings_another_one() -> None:
    begun, go_on = threading.Event(), threading.Event()
    rounds: list[int] = []

    def work() -> float:
        rounds.append(1)
        begun.set()
        go_on.wait(5)
        return NEVER

    each = Rounds("test", work, lambda: NEVER)
    each.start()
    assert begun.wait(5)
    each.wake()
    go_on.set()
    wait_until(lambda: len(rounds) == 2, "another round")
    each.stop()


def test_unexpected_error_says_its_type_only_and_the_next_round_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds: list[int] = []

    def work() -> float:
        rounds.append(1)
        if len(rounds) == 1:
            raise ValueError("张伟 220104198503120017")
        return NEVER

    each = Rounds("test", work, lambda: 0.01)
    with caplog.at_level(logging.INFO):
        each.start()
        wait_until(lambda: len(rounds) == 2, "the next round")
    each.stop()
    assert "test: ValueError" in caplog.text
    assert "张伟" not in caplog.text


def test_stopping_waits_no_longer_than_its_limit_and_tells_the_work() -> None:
    inside, end = threading.Event(), threading.Event()

    def work() -> float:
        inside.set()
        end.wait(10)
        return NEVER

    each = Rounds("test", work, lambda: NEVER, stop_seconds=0.1)
    each.start()
    assert inside.wait(5)
    begin = time.monotonic()
    each.stop()
    assert 0.09 <= time.monotonic() - begin < 2
    assert each.stopping.is_set()
    end.set()
    each._thread.join(5)
    assert not each._thread.is_alive()


def test_what_never_started_stops() -> None:
    each = Rounds("test", lambda: NEVER, lambda: NEVER)
    each.stop()
    assert not each._thread.is_alive()
