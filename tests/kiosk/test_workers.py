"""Lanes: one after another within one, never in each other's way, results on one thread."""

import threading
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.workers import Workers
from tests.kiosk.rig import wait_until


def _none(_: object) -> None:
    """No interest in a result."""


@settings(max_examples=20, deadline=None)
@given(jobs=st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30))
def test_every_job_answers_once_in_the_order_of_its_lane_on_the_delivering_thread(
    jobs: list[tuple[str, bool]],
) -> None:
    workers = Workers()
    answers: list[tuple[str, int, bool]] = []
    threads: set[int] = set()

    def answer(lane: str, n: int, good: bool, _: object) -> None:
        threads.add(threading.get_ident())
        answers.append((lane, n, good))

    for n, (lane, good) in enumerate(jobs):
        def work(n: int = n, good: bool = good) -> int:
            return n // (1 if good else 0)

        workers.submit(lane, work, partial(answer, lane, n, True), partial(answer, lane, n, False))
    wait_until(lambda: bool(workers.deliver()) or workers.idle, "done")
    wait_until(lambda: not workers.deliver() and workers.idle, "delivered")
    for lane in "abc":
        wanted = [(lane, n, good) for n, (where, good) in enumerate(jobs) if where == lane]
        assert [a for a in answers if a[0] == lane] == wanted
    assert threads <= {threading.get_ident()}
    workers.stop()


def test_stuck_lane_does_not_hold_up_another() -> None:
    workers = Workers()
    stuck = threading.Event()
    got: list[str] = []
    workers.submit("printer", stuck.wait, _none, _none)
    workers.submit("hub", lambda: "answer", got.append, _none)
    wait_until(lambda: bool(workers.deliver()), "answer")
    assert got == ["answer"]
    assert not workers.idle
    stuck.set()
    wait_until(lambda: bool(workers.deliver()) or workers.idle, "idle")
    workers.stop()


def test_idle_only_when_nothing_works_and_nothing_waits_to_be_delivered() -> None:
    workers = Workers()
    assert workers.idle
    go = threading.Event()
    workers.submit("store", go.wait, _none, _none)
    assert not workers.idle
    go.set()
    wait_until(lambda: workers.deliver() == 1, "delivered")
    wait_until(lambda: workers.idle, "idle")
    workers.post(lambda: None)
    assert not workers.idle
    assert workers.deliver() == 1
    assert workers.idle
    workers.stop()


def test_callback_may_submit_and_post_more() -> None:
    workers = Workers()
    got: list[int] = []
    workers.submit("a", lambda: 1, lambda n: workers.submit("b", lambda: n + 1, got.append, _none),
                   _none)
    wait_until(lambda: not workers.deliver() and bool(got), "second")
    assert got == [2]
    workers.stop()


def test_stopped_workers_take_nothing_more_and_end_their_threads() -> None:
    workers = Workers()
    got: list[int] = []
    workers.submit("a", lambda: 1, got.append, _none)
    wait_until(lambda: bool(workers.deliver()), "first")
    workers.stop()
    workers.submit("a", lambda: 2, got.append, _none)
    workers.submit("new", lambda: 3, got.append, _none)
    assert not any(thread.is_alive() for thread in workers._threads)
    assert workers.deliver() == 0
    assert got == [1]


def test_what_must_be_done_is_done_when_stopped_behind_a_job_and_the_rest_is_dropped() -> None:
    workers = Workers()
    go = threading.Event()
    done: list[str] = []
    workers.submit("cards", go.wait, _none, _none)
    workers.submit("cards", lambda: done.append("start"), _none, _none)
    workers.submit("cards", lambda: done.append("give back"), _none, _none, must=True)
    stopping = threading.Thread(target=workers.stop)
    stopping.start()
    wait_until(lambda: workers._stopped, "stopping")
    go.set()
    stopping.join(5)
    assert done == ["give back"]
