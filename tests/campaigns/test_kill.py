"""The fixed slice of `yimen campaign kill` that every run of the tests takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.campaigns.lives import law
from tests.campaigns.lives.city import City, Folder
from tests.campaigns.lives.deaths import Deaths, plan
from tests.campaigns.lives.life import Warm
from tests.campaigns.lives.older import steps
from tests.campaigns.lives.states import STATES, State, found

ROUNDS = 40
SEED = 5


def test_the_receipt_law_holds_wherever_kiosk_and_hub_are_killed(scratch: Path, warm: Warm) -> None:
    with Deaths(SEED, scratch, warm=warm) as deaths:
        outcomes = [deaths.round(number) for number in range(ROUNDS)]
    broken = {one.plan.name: one.broken for one in outcomes if one.broken}
    assert not broken
    reached = {one.plan.state.name for one in outcomes if one.plan.state is not None}
    assert reached >= {state.name for state in STATES[:30]}
    assert sum(one.submissions for one in outcomes) > ROUNDS


def test_every_named_state_comes_in_a_campaign() -> None:
    plans = [plan(SEED, number) for number in range(8 * len(STATES))]
    assert {one.state for one in plans} == {None, *STATES}
    assert {one.older for one in plans} == {"", *steps()[1:]}
    stages = {"commit", "print", "upload", "delete", "migrate", "catalog swap", "enrol", "file"}
    assert {state.stage for state in STATES} == stages
    assert {state.who for state in STATES} == {"kiosk", "hub"}


@pytest.mark.parametrize("state", [s for s in STATES if s.place], ids=lambda s: s.name)
def test_a_state_is_where_the_code_says(state: State) -> None:
    assert state.place is not None
    assert callable(found(state.place[0])[2])


def test_a_plan_is_the_same_for_the_same_seed() -> None:
    assert plan(1, 7) == plan(1, 7) != plan(2, 7)


WOUNDS = {
    "a printed receipt has one submission and one case": ("hub", "DELETE FROM cases"),
    "what was committed stays": (
        "kiosk", "DELETE FROM receipt WHERE rowid = 1; DELETE FROM submission WHERE seq = 1"
    ),
    "every case has a submission": (
        "kiosk", "DELETE FROM receipt WHERE rowid = 1; DELETE FROM submission WHERE seq = 1"
    ),
    "every submission arrives": (
        "kiosk", "UPDATE submission SET state = 'shelved', signed_receipt = NULL WHERE seq = 1"
    ),
    "a case is of its submission": ("hub", "UPDATE cases SET digest = 'other'"),
    "a case has its envelope": ("hub", "UPDATE cases SET envelope = 'nowhere'"),
    "a case is whole": ("hub", "UPDATE cases SET state = 'supplement'"),
    "the kiosk knows the case's number": (
        "kiosk", "UPDATE submission SET case_number = 'other' WHERE seq = 1"
    ),
    "every commit is in the audit": ("kiosk", "DELETE FROM audit WHERE seq = 2"),
    "the audit trail is unbroken": ("kiosk", "UPDATE audit SET data = '{}' WHERE seq = 2"),
}  # fmt: skip
"""What is done to a sound city, and the law that must notice."""


def test_the_law_notices_whatever_is_wrong(scratch: Path, warm: Warm) -> None:
    files = {"kiosk": scratch / "k" / "kiosk" / "kiosk.db", "hub": scratch / "h" / "hub"}
    databases = {"kiosk": files["kiosk"], "hub": files["hub"] / "hub.sqlite3"}
    with City(scratch, warm, Folder(scratch / "k"), Folder(scratch / "h")) as city:
        city.start()
        city.hand_in([100, 300_000])
        city.come_to_rest()
        assert city.broken_laws() == []
        assert len(city.committed) == len(city.printer.finished_jobs()) == 2
        printed, committed = law.papers(city.printer.jobs), set(city.committed)
        city.kill("kiosk", "hub")
    sound = {who: path.read_bytes() for who, path in _with_wal(databases)}
    assert law.check(files["kiosk"], files["hub"], printed, committed) == []
    for expected, (who, wound) in WOUNDS.items():
        with closing(sqlite3.connect(databases[who], isolation_level=None)) as connection:
            connection.executescript(wound)
        found_broken = law.check(files["kiosk"], files["hub"], printed, committed)
        assert expected in {broken.law for broken in found_broken}, found_broken
        databases[who].write_bytes(sound[who])
    assert law.check(files["kiosk"], files["hub"], [*printed, printed[0]], committed) == [
        law.Broken("nothing is printed unasked", f"{printed[0].number}: 2 times")
    ]
    assert law.check(files["kiosk"], files["hub"], printed[1:], committed) == [
        law.Broken("a receipt is printed or owed", f"{printed[0].number}: neither")
    ]


def _with_wal(databases: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    """Each database as one file."""
    for who, path in databases.items():
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        yield who, path
