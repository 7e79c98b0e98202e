"""A hub's chores: done again whatever happened, finished before the hub ends."""

import logging
import threading
import time
from collections.abc import Callable

import pytest

from hub.chores import Chore


def _until(done: Callable[[], bool]) -> None:
    limit = time.monotonic() + 5
    while not done():
        assert time.monotonic() < limit
        threading.Event().wait(0.01)


def test_chore_is_done_again_after_an_error_that_says_its_type_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise RuntimeError("张伟")

    chore = Chore("test", work, every=0.01)
    with caplog.at_level(logging.INFO, "hub"):
        chore.start()
        _until(lambda: len(done) >= 3)
        chore.stop()
    assert "test: RuntimeError" in caplog.text
    assert "张伟" not in caplog.text


def test_what_is_under_way_is_finished_before_the_end() -> None:
    inside, finished = threading.Event(), threading.Event()

    def work() -> None:
        inside.set()
        stopping.wait(5)
        finished.set()

    stopping = threading.Event()
    chore = Chore("test", work, every=3600)
    chore.start()
    assert inside.wait(5)
    ending = threading.Thread(target=chore.stop)
    ending.start()
    assert not finished.is_set()
    stopping.set()
    ending.join(5)
    assert finished.is_set()


def test_chore_that_waits_for_its_first_time_ends_at_once() -> None:
    done: list[int] = []
    chore = Chore("test", lambda: done.append(1), every=3600, first=3600)
    chore.start()
    chore.stop()
    assert not done
