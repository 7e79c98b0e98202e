"""One try to identify: readers are opened for it, and closed with it."""

from collections.abc import Callable, Iterator

import pytest

from devices.cards.samv import SamvReader
from devices.testbed.cards import sample_card
from devices.testbed.samv import SamvPty
from kiosk.identification import Identification
from kiosk.person import ASSURANCE_ORDER, Person
from kiosk.timings import Timings
from kiosk.views import IdentifyState
from kiosk.workers import Workers
from tests.kiosk.rig import HandClock, document, person, wait_until

BAUD = 115200


class Desk:
    """An Identification over a real wire; `accept` refuses whom the test says."""

    def __init__(self, pty: SamvPty, accept: Callable[[Person], str | None]) -> None:
        self.clock, self.workers = HandClock(), Workers()
        self.changes = 0
        self.part = Identification(
            lambda _: [SamvReader(pty.port, BAUD)], self.workers, self.clock, Timings(), "apply",
            accept, self.changed,
        )

    def changed(self) -> None:
        self.changes += 1

    def until(self, condition: Callable[[], bool], what: str) -> None:
        def deliver() -> bool:
            self.workers.deliver()
            return condition()

        wait_until(deliver, what)

    def close(self) -> None:
        self.part.close()
        self.until(lambda: self.workers.idle, "closed")
        self.workers.stop()


@pytest.fixture
def pty() -> Iterator[SamvPty]:
    pty = SamvPty(BAUD)
    yield pty
    pty.close()


def test_card_makes_a_person_who_is_recognised_after_a_moment(pty: SamvPty) -> None:
    desk = Desk(pty, lambda _: None)
    assert not desk.part.recognised
    pty.insert(sample_card("zhang_wei"))
    desk.until(lambda: desk.part.state is IdentifyState.RECOGNISED, "recognised")
    assert desk.part.person is not None
    assert desk.part.person.document.number == document().number
    assert not desk.part.recognised
    desk.clock.pass_by(Timings().recognised + 0.01)
    assert desk.part.recognised
    desk.close()


def test_refused_person_is_not_kept(pty: SamvPty) -> None:
    desk = Desk(pty, lambda _: "assurance.too_low")
    pty.insert(sample_card("zhang_wei"))
    desk.until(lambda: desk.part.fault_code == "assurance.too_low", "refused")
    assert desk.part.person is None
    assert desk.part.state is IdentifyState.FAULT
    desk.close()


def test_reader_is_free_after_closing_and_the_next_try_reads_again(pty: SamvPty) -> None:
    pty.insert(sample_card("zhang_wei"))
    for _ in range(2):
        desk = Desk(pty, lambda _: None)
        desk.until(lambda: desk.part.state is IdentifyState.RECOGNISED, "recognised")  # noqa: B023
        desk.close()


def test_card_read_after_closing_changes_nothing(pty: SamvPty) -> None:
    pty.insert(sample_card("zhang_wei"))
    desk = Desk(pty, lambda _: None)
    desk.part.close()
    desk.until(lambda: desk.workers.idle, "closed")
    assert desk.part.person is None
    assert desk.part.state is IdentifyState.WAITING
    assert desk.changes == 0
    desk.close()


def test_reader_that_is_not_there_is_said(pty: SamvPty) -> None:
    pty.unplug()
    desk = Desk(pty, lambda _: None)
    desk.until(lambda: desk.part.fault_code == "reader.gone", "gone")
    pty.replug()
    desk.until(lambda: desk.part.fault_code is None, "back")
    assert desk.part.state is IdentifyState.WAITING
    desk.close()


@pytest.mark.parametrize(
    ("card", "assurance"),
    [("zhang_wei", "chip_verified"), ("hk_chan", "chip_verified"), ("smith", "chip_verified"),
     ("wang_social", "card_present")],
)
def test_assurance_follows_from_the_kind_of_card(card: str, assurance: str) -> None:
    known = person(card)
    assert known.assurance == assurance
    for wanted in ASSURANCE_ORDER:
        reaches = ASSURANCE_ORDER.index(wanted) <= ASSURANCE_ORDER.index(known.assurance)
        assert known.reaches(wanted) == reaches


@pytest.mark.parametrize("card", ["zhang_wei", "li_rare", "smith", "petrova", "hk_chan",
                                  "wang_social", "long_name"])
def test_person_goes_to_form_and_hub_with_what_the_chip_says(card: str) -> None:
    known = person(card)
    values, message = known.prefill(), known.message()
    assert values["number"] == message.number == known.document.number
    assert values["name"] == message.name
    assert all(values.values())
    assert known.document.number not in repr(known) + repr(known.document)
