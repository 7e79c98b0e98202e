"""CardWatch over real wires: events in order, and back by itself after every loss."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Queue

import pytest

from devices.cards import (
    CardEvent,
    CardFault,
    CardGone,
    CardRead,
    CardSeen,
    CardWatch,
    ReaderState,
)
from devices.cards.samv import SamvReader
from devices.cards.social_security import SocialSecurityReader
from devices.identity import IdentityDocument
from devices.testbed.cards import sample_card
from devices.testbed.faults import CardAct, WireFault
from devices.testbed.pcsc import Pcscd
from devices.testbed.samv import READ_BASE, SamvPty
from devices.testbed.vpcd import SmartcardSlot
from tests.devices.cards.watched import LIMIT, Watched, document_of

# The page of requirements: a lost reader is back within two seconds.
BACK_WITHIN_SECONDS = 2.0


@pytest.fixture
def samv_watched(samv: SamvPty) -> Iterator[Watched]:
    watched = Watched(SamvReader(samv.port))
    yield watched
    watched.watch.stop()


@pytest.fixture
def smartcard_watched(slot: SmartcardSlot) -> Iterator[Watched]:
    watched = Watched(SocialSecurityReader(slot.reader))
    yield watched
    watched.watch.stop()


def test_a_card_laid_down_and_lifted_twice_gives_its_events_in_order(
    samv: SamvPty, samv_watched: Watched
) -> None:
    assert samv_watched.next() == ReaderState("id_card", True)
    for name in ("zhang_wei", "li_rare"):
        samv.insert(sample_card(name))
        assert samv_watched.next() == CardSeen("id_card")
        assert samv_watched.next() == CardRead("id_card", document_of(name))
        samv.remove()
        assert samv_watched.next() == CardGone("id_card")


def test_a_card_pulled_while_it_is_read_gives_a_fault_and_is_gone(
    samv: SamvPty, samv_watched: Watched
) -> None:
    samv.inject(CardAct.PULLED, on=READ_BASE)
    samv.insert(sample_card("zhang_wei"))
    assert [samv_watched.next() for _ in range(4)] == [
        ReaderState("id_card", True),
        CardSeen("id_card"),
        CardFault("id_card", "card.removed"),
        CardGone("id_card"),
    ]


def test_an_unplugged_reader_with_a_card_on_it_is_told_and_is_back_soon_after_replug(
    samv: SamvPty, samv_watched: Watched
) -> None:
    samv.insert(sample_card("zhang_wei"))
    first = [samv_watched.next() for _ in range(3)]
    assert first[-1] == CardRead("id_card", document_of("zhang_wei"))
    samv.unplug()
    assert samv_watched.next() == CardGone("id_card")
    assert samv_watched.next() == ReaderState("id_card", False)
    samv.replug()
    begin = time.monotonic()
    assert samv_watched.next() == ReaderState("id_card", True)
    assert time.monotonic() - begin < BACK_WITHIN_SECONDS
    assert samv_watched.next() == CardSeen("id_card")
    assert samv_watched.next() == CardRead("id_card", document_of("zhang_wei"))


def test_a_cable_pulled_in_the_middle_of_a_frame_gives_fault_gone_and_state(
    samv: SamvPty, samv_watched: Watched
) -> None:
    samv.inject(WireFault.UNPLUGGED, on=READ_BASE)
    samv.insert(sample_card("zhang_wei"))
    assert [samv_watched.next() for _ in range(5)] == [
        ReaderState("id_card", True),
        CardSeen("id_card"),
        CardFault("id_card", "reader.gone"),
        CardGone("id_card"),
        ReaderState("id_card", False),
    ]


def test_a_reader_not_there_at_the_start_is_told_once_and_found_when_plugged_in(
    samv: SamvPty,
) -> None:
    samv.unplug()
    watched = Watched(SamvReader(samv.port))
    assert watched.next() == ReaderState("id_card", False)
    samv.replug()
    assert watched.next() == ReaderState("id_card", True)
    watched.watch.stop()


def test_a_restarted_pcscd_is_told_and_is_back_soon(
    pcscd: Pcscd, slot: SmartcardSlot, smartcard_watched: Watched
) -> None:
    assert smartcard_watched.next() == ReaderState("smartcard", True)
    slot.insert(sample_card("wang_social"))
    assert smartcard_watched.next() == CardSeen("smartcard")
    assert smartcard_watched.next() == CardRead("smartcard", document_of("wang_social"))
    pcscd.stop()
    assert smartcard_watched.next() == CardGone("smartcard")
    assert smartcard_watched.next() == ReaderState("smartcard", False)
    pcscd.start()
    begin = time.monotonic()
    assert smartcard_watched.next() == ReaderState("smartcard", True)
    assert smartcard_watched.next() == CardSeen("smartcard")
    assert smartcard_watched.next() == CardRead("smartcard", document_of("wang_social"))
    assert time.monotonic() - begin < BACK_WITHIN_SECONDS


def test_two_readers_are_served_side_by_side(samv: SamvPty, slot: SmartcardSlot) -> None:
    watched = Watched(SamvReader(samv.port), SocialSecurityReader(slot.reader))
    samv.insert(sample_card("jin_meihua"))
    slot.insert(sample_card("unknown_card"))
    # Each reader tells its state, a card seen, and what came of it.
    events = [watched.next() for _ in range(6)]
    watched.watch.stop()
    assert [event for event in events if event.reader == "id_card"] == [
        ReaderState("id_card", True),
        CardSeen("id_card"),
        CardRead("id_card", document_of("jin_meihua")),
    ]
    assert [event for event in events if event.reader == "smartcard"] == [
        ReaderState("smartcard", True),
        CardSeen("smartcard"),
        CardFault("smartcard", "card.unknown"),
    ]


class CrashingReader(SamvReader):
    """A driver with a bug that shows in its first read only."""

    crashes = 1

    def read(self) -> IdentityDocument:
        if self.crashes:
            self.crashes -= 1
            raise ZeroDivisionError
        return super().read()


def test_a_crashing_driver_is_started_again(samv: SamvPty) -> None:
    samv.insert(sample_card("zhang_wei"))
    watched = Watched(CrashingReader(samv.port))
    assert [watched.next() for _ in range(8)] == [
        ReaderState("id_card", True),
        CardSeen("id_card"),
        CardFault("id_card", "card.unreadable"),
        CardGone("id_card"),
        ReaderState("id_card", False),
        ReaderState("id_card", True),
        CardSeen("id_card"),
        CardRead("id_card", document_of("zhang_wei")),
    ]
    watched.watch.stop()


def test_a_watch_is_busy_from_the_card_seen_to_its_answer_and_idle_before_and_after(
    samv: SamvPty,
) -> None:
    busy_at: list[tuple[str, bool]] = []
    watches: list[CardWatch] = []
    done: Queue[str] = Queue()

    def deliver(event: CardEvent) -> None:
        name = type(event).__name__
        busy_at.append((name, not watches[0].idle))
        done.put(name)

    watch = CardWatch([SamvReader(samv.port)], deliver)
    watches.append(watch)
    assert watch.idle
    samv.insert(sample_card("zhang_wei"))
    watch.start()
    while done.get(timeout=LIMIT) != "CardRead":
        pass
    watch.stop()
    assert watch.idle
    assert busy_at == [("ReaderState", True), ("CardSeen", True), ("CardRead", True)]


def test_a_stopped_watch_lets_go_of_the_port_and_can_be_started_again(
    samv: SamvPty, samv_watched: Watched
) -> None:
    assert samv_watched.next() == ReaderState("id_card", True)
    samv_watched.watch.stop()
    other = SamvReader(samv.port)
    assert not other.wait_for_card(0)
    other.close()
    samv_watched.watch.start()
    samv.insert(sample_card("zhang_wei"))
    assert samv_watched.next() == CardSeen("id_card")


def test_nothing_personal_is_logged(
    samv: SamvPty, samv_watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    samv.insert(sample_card("zhang_wei"))
    while not isinstance(samv_watched.next(), CardRead):
        pass
    samv.inject(WireFault.WRONG_CHECKSUM, on=READ_BASE, times=None)
    samv.remove()
    assert samv_watched.next() == CardGone("id_card")
    samv.insert(sample_card("zhang_wei"))
    while not isinstance(samv_watched.next(), CardFault):
        pass
    document = document_of("zhang_wei")
    assert "card.unreadable" in caplog.text
    for personal in (document.name, document.number, document.address):
        assert personal not in caplog.text


def test_a_watch_stops_although_a_card_fell_silent(
    slot: SmartcardSlot, smartcard_watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.cards.watch.STOP_LIMIT_SECONDS", 0.2)
    slot.inject(WireFault.STALLED)
    slot.insert(sample_card("wang_social"))
    while not isinstance(smartcard_watched.next(), CardSeen):
        pass
    smartcard_watched.watch.stop()
    assert not smartcard_watched.watch.idle
    slot.remove()
    assert smartcard_watched.next() == CardFault("smartcard", "card.removed")
