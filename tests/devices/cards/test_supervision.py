"""Whatever dies on the way to a card is back by itself: service, cable, thread, silent card."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from devices.cards import (
    CardFault,
    CardGone,
    CardRead,
    CardReader,
    CardSeen,
    ReaderState,
)
from devices.cards.samv import SamvReader
from devices.cards.samv_line import serial_ports
from devices.cards.social_security import SocialSecurityReader
from devices.errors import DeviceFault
from devices.testbed.cards import sample_card
from devices.testbed.faults import WireFault
from devices.testbed.pcsc import Pcscd
from devices.testbed.samv import READ_BASE, SamvPty
from devices.testbed.vpcd import SmartcardSlot
from tests.devices.cards.watched import LIMIT, Watched, document_of

SILENCE = 0.4
# The page of requirements; `yimen bench devices` measures how long it really takes.
BACK_WITHIN_SECONDS = 2.0


Watching = Callable[[CardReader], Watched]


@pytest.fixture
def watching() -> Iterator[Watching]:
    with ExitStack() as stack:

        def watch(reader: CardReader) -> Watched:
            watched = Watched(reader)
            stack.callback(watched.watch.stop)
            return watched

        yield watch


EndThread = Callable[[str], None]


@pytest.fixture
def end_thread(monkeypatch: pytest.MonkeyPatch) -> EndThread:
    """Lets an exit be called inside the thread of a name, wherever it is, and sees it end."""
    hook = threading.excepthook

    def quiet_exit(arguments: threading.ExceptHookArgs) -> None:
        # As threads do by themselves; pytest's own hook counts an exit as an error.
        if arguments.exc_type is not SystemExit:
            hook(arguments)

    monkeypatch.setattr(threading, "excepthook", quiet_exit)
    return _end_thread


def _end_thread(name: str) -> None:
    (thread,) = (thread for thread in threading.enumerate() if thread.name == name)
    assert thread.ident is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
    )
    thread.join(LIMIT)
    assert not thread.is_alive()


def test_a_killed_pcscd_that_starts_again_is_found_with_the_card_in_it(
    pcscd: Pcscd, slot: SmartcardSlot, watching: Watching
) -> None:
    watched = watching(SocialSecurityReader(slot.reader))
    slot.insert(sample_card("wang_social"))
    read = (
        ReaderState("smartcard", True),
        CardSeen("smartcard"),
        CardRead("smartcard", document_of("wang_social")),
    )
    watched.expect(*read)
    pcscd.kill()
    watched.expect(CardGone("smartcard"), ReaderState("smartcard", False))
    pcscd.start()
    begin = time.monotonic()
    watched.expect(*read)
    assert watched.came_at - begin < BACK_WITHIN_SECONDS


def test_a_pcscd_killed_while_a_card_is_read_gives_a_fault_and_comes_back(
    pcscd: Pcscd, slot: SmartcardSlot, watching: Watching
) -> None:
    watched = watching(SocialSecurityReader(slot.reader))
    slot.inject(WireFault.STALLED, after=3)
    slot.insert(sample_card("wang_social"))
    watched.expect(ReaderState("smartcard", True), CardSeen("smartcard"))
    pcscd.kill()
    watched.expect(
        CardFault("smartcard", "reader.gone"),
        CardGone("smartcard"),
        ReaderState("smartcard", False),
    )
    pcscd.start()
    slot.heal()
    watched.expect(
        ReaderState("smartcard", True),
        CardSeen("smartcard"),
        CardRead("smartcard", document_of("wang_social")),
    )


@pytest.mark.parametrize("after", [0, 3])
def test_a_card_that_falls_silent_is_unreadable_and_the_next_one_is_read(
    slot: SmartcardSlot, watching: Watching, after: int
) -> None:
    watched = watching(SocialSecurityReader(slot.reader, silence=SILENCE))
    slot.inject(WireFault.STALLED, after=after)
    slot.insert(sample_card("wang_social"))
    watched.expect(ReaderState("smartcard", True), CardSeen("smartcard"))
    seen = watched.came_at
    watched.expect(CardFault("smartcard", "card.unreadable"))
    assert SILENCE <= watched.came_at - seen < SILENCE + BACK_WITHIN_SECONDS
    slot.remove()
    watched.expect(CardGone("smartcard"))
    slot.insert(sample_card("long_social"))
    watched.expect(CardSeen("smartcard"), CardRead("smartcard", document_of("long_social")))


def test_a_card_left_behind_ends_its_thread_when_it_is_lifted(slot: SmartcardSlot) -> None:
    before = set(threading.enumerate())
    with closing(SocialSecurityReader(slot.reader, silence=SILENCE)) as reader:
        slot.inject(WireFault.STALLED)
        slot.insert(sample_card("wang_social"))
        assert reader.wait_for_card(LIMIT)
        with pytest.raises(DeviceFault, match="does not answer") as caught:
            reader.read()
        assert caught.value.code == "card.unreadable"
        (left,) = {t for t in threading.enumerate() if t.name == "card-reading"} - before
        slot.remove()
        left.join(LIMIT)
        assert not left.is_alive()


def test_a_slow_card_is_no_silent_one(slot: SmartcardSlot) -> None:
    with closing(SocialSecurityReader(slot.reader, silence=SILENCE)) as reader:
        slot.fault(WireFault.SLOW)  # a tenth of a second each, in sum longer than the limit
        slot.insert(sample_card("wang_social"))
        assert reader.wait_for_card(LIMIT)
        assert reader.read() == document_of("wang_social")


def test_a_reader_plugged_into_another_port_is_found_there(
    tmp_path: Path, watching: Watching
) -> None:
    ports = partial(serial_ports, dev=tmp_path)
    with closing(SamvPty(link=tmp_path / "ttyUSB0")) as samv:
        watched = watching(SamvReader("auto", ports=ports))
        samv.insert(sample_card("zhang_wei"))
        watched.expect(
            ReaderState("id_card", True),
            CardSeen("id_card"),
            CardRead("id_card", document_of("zhang_wei")),
        )
        samv.unplug()
        watched.expect(CardGone("id_card"), ReaderState("id_card", False))
    with closing(SamvPty(link=tmp_path / "ttyUSB1")) as samv:
        begin = time.monotonic()
        watched.expect(ReaderState("id_card", True))
        assert watched.came_at - begin < BACK_WITHIN_SECONDS
        samv.insert(sample_card("li_rare"))
        watched.expect(CardSeen("id_card"), CardRead("id_card", document_of("li_rare")))


def test_a_reader_is_found_soon_among_many_ports_that_say_nothing(
    tmp_path: Path, watching: Watching
) -> None:
    with ExitStack() as stack:
        for number in range(3):
            deaf = stack.enter_context(closing(SamvPty(link=tmp_path / f"ttyS{number}")))
            deaf.inject(WireFault.STALLED, times=None)
        watched = watching(SamvReader("auto", ports=partial(serial_ports, dev=tmp_path)))
        watched.expect(ReaderState("id_card", False))
        stack.enter_context(closing(SamvPty(link=tmp_path / "ttyUSB7")))
        begin = time.monotonic()
        watched.expect(ReaderState("id_card", True))
        assert watched.came_at - begin < BACK_WITHIN_SECONDS + 1.5  # a round may be under way


def test_ports_in_use_are_left_out_under_whatever_name(tmp_path: Path) -> None:
    by_id = tmp_path / "serial" / "by-id"
    by_id.mkdir(parents=True)
    for name in ("ttyUSB0", "ttyUSB1", "ttyS0", "ttyACM0"):
        (tmp_path / name).touch()
    (by_id / "usb-reader").symlink_to("../../ttyUSB0")
    (by_id / "usb-printer").symlink_to("../../ttyUSB1")
    (tmp_path / "yimen-codes").symlink_to("ttyACM0")
    taken = (str(by_id / "usb-printer"), str(tmp_path / "yimen-codes"), "/dev/none")
    assert serial_ports(taken, tmp_path) == [str(by_id / "usb-reader"), str(tmp_path / "ttyS0")]
    assert len(serial_ports(dev=tmp_path)) == 4


def test_a_thread_that_died_is_replaced_and_its_reader_found_again(
    samv: SamvPty, watching: Watching, end_thread: EndThread
) -> None:
    watched = watching(SamvReader(samv.port))
    watched.expect(ReaderState("id_card", True))
    end_thread("card-watch-id_card")
    begin = time.monotonic()
    watched.expect(ReaderState("id_card", False), ReaderState("id_card", True))
    assert watched.came_at - begin < BACK_WITHIN_SECONDS
    samv.insert(sample_card("zhang_wei"))
    watched.expect(CardSeen("id_card"), CardRead("id_card", document_of("zhang_wei")))


def test_a_thread_that_died_while_a_card_was_read_still_answers_for_it(
    samv: SamvPty, watching: Watching, end_thread: EndThread
) -> None:
    watched = watching(SamvReader(samv.port))
    samv.inject(WireFault.STALLED, on=READ_BASE)
    samv.insert(sample_card("zhang_wei"))
    watched.expect(ReaderState("id_card", True), CardSeen("id_card"))
    end_thread("card-watch-id_card")
    watched.expect(
        CardFault("id_card", "card.unreadable"),
        CardGone("id_card"),
        ReaderState("id_card", False),
        ReaderState("id_card", True),
        CardSeen("id_card"),
        CardRead("id_card", document_of("zhang_wei")),
    )


def test_a_thread_that_died_with_a_smart_card_being_read_leaves_the_card_free_for_the_next(
    slot: SmartcardSlot, watching: Watching, end_thread: EndThread
) -> None:
    watched = watching(SocialSecurityReader(slot.reader))
    slot.apdus.clear()
    slot.inject(WireFault.STALLED, after=3)
    slot.insert(sample_card("wang_social"))
    watched.expect(ReaderState("smartcard", True), CardSeen("smartcard"))
    # Not sooner: CPython 3.11 would end the reading thread instead while it is being started.
    limit = time.monotonic() + LIMIT
    while len(slot.apdus) < 4 and time.monotonic() < limit:
        time.sleep(0.01)
    end_thread("card-watch-smartcard")
    slot.heal()
    events = [watched.next() for _ in range(5)]
    assert events[:4] == [
        CardFault("smartcard", "card.unreadable"),
        CardGone("smartcard"),
        ReaderState("smartcard", False),
        ReaderState("smartcard", True),
    ]
    slot.remove()
    while watched.next() != CardGone("smartcard"):
        pass
    slot.insert(sample_card("long_social"))
    watched.expect(CardSeen("smartcard"), CardRead("smartcard", document_of("long_social")))


def test_a_stopped_watch_revives_nobody(samv: SamvPty, watching: Watching) -> None:
    watched = watching(SamvReader(samv.port))
    watched.expect(ReaderState("id_card", True))
    watched.watch.stop()
    assert not [t.name for t in threading.enumerate() if t.name.startswith("card-watch")]
